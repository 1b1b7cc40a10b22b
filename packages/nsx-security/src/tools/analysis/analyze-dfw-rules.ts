import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { beyondNotes } from '../../beyond.js';
import { configurationOf } from '../../configuration.js';
import { defineTool } from '../../define.js';
import { analyze, Firewall, findingKinds } from '../../dfw/index.js';
import { ruleShown, shown } from '../../explained.js';
import { listInput, rowsPage, sortable } from '../../rows.js';
import { nsxScope, snapshotInput } from '../../schema.js';

const finding = z.object({
  kind: z.string(),
  severity: z.string(),
  rule: z.string().nullable(),
  policy: z.string().nullable(),
  object: z.string().nullable(),
  path: z.string(),
  detail: z.string(),
  because: z.array(ruleShown),
});

/** As many causes as a reader can use; the rest say the same. */
const causes = 5;

export const analyzeDfwRules = defineTool({
  name: 'analyze_dfw_rules',
  usage: 'analyze rules',
  summary:
    'Shadowed, redundant, never-matching and too open rules, unlogged drops, empty groups and more.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 300_000,
  columns: ['kind', 'severity', 'rule', 'policy', 'object', 'detail'],
  flags: { nsx_scope: 'scope' },
  offline: ['snapshot'],
  examples: ['analyze rules', 'analyze rules --kinds shadowed,redundant --snapshot before.json'],
  input: z.object({
    kinds: z.array(z.enum(findingKinds)).min(1).optional().describe('Only these; all if absent.'),
    snapshot: snapshotInput,
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(finding).extend({
    rules: z.int(),
    undecided: z.array(z.string()),
    notes: z.array(z.string()),
  }),
}).run(async ({ kinds, snapshot, nsx_scope, ...wanted }, clients, context) => {
  const configuration = await configurationOf({ snapshot, nsx_scope }, clients, context);
  const { findings, undecided } = analyze(new Firewall(configuration), kinds);
  const numbered = findings.map((one, at) => ({ one, at }));
  const { items, ...envelope } = rowsPage(numbered, wanted, ({ at }) => sortable(at));
  return {
    ...envelope,
    items: items.map(({ one }) => ({
      kind: one.kind,
      severity: one.severity,
      rule: one.rule?.display_name ?? null,
      policy: one.rule?.policy_name ?? null,
      object: one.object?.display_name ?? null,
      path: one.rule?.path ?? one.object?.path ?? '',
      detail: one.detail,
      because: one.because.slice(0, causes).map(shown),
    })),
    rules: configuration.policies.reduce((sum, { rules }) => sum + rules.length, 0),
    undecided: undecided.map(({ path }) => path),
    notes: beyondNotes(configuration),
  };
});
