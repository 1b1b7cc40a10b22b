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
import { removeDfwExclusion } from './remove-dfw-exclusion.js';

const list = '/infra/settings/firewall/security/exclude-list';
const group = (id: string): string => `/infra/domains/default/groups/${id}`;
const input = { group_id: 'excluded-appliances' };

test('takes one group off the list, and its VMs are under the firewall again', async () => {
  await using nsx = await lab();
  await change(nsx, addDfwExclusion, { group_id: 'quarantine' });
  expect(await change(nsx, removeDfwExclusion, input)).toEqual({
    group_id: 'excluded-appliances',
    display_name: 'excluded-appliances',
    dfw_excluded: false,
    changed: true,
  });
  expect(objectAt(nsx, list)['members']).toEqual([group('quarantine')]);
  expect(await read(nsx, listVmTags, { vm_display_name: 'appliance-01' })).toMatchObject({
    dfw_excluded: false,
  });
});

test('the preview says that rules are enforced from then on', async () => {
  await using nsx = await lab();
  expect(await planOf(nsx, removeDfwExclusion, input)).toMatchObject({
    summary: 'Put the group excluded-appliances back under the distributed firewall',
    changes: [expect.stringMatching(/^rules are enforced for 1 VMs from then on/)],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a group that is not on the list is not sent, and one that is not there is refused', async () => {
  await using nsx = await lab();
  expect(await change(nsx, removeDfwExclusion, { group_id: 'shop' })).toMatchObject({
    changed: false,
  });
  expect(changesAt(nsx.sim)).toEqual([]);
  await expectStopped(nsx, removeDfwExclusion, { group_id: 'nobody' }, 'NOT_FOUND');
  await expectIdsChecked(removeDfwExclusion, input, 'group_id');
});

test('what somebody else puts on the list in between is not lost', () =>
  expectNothingLost(
    removeDfwExclusion,
    input,
    'PUT /policy/api/v1/infra/settings/firewall/security/exclude-list',
    list,
    { members: [group('excluded-appliances'), group('quarantine')] },
  ));

test('the role security_engineer is needed', () => expectRole(removeDfwExclusion, input));
