import { simulate } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { read, requestsOf } from '../../../test/answer.js';
import { lab, labOn } from '../../../test/lab.js';
import { getVcenterInfo } from './get-vcenter-info.js';

test('tells product, version and who is logged in', async () => {
  await using vc = await lab();
  expect(await read(vc, getVcenterInfo, {})).toEqual({
    name: 'VMware vCenter Server',
    full_name: expect.stringContaining('VMware vCenter Server 8.0.3 build-'),
    vendor: 'VMware, Inc.',
    version: '8.0.3',
    build: expect.stringMatching(/^\d+$/),
    os_type: 'linux-x64',
    api_type: 'VirtualCenter',
    api_version: '8.0.3.0',
    instance_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    user: 'administrator@vsphere.local',
  });
});

test('asks once for what does not change', async () => {
  await using vc = await lab();
  const first = await requestsOf(vc.sim, () => read(vc, getVcenterInfo, {}));
  expect(first).toEqual(['RetrieveServiceContent', 'Login']);
  expect(await requestsOf(vc.sim, () => read(vc, getVcenterInfo, {}))).toEqual([]);
});

test('says nothing to somebody whose login is refused', async () => {
  await using sim = await simulate();
  await using vc = labOn({ ...sim, credentials: { ...sim.credentials, password: 'wrong' } });
  expect(await vc.call(getVcenterInfo, {})).toMatchObject({
    status: 'failed',
    code: 'AUTH_FAILED',
  });
});
