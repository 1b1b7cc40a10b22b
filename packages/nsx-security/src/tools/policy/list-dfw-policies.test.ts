import { hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped } from '../../../test/refusals.js';
import { listDfwPolicies } from './list-dfw-policies.js';

const inOrder = [
  'Ethernet default-layer2-section',
  'Emergency quarantine',
  'Infrastructure shared-services',
  'Environment isolate-test',
  'Application pci-locked',
  'Application shop',
  'Application shop-deny',
  'Application default-layer3-section',
];

test('lists policies in evaluation order, with the number of rules, in one request', async () => {
  await using nsx = await lab();
  const routes = await requestsOf(nsx.sim, async () => {
    const { items, total } = await read(nsx, listDfwPolicies, {});
    expect(items.map(({ id, category }) => `${category} ${id}`)).toEqual(inOrder);
    expect(total).toBe(8);
    expect(items.find(({ id }) => id === 'shop')).toEqual({
      id: 'shop',
      display_name: 'shop',
      category: 'Application',
      sequence_number: 10,
      stateful: true,
      rule_count: 6,
      locked: false,
      tcp_strict: false,
      path: '/infra/domains/default/security-policies/shop',
    });
    expect(items.filter(({ locked }) => locked).map(({ id }) => id)).toEqual(['pci-locked']);
  });
  expect(routes).toEqual([
    'POST /api/session/create',
    'GET /policy/api/v1/infra/domains/{}/security-policies',
  ]);
});

test('a busy manager is asked again', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: { method: 'GET /policy/api/v1/infra/domains/{}/security-policies' },
    then: { status: 429, headers: { 'retry-after': '0' } },
  });
  expect((await read(nsx, listDfwPolicies, {})).total).toBe(8);
});

test('pages by cursor and by offset see every policy once, in the same order', async () => {
  await using nsx = await lab();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(nsx, listDfwPolicies, { limit: 3, ...(cursor && { cursor }) });
    expect(page).toMatchObject({ limit: 3, total: 8 });
    seen.push(...page.items.map(({ category, id }) => `${category} ${id}`));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(inOrder);
  const rest = await read(nsx, listDfwPolicies, { limit: 2, offset: 5 });
  expect(rest).toMatchObject({ returned: 2, total: 8, truncated: true });
  expect(rest.items.map(({ category, id }) => `${category} ${id}`)).toEqual(inOrder.slice(5, 7));
  expect(rest.hint).toContain('2 of 8 shown');
  expect(await read(nsx, listDfwPolicies, { offset: 99 })).toMatchObject({ returned: 0, total: 8 });
});

test('a name filter is a part of the name or a glob, whatever the case', async () => {
  await using nsx = await lab();
  const named = async (name_filter: string) =>
    (await read(nsx, listDfwPolicies, { name_filter })).items.map(({ id }) => id);
  expect(await named('SHOP')).toEqual(['shop', 'shop-deny']);
  expect(await named('shop-*')).toEqual(['shop-deny']);
  expect(await named('default layer?*')).toEqual([
    'default-layer2-section',
    'default-layer3-section',
  ]);
  expect(await named('(')).toEqual([]);
});

test.each([
  ['project:shop-project', 'stage', '/orgs/default/projects/shop-project/infra/domains/default/'],
  ['vpc:shop-project/shop-vpc', 'backends', '/orgs/default/projects/shop-project/vpcs/shop-vpc/'],
])('the scope %s has policies of its own', async (nsx_scope, id, place) => {
  await using nsx = await lab();
  const { items } = await read(nsx, listDfwPolicies, { nsx_scope });
  expect(items.map(({ path }) => path)).toEqual([`${place}security-policies/${id}`]);
});

test('a Global Manager has its own, under /global-infra', async () => {
  await using nsx = await lab({ globalManager: true });
  const { items } = await read(nsx, listDfwPolicies, { nsx_scope: 'global' });
  expect(items.map(({ path }) => path)).toEqual([
    '/global-infra/domains/default/security-policies/default-layer2-section',
    '/global-infra/domains/default/security-policies/default-layer3-section',
  ]);
});

test('a scope that is none, or is not there, is an error and no empty list', async () => {
  await using nsx = await lab();
  for (const nsx_scope of ['project:', 'vpc:a', 'galaxy', 'project:..', 'project:a/../b'])
    await expectStopped(nsx, listDfwPolicies, { nsx_scope }, 'INVALID_INPUT');
  await expectStopped(nsx, listDfwPolicies, { nsx_scope: 'project:none' }, 'NOT_FOUND');
  await expectStopped(nsx, listDfwPolicies, { cursor: 'not ours' }, 'INVALID_INPUT');
});

test('hostile names come out clean', async () => {
  const path = '/infra/domains/default/security-policies/odd';
  await using nsx = await lab({
    estate: [{ path, resource_type: 'SecurityPolicy', display_name: hostileName }],
  });
  const { items } = await read(nsx, listDfwPolicies, { name_filter: 'ignore previous' });
  expect(items).toHaveLength(1);
  expect(items[0]?.display_name).not.toMatch(hidden);
});

test('500 policies cost one request', async () => {
  await using nsx = await lab({ estate: { policies: 500, rulesPerPolicy: 10, groups: 10 } });
  const routes = await requestsOf(nsx.sim, async () => {
    const { items } = await read(nsx, listDfwPolicies, {});
    expect(items).toHaveLength(502);
    expect(items[1]).toMatchObject({ id: 'policy-0', rule_count: 10 });
  });
  expect(routes).toHaveLength(2);
});

test('an auditor may look', () => expectRole(listDfwPolicies, {}));
