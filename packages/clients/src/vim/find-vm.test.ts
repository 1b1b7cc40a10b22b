import { expect, test } from 'vitest';
import { lab } from '../../test/vcenter.js';
import { findVm } from './find-vm.js';
import { inventoryPaths } from './inventory-path.js';
import { properties } from './property-collector.js';

test('finds a virtual machine by name, id, path, end of a path and UUID', async () => {
  await using there = await lab();
  const { vim } = there;
  const found = await findVm(vim, 'web-01');
  expect(found.name).toBe('web-01');
  const { props } = await properties(vim, found.ref, ['config.instanceUuid', 'config.uuid']);
  const words = [
    found.ref.value,
    '/Lab/vm/prod/web/web-01',
    'prod/web/web-01',
    'web/web-01',
    String(props['config.instanceUuid']),
    String(props['config.uuid']).toUpperCase(),
  ];
  for (const word of words) expect(await findVm(vim, word)).toEqual(found);
});

test('an unknown name is NOT_FOUND with the near ones', async () => {
  await using there = await lab();
  await expect(findVm(there.vim, 'web-o1')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no virtual machine web-o1',
    remedy: expect.stringContaining('web-01'),
  });
  const failure = await findVm(there.vim, 'web').catch((error: unknown) => error);
  expect(failure).toMatchObject({ details: { nearest: { length: 5 } } });
  await expect(findVm(there.vim, 'vm-99999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(findVm(there.vim, '/Lab/vm/nowhere/web-01')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a name two machines share is AMBIGUOUS and lists both', async () => {
  await using there = await lab();
  const ids = there.vcenter.inventory
    .all('vm')
    .filter(({ name }) => name === 'db-01')
    .map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const failure = await findVm(there.vim, 'db-01').catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'AMBIGUOUS',
    message: expect.stringContaining('/Lab/vm/test/data/db-01'),
    details: {
      candidates: expect.arrayContaining([
        { path: '/Lab/vm/prod/data/db-01', id: expect.stringMatching(/^vm-/) },
      ]),
    },
  });
  for (const id of ids) expect(String(failure)).toContain(id);
  expect((await findVm(there.vim, 'test/data/db-01')).name).toBe('db-01');
});

test('paths of all machines take one request', async () => {
  await using there = await lab();
  const vms = there.vcenter.inventory.all('vm');
  const refs = vms.map(({ id }) => ({ type: 'VirtualMachine', value: id }));
  const paths = await inventoryPaths(there.vim, refs);
  expect(there.count('RetrievePropertiesEx')).toBe(1);
  expect(paths.size).toBe(vms.length);
  for (const vm of vms) expect(paths.get(vm.id)).toContain('/Lab/vm/');
});
