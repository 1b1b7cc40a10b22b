import { hit, hostileName } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { hidden, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectIdsChecked, expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { listDfwRules } from './list-dfw-rules.js';

const shop = '/infra/domains/default/security-policies/shop';
const groups = '/infra/domains/default/groups';
const inOrder = ['web-in', 'web-to-app', 'app-to-db', 'web-in-again', 'old-ftp', 'never'];

test('lists rules in evaluation order, each with all that decides what it matches', async () => {
  await using nsx = await lab();
  const routes = await requestsOf(nsx.sim, async () => {
    const { items, total } = await read(nsx, listDfwRules, { policy_id: 'shop' });
    expect(total).toBe(6);
    expect(items.map(({ id }) => id)).toEqual(inOrder);
    expect(items[3]).toEqual({
      id: 'web-in-again',
      display_name: 'web-in-again',
      action: 'ALLOW',
      sources: [`${groups}/corporate`],
      destinations: [`${groups}/web-servers`],
      services: ['/infra/services/HTTPS'],
      scope: [`${groups}/web-servers`],
      direction: 'IN_OUT',
      ip_protocol: 'IPV4_IPV6',
      disabled: false,
      logged: false,
      sequence_number: 40,
      rule_id: expect.any(Number),
      path: `${shop}/rules/web-in-again`,
    });
    expect(items[4]).toMatchObject({ id: 'old-ftp', disabled: true });
  });
  expect(routes).toEqual([
    'POST /api/session/create',
    'GET /policy/api/v1/infra/domains/{}/security-policies/{}/rules',
  ]);
});

test('a negated list says so', async () => {
  await using nsx = await lab();
  mallory(nsx, `${shop}/rules/web-to-app`, { sources_excluded: true });
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items[1]).toMatchObject({
    sources: [`not ${groups}/web-servers`],
    destinations: [`${groups}/app-servers`],
  });
});

test('hits of all rules cost one request more, and a rule that was never hit has 0', async () => {
  await using nsx = await lab();
  hit(nsx.sim.world, `${shop}/rules/web-in`, 41);
  hit(nsx.sim.world, `${shop}/rules/web-in`);
  const routes = await requestsOf(nsx.sim, async () => {
    const { items } = await read(nsx, listDfwRules, { policy_id: 'shop', hits: true });
    expect(items.map(({ hit_count }) => hit_count)).toEqual([42, 0, 0, 0, 0, 0]);
  });
  expect(routes.slice(1)).toEqual([
    'GET /policy/api/v1/infra/domains/{}/security-policies/{}/rules',
    'GET /policy/api/v1/infra/domains/{}/security-policies/{}/statistics',
  ]);
});

test('hits that were not asked for are absent, and hits that cannot be read are an error', async () => {
  await using nsx = await lab();
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items[0]).not.toHaveProperty('hit_count');
  nsx.sim.faults.add({
    match: { method: 'GET /policy/api/v1/infra/domains/{}/security-policies/{}/statistics' },
    times: Infinity,
    then: { status: 403 },
  });
  await expectStopped(nsx, listDfwRules, { policy_id: 'shop', hits: true }, 'NO_PERMISSION');
});

test('500 policies of 10 rules: each costs two requests, hits included', async () => {
  await using nsx = await lab({ estate: { policies: 500, rulesPerPolicy: 10, groups: 10 } });
  await read(nsx, listDfwRules, { policy_id: 'policy-0' });
  for (const policy_id of ['policy-0', 'policy-499']) {
    const routes = await requestsOf(nsx.sim, async () => {
      const { items } = await read(nsx, listDfwRules, { policy_id, hits: true });
      expect(items).toHaveLength(10);
    });
    expect(routes).toHaveLength(2);
  }
});

test('pages by cursor and by offset', async () => {
  await using nsx = await lab();
  const first = await read(nsx, listDfwRules, { policy_id: 'shop', limit: 4 });
  expect(first).toMatchObject({ returned: 4, total: 6, truncated: true });
  const cursor = first.next_cursor ?? '';
  const second = await read(nsx, listDfwRules, { policy_id: 'shop', limit: 4, cursor });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(inOrder);
  expect(second).toMatchObject({ truncated: false, next_cursor: null });
  const skipped = await read(nsx, listDfwRules, { policy_id: 'shop', offset: 4 });
  expect(skipped.items.map(({ id }) => id)).toEqual(inOrder.slice(4));
});

test('rules of one number are told apart by id, and big numbers come last', async () => {
  await using nsx = await lab();
  for (const [id, sequence_number] of [
    ['never', 7],
    ['old-ftp', 7],
    ['web-in', 999_999],
  ] as const)
    mallory(nsx, `${shop}/rules/${id}`, { sequence_number });
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items.map(({ id }) => id)).toEqual([
    'never',
    'old-ftp',
    'web-to-app',
    'app-to-db',
    'web-in-again',
    'web-in',
  ]);
});

test('a policy without rules has none; a policy that is not there is an error', async () => {
  const path = '/infra/domains/default/security-policies/empty';
  await using nsx = await lab({ estate: [{ path, resource_type: 'SecurityPolicy' }] });
  expect(await read(nsx, listDfwRules, { policy_id: 'empty' })).toMatchObject({ total: 0 });
  const { remedy } = await expectStopped(nsx, listDfwRules, { policy_id: 'none' }, 'NOT_FOUND');
  expect(remedy).toContain('`vmware-nsx-security policy list`');
});

test('hostile names come out clean', async () => {
  await using nsx = await lab();
  mallory(nsx, `${shop}/rules/web-in`, { display_name: hostileName });
  const { items } = await read(nsx, listDfwRules, { policy_id: 'shop' });
  expect(items[0]?.display_name).toContain('ignore previous');
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test.each([
  ['project:shop-project', 'stage', ['partners-in', 'deny-in']],
  ['vpc:shop-project/shop-vpc', 'backends', ['backends-out']],
])('lists rules of %s', async (nsx_scope, policy_id, ids) => {
  await using nsx = await lab();
  const { items } = await read(nsx, listDfwRules, { policy_id, nsx_scope, hits: true });
  expect(items.map(({ id }) => id)).toEqual(ids);
});

test('lists rules of a Global Manager', async () => {
  await using nsx = await lab({ globalManager: true });
  const { items } = await read(nsx, listDfwRules, {
    policy_id: 'default-layer3-section',
    nsx_scope: 'global',
  });
  expect(items.map(({ id }) => id)).toEqual([
    'default-rule-ndp',
    'default-rule-dhcp',
    'default-layer3-rule',
  ]);
});

test('ids that no path can hold', () =>
  expectIdsChecked(listDfwRules, { policy_id: 'shop' }, 'policy_id'));
test('an auditor may look', () => expectRole(listDfwRules, { policy_id: 'shop', hits: true }));
