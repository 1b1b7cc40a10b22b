import { hostileAnnotation, hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { listGroups } from './list-groups.js';

const groups = '/infra/domains/default/groups';

test('lists groups by name, with the number of their criteria', async () => {
  await using nsx = await lab();
  mallory(nsx, `${groups}/corporate`, {
    display_name: 'Corporate networks',
    description: 'Offices',
    tags: [{ scope: 'owner', tag: 'net' }],
    expression: [
      { resource_type: 'IPAddressExpression', ip_addresses: ['10.0.0.0/8'] },
      { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' },
      { resource_type: 'PathExpression', paths: [`${groups}/shop`] },
    ],
  });
  const { items, total } = await read(nsx, listGroups, {});
  expect(total).toBe(14);
  const names = items.map(({ display_name }) => display_name);
  expect(names).toEqual([...names].sort());
  expect(items[0]).toEqual({
    id: 'corporate',
    display_name: 'Corporate networks',
    description: 'Offices',
    expression_count: 2,
    tags: [{ scope: 'owner', tag: 'net' }],
    path: `${groups}/corporate`,
  });
  expect(items.find(({ id }) => id === 'empty-old')).toMatchObject({ expression_count: 0 });
});

test('10,000 groups cost eleven requests, and pages see each of them once', async () => {
  await using nsx = await lab({ estate: { policies: 0, rulesPerPolicy: 0, groups: 10_000 } });
  const routes = await requestsOf(nsx.sim, async () => {
    expect((await read(nsx, listGroups, {})).items).toHaveLength(10_000);
  });
  expect(routes).toHaveLength(11);
  const first = await read(nsx, listGroups, { limit: 6000 });
  const second = await read(nsx, listGroups, { limit: 6000, cursor: first.next_cursor ?? '' });
  expect(first).toMatchObject({ returned: 6000, total: 10_000 });
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(new Set(ids).size).toBe(10_000);
});

test('names as long as NSX takes them can be paged through', async () => {
  const name = '長'.repeat(254);
  const ids = ['a', 'b', 'c'].map((letter) => letter + 'x'.repeat(254));
  await using nsx = await lab({
    estate: ids.map((id, at) => ({
      path: `${groups}/${id}`,
      resource_type: 'Group',
      display_name: name + at,
    })),
  });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(nsx, listGroups, { limit: 1, ...(cursor && { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen.sort()).toEqual(ids);
});

test('a name filter is a part of the name or a glob; offset skips rows', async () => {
  await using nsx = await lab();
  const ids = async (input: { name_filter: string; offset?: number }) =>
    (await read(nsx, listGroups, input)).items.map(({ id }) => id);
  expect(await ids({ name_filter: 'Servers' })).toEqual([
    'app-servers',
    'db-servers',
    'dns-servers',
    'web-servers',
  ]);
  expect(await ids({ name_filter: 'd?-*' })).toEqual(['db-servers']);
  expect(await ids({ name_filter: 'servers', offset: 3 })).toEqual(['web-servers']);
  await expectStopped(nsx, listGroups, { name_filter: '' }, 'INVALID_INPUT');
  await expectStopped(nsx, listGroups, { limit: 0 }, 'INVALID_INPUT');
});

test('hostile text comes out clean', async () => {
  const path = `${groups}/odd`;
  await using nsx = await lab({
    estate: [
      {
        path,
        resource_type: 'Group',
        display_name: hostileName,
        description: hostileAnnotation,
        tags: [{ scope: hostileName, tag: hostileName }],
      },
    ],
  });
  const { items } = await read(nsx, listGroups, {});
  expect(items).toHaveLength(1);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test.each([
  ['project:shop-project', ['partners', 'stage']],
  ['vpc:shop-project/shop-vpc', ['backends']],
])('the scope %s has groups of its own', async (nsx_scope, ids) => {
  await using nsx = await lab();
  const { items } = await read(nsx, listGroups, { nsx_scope });
  expect(items.map(({ id }) => id)).toEqual(ids);
});

test('a Global Manager has its own', async () => {
  const path = '/global-infra/domains/default/groups/world';
  await using nsx = await lab({
    globalManager: true,
    estate: [{ path, resource_type: 'Group' }],
  });
  const { items } = await read(nsx, listGroups, { nsx_scope: 'global' });
  expect(items.map((group) => group.path)).toEqual([path]);
});

test('an auditor may look', () => expectRole(listGroups, {}));
