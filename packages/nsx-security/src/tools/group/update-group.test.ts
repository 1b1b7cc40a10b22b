import { expect, test } from 'vitest';
import { change } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectNothingLost,
  expectRole,
  expectStopped,
  mallory,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { updateGroup } from './update-group.js';

const groups = '/infra/domains/default/groups';
const corporate = `${groups}/corporate`;
const input = { group_id: 'corporate', add_ip_addresses: ['10.99.0.0/16'] };
const route = 'PUT /policy/api/v1/infra/domains/{}/groups/{}';

/** What the expression of a group names, kind by kind. */
const named = (nsx: Parameters<typeof objectAt>[0], path: string) =>
  (objectAt(nsx, path)['expression'] as readonly Readonly<Record<string, unknown>>[]).map(
    ({ ip_addresses, paths, value, conjunction_operator }) =>
      ip_addresses ?? paths ?? value ?? conjunction_operator,
  );

test('adds and removes addresses; everything else of the group stays', async () => {
  await using nsx = await lab();
  mallory(nsx, corporate, { description: 'Offices', tags: [{ scope: 'owner', tag: 'net' }] });
  const before = objectAt(nsx, corporate);
  expect(
    await change(nsx, updateGroup, { ...input, remove_ip_addresses: ['192.168.0.0/16'] }),
  ).toEqual({
    id: 'corporate',
    display_name: 'corporate',
    path: corporate,
    member_count: 0,
    _revision: 2,
  });
  expect(named(nsx, corporate)).toEqual([
    ['172.16.5.10-172.16.5.20', '2001:db8:100::/48', '10.99.0.0/16'],
  ]);
  const after = objectAt(nsx, corporate);
  const changed = Object.keys(after).filter(
    (field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]),
  );
  expect(changed.sort()).toEqual([
    '_last_modified_time',
    '_last_modified_user',
    '_revision',
    'expression',
  ]);
});

test('is one PUT with the revision that was read', async () => {
  await using nsx = await lab();
  await change(nsx, updateGroup, { group_id: 'corporate', display_name: 'Offices' });
  const [sent = '', ...more] = changesAt(nsx.sim);
  expect(more).toEqual([]);
  expect(sent.startsWith(`PUT /policy/api/v1${corporate} {`)).toBe(true);
  expect(JSON.parse(sent.slice(sent.indexOf('{')))).toMatchObject({
    display_name: 'Offices',
    _revision: 0,
    expression: [
      { ip_addresses: ['192.168.0.0/16', '172.16.5.10-172.16.5.20', '2001:db8:100::/48'] },
    ],
  });
});

test('a kind of member it did not have is joined by OR', async () => {
  await using nsx = await lab();
  const { member_count } = await change(nsx, updateGroup, {
    group_id: 'corporate',
    add_groups: ['db-servers', `${groups}/jump-hosts`],
  });
  expect(member_count).toBe(3);
  expect(named(nsx, corporate).slice(1)).toEqual([
    'OR',
    [`${groups}/db-servers`, `${groups}/jump-hosts`],
  ]);
});

test('removes nested groups, and the element with the last of them', async () => {
  await using nsx = await lab();
  await change(nsx, updateGroup, { group_id: 'shop', remove_groups: ['web-servers'] });
  expect(named(nsx, `${groups}/shop`)).toEqual([[`${groups}/app-servers`, `${groups}/db-servers`]]);
  await change(nsx, updateGroup, {
    group_id: 'shop',
    remove_groups: ['app-servers', 'db-servers'],
    add_ip_addresses: ['10.0.0.1'],
  });
  expect(named(nsx, `${groups}/shop`)).toEqual([['10.0.0.1']]);
});

test('the preview shows what would change', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, updateGroup, { ...input, display_name: 'Offices' });
  expect(plan).toMatchObject({
    summary: 'Update the group corporate (corporate)',
    changes: ['display_name: "corporate" → "Offices"', 'add ip addresses: 10.99.0.0/16'],
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});

test('what is in it already is not sent, however NSX has numbered the parts', async () => {
  await using nsx = await lab();
  await change(nsx, updateGroup, { ...input, add_groups: ['jump-hosts'] });
  const sent = changesAt(nsx.sim).length;
  const again = { ...input, add_groups: ['jump-hosts'], display_name: 'corporate' };
  expect(await planOf(nsx, updateGroup, again)).toMatchObject({
    changes: ['nothing: it is like that already'],
    requests: [],
  });
  await change(nsx, updateGroup, again);
  expect(changesAt(nsx.sim)).toHaveLength(sent);
});

