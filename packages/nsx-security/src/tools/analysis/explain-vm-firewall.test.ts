import { expect, test } from 'vitest';
import { hidden, read } from '../../../test/answer.js';
import { folder } from '../../../test/files.js';
import { lab, labOn } from '../../../test/lab.js';
import { snapshotDfw } from '../snapshot/snapshot-dfw.js';
import { explainVmFirewall } from './explain-vm-firewall.js';

test('lists every rule that applies to a VM, in evaluation order, with the reasons', async () => {
  await using nsx = await lab();
  const answer = await read(nsx, explainVmFirewall, { vm: 'web-01' });
  expect(answer).toMatchObject({
    vm: 'web-01',
    addresses: ['10.10.1.11'],
    firewall_on: 'yes',
    excluded: 'no',
    protected: 'yes',
    notes: [],
  });
  expect(answer.groups).toContain('/infra/domains/default/groups/web-servers');
  const names = answer.rules.map(({ rule }) => rule);
  expect(names.indexOf('web-in')).toBeLessThan(names.indexOf('web-to-app'));
  expect(names.indexOf('web-to-app')).toBeLessThan(names.indexOf('deny-shop'));
  expect(names).not.toContain('app-to-db');
  expect(answer.rules.find(({ rule }) => rule === 'web-in')).toMatchObject({
    sides: ['out', 'in'],
    why: expect.arrayContaining([
      'destination: /infra/domains/default/groups/web-servers',
      'applied to: /infra/domains/default/groups/web-servers',
    ]),
  });
  expect(answer.rules.find(({ rule }) => rule === 'old-ftp')).toMatchObject({ disabled: true });
});

test('an excluded VM is not protected, whatever rules there are', async () => {
  await using nsx = await lab();
  expect(await read(nsx, explainVmFirewall, { vm: 'appliance-01' })).toMatchObject({
    excluded: 'yes',
    protected: 'no',
  });
});

test('an exclude list that cannot be read is not "not excluded"', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/settings/firewall/security/exclude-list?system_owned=true',
    },
    times: Number.POSITIVE_INFINITY,
    then: { status: 403 },
  });
  expect(await read(nsx, explainVmFirewall, { vm: 'web-01' })).toMatchObject({
    excluded: 'maybe',
    protected: 'maybe',
  });
});

test('a firewall that is off protects nobody', async () => {
  await using nsx = await lab();
  const path = '/infra/settings/firewall/security';
  const configuration = nsx.sim.world.objects.get(path);
  if (configuration) nsx.sim.world.objects.set({ ...configuration, enable_firewall: false });
  expect(await read(nsx, explainVmFirewall, { vm: 'web-01' })).toMatchObject({
    firewall_on: 'no',
    protected: 'no',
  });
});

test('reads a snapshot with no manager there', async () => {
  await using nsx = await lab();
  using files = folder();
  const { file } = await read(nsx, snapshotDfw, { file: files.path('a') });
  await using nowhere = labOn({ ...nsx.sim, port: 1 });
  const live = await read(nsx, explainVmFirewall, { vm: 'web-01' });
  expect(await read(nowhere, explainVmFirewall, { vm: 'web-01', snapshot: file })).toEqual(live);
});

test('two VMs of one name are told apart by id, and one that is not there is said', async () => {
  await using nsx = await lab();
  expect(await nsx.call(explainVmFirewall, { vm: 'db-01' })).toMatchObject({ code: 'AMBIGUOUS' });
  expect(await nsx.call(explainVmFirewall, { vm: 'nobody' })).toMatchObject({ code: 'NOT_FOUND' });
  const answer = await read(nsx, explainVmFirewall, { vm: 'web-01' });
  expect(JSON.stringify(answer)).not.toMatch(hidden);
});
