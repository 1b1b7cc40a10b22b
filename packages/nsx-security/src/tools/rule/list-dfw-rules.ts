import type { RuleStatistics } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { ruleKey } from '../../evaluation.js';
import { placeOf, policyPath, readRules } from '../../objects.js';
import { listInput, rowsPage } from '../../rows.js';
import { rowOf, ruleRow } from '../../rule-row.js';
import { nsxScope, policyId } from '../../schema.js';
import { policyStatistics } from '../../statistics.js';

export const listDfwRules = defineTool({
  name: 'list_dfw_rules',
  usage: 'rule list <policy_id>',
  summary:
    'List the rules of a distributed firewall policy in evaluation order, with hits when asked.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { nsx_scope: 'scope' },
  columns: ['id', 'display_name', 'action', 'direction', 'disabled', 'logged', 'hit_count'],
  examples: ['rule list shop', 'rule list shop --hits -o wide'],
  input: z.object({
    policy_id: policyId,
    hits: z.boolean().default(false).describe('Hit counts too.'),
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(ruleRow.extend({ hit_count: z.int().nullable().optional() })),
}).run(async ({ policy_id, hits, nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const rules = await readRules(place, policy_id);
  const counts: ReadonlyMap<string, RuleStatistics> = hits
    ? await policyStatistics(place, policyPath(place, policy_id))
    : new Map();
  const { items, ...envelope } = rowsPage(rules, wanted, ruleKey);
  return {
    ...envelope,
    items: items.map((rule) => ({
      ...rowOf(rule),
      ...(hits && { hit_count: counts.get(rule.path)?.hit_count ?? null }),
    })),
  };
});
