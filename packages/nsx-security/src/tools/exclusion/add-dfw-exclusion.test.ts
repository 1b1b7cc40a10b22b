import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectIdsChecked,
  expectNothingLost,
  expectRole,
  expectStopped,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { listVmTags } from '../tag/list-vm-tags.js';
import { addDfwExclusion } from './add-dfw-exclusion.js';

const list = '/infra/settings/firewall/security/exclude-list';
const group = (id: string): string => `/infra/domains/default/groups/${id}`;
const input = { group_id: 'web-servers' };

test('puts a group on the list beside those that are on it, and its VMs are excluded', async () => {
  await using nsx = await lab();
  expect(await change(nsx, addDfwExclusion, input)).toEqual({
    group_id: 'web-servers',
    display_name: 'web-servers',
    dfw_excluded: true,
    changed: true,
  });
  expect(objectAt(nsx, list)['members']).toEqual([
    group('excluded-appliances'),
    group('web-servers'),
  ]);
  expect(await read(nsx, listVmTags, { vm_display_name: 'web-01' })).toMatchObject({
    dfw_excluded: true,
  });
});

test('the preview says for how many VMs no rule is enforced any more', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, addDfwExclusion, input)).toMatchObject({
    summary: 'Exclude the group web-servers from the distributed firewall',
    changes: ['no rule is enforced for 6 VMs any more, whatever other groups they are in'],
    blast_radius: { total: 6, reversible: true },
    blockers: [],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('an unknown number of VMs refuses it', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: 'GET /policy/api/v1/infra/domains/{}/groups/{}/members/virtual-machines' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 403 },
  });
  const { message } = await expectStopped(nsx, addDfwExclusion, input, 'UNMEASURED');
  expect(message).toContain('how many VMs are in web-servers');
});

test('a group that is on the list already is not sent again', async () => {
  await using nsx = await lab();
  expect(await change(nsx, addDfwExclusion, { group_id: 'excluded-appliances' })).toMatchObject({
    dfw_excluded: true,
    changed: false,
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a group that is not there is refused, and so is an id that leads elsewhere', async () => {
  await using nsx = await lab();
  await expectStopped(nsx, addDfwExclusion, { group_id: 'web' }, 'NOT_FOUND');
  await expectIdsChecked(addDfwExclusion, input, 'group_id');
});

test('what somebody else puts on the list in between is not lost', () =>
  expectNothingLost(
    addDfwExclusion,
    input,
    'PUT /policy/api/v1/infra/settings/firewall/security/exclude-list',
    list,
    { members: [group('excluded-appliances'), group('quarantine')] },
  ));

test('the role security_engineer is needed', () => expectRole(addDfwExclusion, input));
