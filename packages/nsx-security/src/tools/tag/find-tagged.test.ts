import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped } from '../../../test/refusals.js';
import { applyVmTag } from './apply-vm-tag.js';
import { findTagged } from './find-tagged.js';

const namesOf = ({ items }: { items: { display_name: string | null }[] }) =>
  items.map(({ display_name }) => display_name);

test('finds every VM that carries a tag', async () => {
  await using nsx = await lab();
  const found = await read(nsx, findTagged, { tag_value: 'db', tag_scope: 'tier' });
  expect(namesOf(found)).toEqual(['db-01', 'db-02']);
  expect(found).toMatchObject({ total: 2, returned: 2, truncated: false });
  for (const { type, id } of found.items)
    expect([type, id]).toEqual(['VirtualMachine', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test('a scope that is not given is any scope', async () => {
  await using nsx = await lab();
  await change(nsx, applyVmTag, { vm_id: 'scratch-01', tag_scope: 'note', tag_value: 'db' });
  expect(namesOf(await read(nsx, findTagged, { tag_value: 'db' }))).toEqual([
    'db-01',
    'db-02',
    'scratch-01',
  ]);
  expect(namesOf(await read(nsx, findTagged, { tag_value: 'db', tag_scope: 'note' }))).toEqual([
    'scratch-01',
  ]);
});

test('a tag that nothing carries finds nothing', async () => {
  await using nsx = await lab();
  expect(await read(nsx, findTagged, { tag_value: 'nothing' })).toMatchObject({
    items: [],
    total: 0,
  });
});

test('comes in pages that leave nothing out', async () => {
  await using nsx = await lab();
  const input = { tag_value: 'shop', tag_scope: 'app' };
  const all = namesOf(await read(nsx, findTagged, input));
  const first = await read(nsx, findTagged, { ...input, limit: 5 });
  const rest = await read(nsx, findTagged, { ...input, cursor: first.next_cursor ?? '' });
  expect([...namesOf(first), ...namesOf(rest)]).toEqual(all);
  expect(all).toHaveLength(12);
});

test('a bar and an unknown scope of NSX are refused', async () => {
  await using nsx = await lab();
  await expectStopped(nsx, findTagged, { tag_value: 'a|b' }, 'INVALID_INPUT');
  await expectStopped(nsx, findTagged, { tag_value: 'a', nsx_scope: 'projekt:x' }, 'INVALID_INPUT');
});

test('the role auditor is enough', () => expectRole(findTagged, { tag_value: 'web' }));
