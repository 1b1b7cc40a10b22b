import { expect, test } from 'vitest';
import { change, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectBlocked,
  expectIdsChecked,
  expectRole,
  expectStopped,
  objectAt,
  planOf,
} from '../../../test/refusals.js';
import { createGroup } from './create-group.js';
import { getGroup } from './get-group.js';

const groups = '/infra/domains/default/groups';
const input = { group_id: 'fresh', display_name: 'Fresh' };
const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };

test('creates a group of tagged VMs, addresses and segments, joined by OR, with one PUT', async () => {
  await using nsx = await lab();
  expect(
    await change(nsx, createGroup, {
      ...input,
      description: 'All sorts',
      tag_scope: 'tier',
      tag_value: 'web',
      ip_addresses: ['10.1.0.0/16', ' 10.2.0.1-10.2.0.9 ', '2001:db8::1'],
      segment_paths: ['/infra/segments/seg-db'],
    }),
  ).toEqual({
    id: 'fresh',
    display_name: 'Fresh',
    path: `${groups}/fresh`,
    expression_count: 3,
    _revision: 0,
  });
  expect(changesAt(nsx.sim)).toEqual([
    `PUT /policy/api/v1${groups}/fresh ${JSON.stringify({
      resource_type: 'Group',
      display_name: 'Fresh',
      description: 'All sorts',
      expression: [
        {
          resource_type: 'Condition',
          member_type: 'VirtualMachine',
          key: 'Tag',
          operator: 'EQUALS',
          value: 'tier|web',
          scope_operator: 'EQUALS',
        },
        or,
        {
          resource_type: 'IPAddressExpression',
          ip_addresses: ['10.1.0.0/16', '10.2.0.1-10.2.0.9', '2001:db8::1'],
        },
        or,
        { resource_type: 'PathExpression', paths: ['/infra/segments/seg-db'] },
      ],
    })}`,
  ]);
  const { members } = await read(nsx, getGroup, { group_id: 'fresh' });
  const names = members.map(({ display_name }) => display_name);
  expect(names).toContain('web-01');
  expect(names).toContain('db-02');
});

test('the plan says in words who would be in it', async () => {
  await using nsx = await lab();
  const plan = await planOf(nsx, createGroup, {
    ...input,
    tag_value: 'lonely',
    ip_addresses: ['10.1.0.0/16', '10.3.0.1'],
    segment_paths: ['/infra/segments/seg-db'],
  });
  expect(plan).toMatchObject({
    summary: 'Create the group Fresh (fresh)',
    changes: [`create ${groups}/fresh with VMs tagged |lonely, 2 addresses or ranges, 1 segment`],
    blast_radius: { total: 1, reversible: true },
  });
  const empty = await planOf(nsx, createGroup, input);
  expect(empty.changes).toEqual([`create ${groups}/fresh, empty`]);
});

test('a tag without scope matches VMs that carry it without scope', async () => {
  await using nsx = await lab();
  const [vm] = nsx.sim.world.fabric.vms();
  nsx.sim.world.fabric.setTags(vm?.external_id ?? '', [{ scope: '', tag: 'lonely' }]);
  await change(nsx, createGroup, { ...input, tag_value: 'lonely' });
  expect(await read(nsx, getGroup, { group_id: 'fresh' })).toMatchObject({ member_count: 1 });
});

test('an id that exists is refused, and what was there stays', async () => {
  await using nsx = await lab();
  await expectBlocked(
    nsx,
    createGroup,
    { ...input, group_id: 'shop' },
    `${groups}/shop exists already (shop); creating it would overwrite it.`,
  );
});

test('somebody made it after the preview: refused, theirs stays', async () => {
  await using nsx = await lab();
  const preview = await nsx.call(createGroup, input);
  await change(nsx, createGroup, { ...input, display_name: 'Theirs' });
  expect(await nsx.agree(createGroup, input, preview)).toMatchObject({ code: 'BLOCKED' });
  expect(objectAt(nsx, `${groups}/fresh`)['display_name']).toBe('Theirs');
});

test('a segment that is not there, or is no segment, is refused', async () => {
  await using nsx = await lab();
  const none = { ...input, segment_paths: ['/infra/segments/seg-web', '/infra/segments/none'] };
  const { message } = await expectStopped(nsx, createGroup, none, 'NOT_FOUND');
  expect(message).toBe('There is no segment /infra/segments/none in the scope default.');
  for (const path of [`${groups}/shop`, '/infra/segments/../domains/default', 'seg-web'])
    await expectStopped(nsx, createGroup, { ...input, segment_paths: [path] }, 'INVALID_INPUT');
});

test('what is no address and no tag is refused, naming it', async () => {
  await using nsx = await lab();
  for (const word of ['10.0.0.256', '10.0.0.0/33', '10.0.0.9-10.0.0.1', 'web-01', '', '::1/129']) {
    const wrong = { ...input, ip_addresses: ['10.0.0.1', word] };
    const { message } = await expectStopped(nsx, createGroup, wrong, 'INVALID_INPUT');
    expect(message).toContain(`"${word}" is not an IP address, prefix or range`);
  }
  for (const wrong of [
    { tag_scope: 'tier' },
    { tag_value: 'a|b' },
    { tag_scope: 'a|b', tag_value: 'c' },
    { tag_value: 'x'.repeat(257) },
    { tag_value: '' },
  ])
    await expectStopped(nsx, createGroup, { ...input, ...wrong }, 'INVALID_INPUT');
});

test.each([
  [
    'project:shop-project',
    '/orgs/default/projects/shop-project/infra/domains/default/groups/fresh',
  ],
  ['vpc:shop-project/shop-vpc', '/orgs/default/projects/shop-project/vpcs/shop-vpc/groups/fresh'],
])('creates in %s', async (nsx_scope, path) => {
  await using nsx = await lab();
  const made = await change(nsx, createGroup, { ...input, nsx_scope, ip_addresses: ['10.1.1.1'] });
  expect(made.path).toBe(path);
});

test('creates on a Global Manager', async () => {
  await using nsx = await lab({ globalManager: true });
  const made = await change(nsx, createGroup, {
    ...input,
    nsx_scope: 'global',
    ip_addresses: ['10.1.1.1'],
  });
  expect(made.path).toBe('/global-infra/domains/default/groups/fresh');
});

test('ids that no path can hold', () => expectIdsChecked(createGroup, input, 'group_id'));
test('needs its role and no more', () => expectRole(createGroup, input));
