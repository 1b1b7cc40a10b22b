import type { RuleStatistics } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { orNull } from '../../capture.js';
import { configurationOf } from '../../configuration.js';
import { defineTool } from '../../define.js';
import { Firewall, findUnused } from '../../dfw/index.js';
import { placeOf } from '../../objects.js';
import { listInput, rowsPage, sortable } from '../../rows.js';
import { nsxScope } from '../../schema.js';
import { policyStatistics } from '../../statistics.js';

const count = z.int().nullable();

export const findUnusedRules = defineTool({
  name: 'find_unused_rules',
  usage: 'rule unused',
  summary:
    'Rules without hits, with the evidence: age, counters, disabled, empty ends; no proof by itself.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 300_000,
  columns: ['verdict', 'rule', 'policy', 'hit_count', 'age_days', 'unchanged_days'],
  flags: { nsx_scope: 'scope' },
  examples: ['rule unused', 'rule unused --min-age-days 90 -o csv'],
  input: z.object({
    min_age_days: z.int().min(0).max(3650).default(30).describe('Younger rules prove nothing.'),
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(
    z.object({
      verdict: z.enum(['unused', 'too_young', 'disabled', 'unknown']),
      rule: z.string(),
      policy: z.string(),
      action: z.string(),
      path: z.string(),
      hit_count: count,
      session_count: count,
      age_days: count,
      unchanged_days: count,
      is_default: z.boolean(),
      sources_empty: z.boolean().nullable(),
      destinations_empty: z.boolean().nullable(),
      only_excluded: z.boolean().nullable(),
    }),
  ).extend({ used: z.int(), counters_since: z.string() }),
}).run(async ({ min_age_days, nsx_scope, ...wanted }, clients, context) => {
  const place = placeOf(clients.nsx, nsx_scope, context);
  const configuration = await configurationOf({ nsx_scope }, clients, context);
  const counts = await everyCount(place, configuration.policies, context);
  const report = findUnused(new Firewall(configuration), counts, Date.now(), min_age_days);
  const rows = (['unused', 'too_young', 'disabled', 'unknown'] as const).flatMap((verdict) =>
    report[verdict].map((evidence) => ({ verdict, ...evidence })),
  );
  const numbered = rows.map((row, at) => ({ row, at }));
  const { items, ...envelope } = rowsPage(numbered, wanted, ({ at }) => sortable(at));
  return {
    ...envelope,
    items: items.map(({ row: { rule, ...evidence } }) => ({
      verdict: evidence.verdict,
      rule: rule.display_name,
      policy: rule.policy_name,
      action: rule.action,
      path: rule.path,
      hit_count: evidence.hit_count,
      session_count: evidence.session_count,
      age_days: evidence.age_days,
      unchanged_days: evidence.unchanged_days,
      is_default: evidence.is_default,
      sources_empty: evidence.sources_empty,
      destinations_empty: evidence.destinations_empty,
      only_excluded: evidence.only_excluded,
    })),
    used: report.used,
    counters_since:
      'NSX does not tell when counters were last reset, and they may lag 15 minutes behind.',
  };
});

/** One request for each policy; a policy whose counters cannot be read has none that are known. */
async function everyCount(
  place: ReturnType<typeof placeOf>,
  policies: readonly {
    readonly path: string;
    readonly rules: readonly { readonly path: string }[];
  }[],
  { progress }: { progress: (step: { done: number; total: number }) => void },
): Promise<Map<string, RuleStatistics | null>> {
  let done = 0;
  const all = await Promise.all(
    policies.map(async ({ path, rules }) => {
      const known = await orNull(policyStatistics(place, path));
      done += 1;
      progress({ done, total: policies.length });
      return rules.map((rule) => [rule.path, known?.get(rule.path) ?? null] as const);
    }),
  );
  return new Map(all.flat());
}
