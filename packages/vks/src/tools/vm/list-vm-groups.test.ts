import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listVmGroups } from './list-vm-groups.js';

test('groups are told with their machines, in the order in which they start', async () => {
  await using at = await lab();
  const { items } = await read(at, listVmGroups, { namespace: 'dev' });
  expect(items).toMatchObject([
    {
      name: 'jump-hosts',
      namespace: 'dev',
      boot_order: [{ members: [{ kind: 'VirtualMachine', name: 'bastion' }] }],
      member_count: 1,
    },
  ]);
});

test('groups need a newer VM Service than machines', async () => {
  await using at = await lab({ serve: { 'vmoperator.vmware.com': ['v1alpha2', 'v1alpha1'] } });
  expect(await problemOf(at, listVmGroups, { namespace: 'dev' })).toMatchObject({
    code: 'API_NOT_SERVED',
  });
});
