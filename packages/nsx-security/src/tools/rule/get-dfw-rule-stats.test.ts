import { hit } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectIdsChecked, expectRole, expectStopped } from '../../../test/refusals.js';
import { getDfwRuleStats } from './get-dfw-rule-stats.js';

const input = { policy_id: 'shop', rule_id: 'web-in' };
const rule = '/infra/domains/default/security-policies/shop/rules/web-in';

test('counts what the rule has matched, and nothing of its neighbours', async () => {
  await using nsx = await lab();
  hit(nsx.sim.world, rule, 270);
  hit(nsx.sim.world, rule.replace('web-in', 'old-ftp'), 5);
  const counts = {
    hit_count: 270,
    packet_count: 270,
    byte_count: 270 * 128,
    session_count: 270,
    popularity_index: 3,
  };
  expect(await read(nsx, getDfwRuleStats, input)).toEqual({
    ...input,
    ...counts,
    raw: [{ enforcement_point: '/infra/sites/default/enforcement-points/default', ...counts }],
  });
});

test('a rule that was never hit has 0', async () => {
  await using nsx = await lab();
  expect(await read(nsx, getDfwRuleStats, input)).toMatchObject({ hit_count: 0, byte_count: 0 });
});

test('a rule that is not there has no counts at all', async () => {
  await using nsx = await lab();
  const none = { ...input, rule_id: 'none' };
  const { remedy } = await expectStopped(nsx, getDfwRuleStats, none, 'NOT_FOUND');
  expect(remedy).toContain('`vmware-nsx-security rule list shop`');
});

test('counts that cannot be read are an error, not 0', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add({
    match: {
      method: 'GET /policy/api/v1/infra/domains/{}/security-policies/{}/rules/{}/statistics',
    },
    times: Infinity,
    then: { status: 403 },
  });
  await expectStopped(nsx, getDfwRuleStats, input, 'NO_PERMISSION');
});

test.each([
  ['project:shop-project', 'stage', 'deny-in'],
  ['vpc:shop-project/shop-vpc', 'backends', 'backends-out'],
])('counts in %s', async (nsx_scope, policy_id, rule_id) => {
  await using nsx = await lab();
  expect(await read(nsx, getDfwRuleStats, { policy_id, rule_id, nsx_scope })).toMatchObject({
    hit_count: 0,
  });
});

test('ids that no path can hold', () =>
  expectIdsChecked(getDfwRuleStats, input, 'policy_id', 'rule_id'));
test('an auditor may look', () => expectRole(getDfwRuleStats, input));
