import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listVmSnapshots } from './list-vm-snapshots.js';

test('snapshots are told with the machine each is of', async () => {
  await using at = await lab();
  const { items, served_version } = await read(at, listVmSnapshots, { namespace: 'dev' });
  expect(served_version).toBe('v1alpha5');
  expect(items).toEqual([
    {
      name: 'bastion-before-patch',
      namespace: 'dev',
      vm_name: 'bastion',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      ready: true,
    },
  ]);
});

test('a Supervisor whose VM Service is too old says which version is needed and which are served', async () => {
  await using at = await lab({
    serve: { 'vmoperator.vmware.com': ['v1alpha3', 'v1alpha2', 'v1alpha1'] },
  });
  expect(await problemOf(at, listVmSnapshots, { namespace: 'dev' })).toMatchObject({
    code: 'API_NOT_SERVED',
    message: expect.stringMatching(/v1alpha5.*v1alpha3/s),
  });
});