test('what is not in it cannot be removed, and what is no address not added', async () => {
  await using nsx = await lab();
  const none = { group_id: 'corporate', remove_ip_addresses: ['10.0.0.1'] };
  const { message } = await expectStopped(nsx, updateGroup, none, 'NOT_FOUND');
  expect(message).toBe('The group does not name "10.0.0.1" itself.');
  const group = { group_id: 'corporate', remove_groups: ['shop'] };
  await expectStopped(nsx, updateGroup, group, 'NOT_FOUND');
  await expectStopped(nsx, updateGroup, { ...input, add_ip_addresses: ['x'] }, 'INVALID_INPUT');
  await expectStopped(nsx, updateGroup, { ...input, add_groups: ['none'] }, 'NOT_FOUND');
  await expectStopped(nsx, updateGroup, { ...input, group_id: 'none' }, 'NOT_FOUND');
  await expectStopped(nsx, updateGroup, { group_id: 'corporate' }, 'INVALID_INPUT');
  await expectStopped(nsx, updateGroup, { ...input, add_ip_addresses: [] }, 'INVALID_INPUT');
});

test('an AND at the top is not touched: a member would mean something else', async () => {
  await using nsx = await lab();
  const condition = (value: string) => ({
    resource_type: 'Condition',
    member_type: 'VirtualMachine',
    key: 'Name',
    operator: 'STARTSWITH',
    value,
  });
  const and = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };
  mallory(nsx, corporate, { expression: [condition('w'), and, condition('we')] });
  await expectStopped(nsx, updateGroup, input, 'BLOCKED');
  await change(nsx, updateGroup, { group_id: 'corporate', display_name: 'Still renamed' });
  expect(named(nsx, corporate)).toEqual(['w', 'AND', 'we']);
});

test('a group of the system, and a group inside itself, are refused', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    updateGroup,
    { ...input, group_id: 'edge-nodes' },
    'edge-nodes belongs to the system.',
  );
  await expectBlocked(
    nsx,
    updateGroup,
    { group_id: 'shop', add_groups: ['shop'] },
    'shop cannot be a member of itself.',
  );
});

test('somebody changed it after the preview: it is shown again, and nothing of theirs is lost', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(updateGroup, input);
  mallory(nsx, corporate, {
    expression: [{ resource_type: 'IPAddressExpression', ip_addresses: ['198.51.100.1'] }],
  });
  const again = await nsx.agree(updateGroup, input, preview);
  expect(again).toMatchObject({ status: 'preview' });
  expect(changesAt(nsx.sim)).toEqual([]);
  await nsx.agree(updateGroup, input, again);
  expect(named(nsx, corporate)).toEqual([['198.51.100.1', '10.99.0.0/16']]);
});

test('somebody changes it while ours is on its way: CONFLICT naming them, theirs stays', () =>
  expectNothingLost(updateGroup, input, route, corporate, { description: 'theirs' }));

test.each(['a b', 'a%20b'])('the id %s is changed, and no other', async (id) => {
  await using nsx = await lab({
    estate: ['a b', 'a%20b'].map((each) => ({
      path: `${groups}/${each}`,
      resource_type: 'Group',
    })),
  });
  await change(nsx, updateGroup, { group_id: id, description: 'this one' });
  expect(objectAt(nsx, `${groups}/${id}`)['description']).toBe('this one');
  const other = id === 'a b' ? 'a%20b' : 'a b';
  expect(objectAt(nsx, `${groups}/${other}`)['description']).toBeUndefined();
});

test.each([
  ['project:shop-project', 'partners'],
  ['vpc:shop-project/shop-vpc', 'backends'],
])('changes a group of %s', async (nsx_scope, group_id) => {
  await using nsx = await lab();
  const { path } = await change(nsx, updateGroup, { ...input, group_id, nsx_scope });
  expect(named(nsx, path)[0]).toContain('10.99.0.0/16');
});

test('ids that no path can hold', () => expectIdsChecked(updateGroup, input, 'group_id'));
test('needs its role and no more', () => expectRole(updateGroup, input));
