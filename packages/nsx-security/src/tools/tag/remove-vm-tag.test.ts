import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { expectRole, expectStopped, planOf } from '../../../test/refusals.js';
import { getGroup } from '../group/get-group.js';
import { listVmTags } from './list-vm-tags.js';
import { removeVmTag } from './remove-vm-tag.js';

const input = { vm_id: 'web-01', tag_scope: 'tier', tag_value: 'web' };

test('removes one tag, leaves the others, and the VM leaves the group by that tag', async () => {
  await using nsx = await lab();
  const before = (await read(nsx, getGroup, { group_id: 'web-servers' })).member_count ?? 0;
  expect(await change(nsx, removeVmTag, input)).toMatchObject({ status: 'removed' });
  expect((await read(nsx, listVmTags, { vm_display_name: 'web-01' })).tags).toEqual([
    { scope: 'app', tag: 'shop' },
  ]);
  const after = await read(nsx, getGroup, { group_id: 'web-servers' });
  expect(after.member_count).toBe(before - 1);
});

test('it destroys: without confirmed=true it is only shown', async () => {
  await using nsx = await lab();
  expect(await nsx.call(removeVmTag, input, { dryRun: false })).toMatchObject({
    status: 'preview',
  });
  expect(await planOf(nsx, removeVmTag, input)).toMatchObject({
    summary: expect.stringMatching(/^Untag web-01 \(.*\) from tier\|web$/),
    requests: [expect.stringContaining('?action=remove_tags {')],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test.each([
  ['another scope', { tag_scope: 'role' }],
  ['another value', { tag_value: 'we' }],
  ['no scope', { tag_scope: '' }],
])('a tag that differs in %s is not there, and nothing is sent', async (_what, other) => {
  await using nsx = await lab();
  expect(await change(nsx, removeVmTag, { ...input, ...other })).toMatchObject({
    status: 'unchanged',
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a bar, a VM that nobody knows and a name that two have are refused', async () => {
  await using nsx = await lab();
  await expectStopped(nsx, removeVmTag, { ...input, tag_value: 'tier|web' }, 'INVALID_INPUT');
  await expectStopped(nsx, removeVmTag, { ...input, vm_id: 'web-99' }, 'NOT_FOUND');
  await expectStopped(nsx, removeVmTag, { ...input, vm_id: 'db-01' }, 'AMBIGUOUS');
});

test('the role security_engineer is needed', () => expectRole(removeVmTag, input));
