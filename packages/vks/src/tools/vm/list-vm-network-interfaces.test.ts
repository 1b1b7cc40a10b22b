import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listVmNetworkInterfaces } from './list-vm-network-interfaces.js';

const bastion = { vm_name: 'bastion', namespace: 'dev' };

test('interfaces are told with their networks and addresses', async () => {
  await using at = await lab();
  expect(await read(at, listVmNetworkInterfaces, bastion)).toMatchObject({
    vm_name: 'bastion',
    items: [
      {
        name: 'eth0',
        network_name: expect.stringMatching(/\w/),
        network_kind: expect.stringMatching(/\w/),
        network_api_version: expect.stringContaining('/'),
        ip_addresses: ['10.244.9.10/24'],
      },
    ],
  });
});

test('an older VM Service tells them too', async () => {
  await using at = await lab({ serve: { 'vmoperator.vmware.com': ['v1alpha1'] } });
  const { served_version } = await read(at, listVmNetworkInterfaces, bastion);
  expect(served_version).toBe('v1alpha1');
});

test('a machine that is not there is answered with the nearest', async () => {
  await using at = await lab();
  expect(
    await problemOf(at, listVmNetworkInterfaces, { vm_name: 'bastoin', namespace: 'dev' }),
  ).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('near it: bastion') });
});
