import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { expectRole, expectStopped, planOf } from '../../../test/refusals.js';
import { getGroup } from '../group/get-group.js';
import { applyVmTag } from './apply-vm-tag.js';
import { listVmTags } from './list-vm-tags.js';

const input = { vm_id: 'scratch-01', tag_scope: 'tier', tag_value: 'web' };

const tagsOf = async (nsx: Awaited<ReturnType<typeof lab>>, vm_display_name: string) =>
  (await read(nsx, listVmTags, { vm_display_name })).tags;

test('adds one tag, leaves the others, and the group by that tag follows', async () => {
  await using nsx = await lab();
  const before = (await read(nsx, getGroup, { group_id: 'web-servers' })).member_count ?? 0;
  expect(await change(nsx, applyVmTag, { ...input, vm_id: 'app-01' })).toMatchObject({
    status: 'applied',
    display_name: 'app-01',
    scope: 'tier',
    tag: 'web',
  });
  expect(await tagsOf(nsx, 'app-01')).toEqual(
    expect.arrayContaining([
      { scope: 'app', tag: 'shop' },
      { scope: 'tier', tag: 'app' },
      { scope: 'tier', tag: 'web' },
    ]),
  );
  const after = await read(nsx, getGroup, { group_id: 'web-servers' });
  expect(after.member_count).toBe(before + 1);
});

test('the preview names VM and tag, and its one request holds only that tag', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, applyVmTag, input);
  expect(plan.summary).toMatch(/^Tag scratch-01 \([0-9a-f-]{36}\) with tier\|web$/);
  expect(plan.requests).toEqual([
    expect.stringMatching(
      /^POST \/api\/v1\/fabric\/virtual-machines\?action=add_tags \{"external_id":"[0-9a-f-]{36}","tags":\[\{"scope":"tier","tag":"web"\}\]\}$/,
    ),
  ]);
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a tag that is there already is not sent again', async () => {
  await using nsx = await lab();
  expect(await change(nsx, applyVmTag, { ...input, vm_id: 'web-01' })).toMatchObject({
    status: 'unchanged',
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('a tag without a scope is one', async () => {
  await using nsx = await lab();
  await change(nsx, applyVmTag, { vm_id: 'scratch-01', tag_scope: '', tag_value: 'plain' });
  expect(await tagsOf(nsx, 'scratch-01')).toEqual([{ scope: '', tag: 'plain' }]);
});

test.each([
  [{ tag_scope: 'a|b' }, 'tag_scope'],
  [{ tag_value: 'a|b' }, 'tag_value'],
  [{ tag_value: '' }, 'tag_value'],
  [{ tag_value: 'x'.repeat(257) }, 'tag_value'],
  [{ tag_scope: 'x'.repeat(129) }, 'tag_scope'],
])('%o is refused before anything is asked', async (wrong, field) => {
  await using nsx = await lab();
  const said = await expectStopped(nsx, applyVmTag, { ...input, ...wrong }, 'INVALID_INPUT');
  expect(said.message).toContain(field);
  expect(nsx.sim.requests).toEqual([]);
});

test('a VM that nobody knows, and a name that two have, are refused', async () => {
  await using nsx = await lab();
  await expectStopped(nsx, applyVmTag, { ...input, vm_id: 'nobody' }, 'NOT_FOUND');
  await expectStopped(nsx, applyVmTag, { ...input, vm_id: 'db-01' }, 'AMBIGUOUS');
});

test('a tag that somebody else adds in between stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(applyVmTag, input);
  const { vm_id } = await read(nsx, listVmTags, { vm_display_name: 'scratch-01' });
  nsx.sim.world.fabric.setTags(vm_id, [{ scope: 'owner', tag: 'mallory' }]);
  expect(await nsx.agree(applyVmTag, input, preview)).toMatchObject({ status: 'done' });
  expect(await tagsOf(nsx, 'scratch-01')).toEqual([
    { scope: 'owner', tag: 'mallory' },
    { scope: 'tier', tag: 'web' },
  ]);
});

test('the role security_engineer is needed', () => expectRole(applyVmTag, input));
