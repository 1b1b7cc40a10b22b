import { hit } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { change, read, requestsOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { createDfwRule } from '../rule/create-dfw-rule.js';
import { findUnusedRules } from './find-unused-rules.js';

const rule = (policy: string, id: string) =>
  `/infra/domains/default/security-policies/${policy}/rules/${id}`;

test('tells rules without hits from rules with, and why no hits may mean nothing', async () => {
  await using nsx = await lab();
  hit(nsx.sim.world, rule('shop', 'web-in'), 7);
  const { items, used } = await read(nsx, findUnusedRules, {});
  expect(used).toBe(1);
  expect(items.map((one) => one.rule)).not.toContain('web-in');
  expect(items.find((one) => one.rule === 'web-to-app')).toMatchObject({
    verdict: 'unused',
    hit_count: 0,
    age_days: 90,
  });
  expect(items.find((one) => one.rule === 'old-ftp')).toMatchObject({ verdict: 'disabled' });
  const young = await read(nsx, findUnusedRules, { min_age_days: 365 });
  expect(young.items.find((one) => one.rule === 'web-to-app')).toMatchObject({
    verdict: 'too_young',
  });
});

test('a rule that only stands at excluded machines says so', async () => {
  await using nsx = await lab();
  await change(nsx, createDfwRule, {
    policy_id: 'shop',
    rule_id: 'appliance',
    display_name: 'Appliance',
    destinations: ['excluded-appliances'],
    scope: ['excluded-appliances'],
  });
  const { items } = await read(nsx, findUnusedRules, { min_age_days: 0 });
  const evidence = (name: string) => items.find(({ rule: found }) => found === name)?.only_excluded;
  expect(evidence('Appliance')).toBe(true);
  expect(evidence('web-to-app')).toBe(false);
});

test('counters that cannot be read are unknown, not zero', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/domains/{}/security-policies/{}/statistics',
      on: '/policy/api/v1/infra/domains/default/security-policies/shop/statistics',
    },
    times: Number.POSITIVE_INFINITY,
    then: { status: 404 },
  });
  const { items } = await read(nsx, findUnusedRules, {});
  expect(items.find((one) => one.rule === 'web-in')).toMatchObject({
    verdict: 'unknown',
    hit_count: null,
  });
});

test('5,000 rules in 500 policies, with counts and hits, cost one request for each policy', async () => {
  await using nsx = await lab({ estate: { policies: 500, rulesPerPolicy: 10, groups: 50 } });
  const routes = await requestsOf(nsx.sim, async () => {
    expect((await read(nsx, findUnusedRules, { limit: 10 })).total).toBeGreaterThan(4_900);
  });
  const policies = nsx.sim.world.objects
    .ofType('SecurityPolicy')
    .filter(({ path }) => path.startsWith('/infra/')).length;
  const perPolicy = routes.filter((route) => route.includes('security-policies/{}'));
  expect(perPolicy.length).toBeLessThanOrEqual(policies);
  expect(routes.length - perPolicy.length).toBeLessThan(20);
}, 60_000);
