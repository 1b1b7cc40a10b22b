import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, readRule, rulePath } from '../../objects.js';
import { nsxScope, policyId, ruleId } from '../../schema.js';
import { ruleStatistics, total } from '../../statistics.js';

const count = z.int().nullable();
const counts = {
  hit_count: count,
  packet_count: count,
  byte_count: count,
  session_count: count,
  popularity_index: count,
};

export const getDfwRuleStats = defineTool({
  name: 'get_dfw_rule_stats',
  usage: 'rule stats <policy_id> <rule_id>',
  summary: 'Hits, packets, bytes and sessions of one rule; NSX may lag 15 minutes behind.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  format: 'json',
  flags: { nsx_scope: 'scope' },
  examples: ['rule stats shop web-in'],
  input: z.object({ policy_id: policyId, rule_id: ruleId, nsx_scope: nsxScope }),
  output: z.object({
    policy_id: z.string(),
    rule_id: z.string(),
    ...counts,
    raw: z.array(z.object({ enforcement_point: z.string(), ...counts })),
  }),
}).run(async ({ policy_id, rule_id, nsx_scope }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  await readRule(place, policy_id, rule_id);
  const points = await ruleStatistics(place, rulePath(place, policy_id, rule_id));
  const sum = total(points);
  const shown = (from: typeof sum) => ({
    hit_count: from.hit_count ?? null,
    packet_count: from.packet_count ?? null,
    byte_count: from.byte_count ?? null,
    session_count: from.session_count ?? null,
    popularity_index: from.popularity_index ?? null,
  });
  return {
    policy_id,
    rule_id,
    ...shown(sum),
    raw: points.map((point) => ({
      enforcement_point: point.enforcement_point,
      ...shown(point),
    })),
  };
});
