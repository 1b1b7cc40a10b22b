import { expect, test } from 'vitest';
import { lab } from '../../test/vcenter.js';
import { properties, propertiesBehind, retrieve } from './property-collector.js';
import type { Ref, Row } from './types.js';

const paths = [
  'name',
  'runtime.powerState',
  'config.hardware.memoryMB',
  'config.template',
  'network',
  'config.hardware.device',
  'snapshot',
];

async function all(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

test.each(['vcenter', 'go'] as const)(
  'values have the types of the schema in the %s dialect',
  async (dialect) => {
    await using there = await lab({ dialect, seed: 'small' });
    const rows = await all(retrieve(there.vim, { type: 'VirtualMachine', paths }));
    const row = rows.find(({ props }) => props['name'] === 'db-01');
    expect(row?.props).toMatchObject({
      name: 'db-01',
      'runtime.powerState': 'poweredOn',
      'config.hardware.memoryMB': 8192,
      'config.template': false,
      network: [{ type: 'Network', value: expect.any(String) }],
      'config.hardware.device': expect.arrayContaining([
        expect.objectContaining({ $type: 'VirtualDisk', key: expect.any(Number) }),
      ]),
      snapshot: {
        rootSnapshotList: [
          {
            name: 'before upgrade',
            snapshot: { type: 'VirtualMachineSnapshot', value: expect.any(String) },
            createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            childSnapshotList: [{ name: 'after upgrade' }],
          },
        ],
      },
    });
    const other = rows.find(({ props }) => props['name'] === 'batch-01');
    expect(other?.props).not.toHaveProperty('snapshot');
    expect(other?.missing).toEqual({});
  },
);

test('follows pages to the end, asked for or not, and leaves no view behind', async () => {
  await using there = await lab({ seed: { vms: 25 }, pageSize: 10 });
  const rows = await all(retrieve(there.vim, { type: 'VirtualMachine', paths: ['name'] }));
  expect(new Set(rows.map(({ props }) => props['name'])).size).toBe(25);
  expect(there.count('ContinueRetrievePropertiesEx')).toBe(2);
  const four = await all(
    retrieve(there.vim, { type: 'VirtualMachine', paths: ['name'], pageSize: 7 }),
  );
  expect(four).toHaveLength(25);
  expect(there.count('ContinueRetrievePropertiesEx')).toBe(5);
  expect(there.count('DestroyView')).toBe(there.count('CreateContainerView'));
});

test('a caller that has enough stops the walk on the server too', async () => {
  await using there = await lab({ seed: { vms: 25 } });
  for await (const { ref } of retrieve(there.vim, {
    type: 'VirtualMachine',
    paths: ['name'],
    pageSize: 5,
  })) {
    expect(ref.type).toBe('VirtualMachine');
    break;
  }
  // One page ahead, and no further.
  expect(there.count('ContinueRetrievePropertiesEx')).toBe(1);
  expect(there.count('CancelRetrievePropertiesEx')).toBe(1);
  expect(there.count('DestroyView')).toBe(1);
});

test('a page that fails after others came is said, and what came is not taken for all', async () => {
  await using there = await lab({ seed: { vms: 25 }, pageSize: 10 });
  there.fail('ContinueRetrievePropertiesEx', { fault: 'InvalidState' });
  const seen: string[] = [];
  const walk = async () => {
    for await (const { ref } of retrieve(there.vim, { type: 'VirtualMachine', paths: ['name'] }))
      seen.push(ref.value);
  };
  await expect(walk()).rejects.toMatchObject({ code: 'INVALID_STATE' });
  expect(seen).toHaveLength(10);
  expect(there.count('DestroyView')).toBe(1);
});

test('an object that is gone is NOT_FOUND', async () => {
  await using there = await lab();
  const ref = { type: 'VirtualMachine', value: 'vm-99999' };
  await expect(properties(there.vim, ref, ['name'])).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { fault: 'ManagedObjectNotFound', object: 'VirtualMachine:vm-99999' },
  });
});

test('a property vCenter does not know is refused', async () => {
  await using there = await lab();
  const walk = all(retrieve(there.vim, { type: 'VirtualMachine', paths: ['nome'] }));
  await expect(walk).rejects.toMatchObject({ details: { fault: 'InvalidProperty' } });
  expect(there.count('DestroyView')).toBe(1);
});

test('reads what a property refers to in one request, and nothing when it refers to nothing', async () => {
  await using vc = await lab();
  const { taskManager } = await vc.vim.content();
  const recent = () => propertiesBehind(vc.vim, taskManager, 'recentTask', 'Task', ['info.key']);
  expect(await recent()).toEqual([]);
  const [vm] = vc.vcenter.inventory.all('vm').filter(({ power }) => power === 'poweredOff');
  const task = await vc.vim.call<Ref>('PowerOnVM_Task', {
    type: 'VirtualMachine',
    value: vm?.id ?? '',
  });
  const before = vc.count('RetrievePropertiesEx');
  expect(await recent()).toMatchObject([{ ref: task, props: { 'info.key': task.value } }]);
  expect(vc.count('RetrievePropertiesEx')).toBe(before + 1);
});
