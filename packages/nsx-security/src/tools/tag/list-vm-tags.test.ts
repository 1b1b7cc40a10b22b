import { expect, test } from 'vitest';
import { change, hidden, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped } from '../../../test/refusals.js';
import { addDfwExclusion } from '../exclusion/add-dfw-exclusion.js';
import { listVmTags } from './list-vm-tags.js';

test('shows the tags of a VM, its external id and that it is under the firewall', async () => {
  await using nsx = await lab();
  const vm = nsx.sim.world.fabric.vms().find(({ display_name }) => display_name === 'web-01');
  expect(await read(nsx, listVmTags, { vm_display_name: 'web-01' })).toEqual({
    vm_id: vm?.external_id,
    display_name: 'web-01',
    power_state: 'VM_RUNNING',
    tags: [
      { scope: 'app', tag: 'shop' },
      { scope: 'tier', tag: 'web' },
    ],
    dfw_excluded: false,
  });
  const byId = await read(nsx, listVmTags, { vm_display_name: vm?.external_id ?? '' });
  expect(byId.display_name).toBe('web-01');
});

test('a VM without tags has none, and one on the exclude list is said to be excluded', async () => {
  await using nsx = await lab();
  expect(await read(nsx, listVmTags, { vm_display_name: 'appliance-01' })).toMatchObject({
    tags: [],
    dfw_excluded: true,
  });
  await change(nsx, addDfwExclusion, { group_id: 'web-servers' });
  expect(await read(nsx, listVmTags, { vm_display_name: 'web-02' })).toMatchObject({
    dfw_excluded: true,
  });
});

test('whether it is excluded is unknown, not false, when the exclude list cannot be read', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/settings/firewall/security/exclude-list?system_owned=true',
    },
    then: { status: 403 },
  });
  expect(await read(nsx, listVmTags, { vm_display_name: 'web-01' })).toMatchObject({
    dfw_excluded: null,
  });
});

test('a name that several VMs have is refused with their ids, and none is guessed', async () => {
  await using nsx = await lab();
  const twins = await expectStopped(nsx, listVmTags, { vm_display_name: 'db-01' }, 'AMBIGUOUS');
  const ids = nsx.sim.world.fabric
    .vms()
    .flatMap(({ display_name, external_id }) => (display_name === 'db-01' ? [external_id] : []));
  const { candidates } = twins.details as { candidates: { external_id: string }[] };
  expect(candidates.map(({ external_id }) => external_id).sort()).toEqual(ids.sort());
  await expectStopped(nsx, listVmTags, { vm_display_name: 'WEB-01' }, 'NOT_FOUND');
});

test('what a name hides is not handed on', async () => {
  await using nsx = await lab();
  for (const { display_name } of nsx.sim.world.fabric.vms()) {
    const outcome = await nsx.call(listVmTags, { vm_display_name: display_name });
    expect(JSON.stringify(outcome)).not.toMatch(hidden);
  }
});

test('the role auditor is enough', () => expectRole(listVmTags, { vm_display_name: 'web-01' }));
