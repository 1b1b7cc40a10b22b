import * as z from 'zod';
import type { Part, RuleRef, SideExplanation } from './dfw/index.js';

const list = z.array(z.string());

/** A rule in an answer: enough to find it, and to read what it does. */
export const ruleShown = z.object({
  rule: z.string(),
  policy: z.string(),
  category: z.string().nullable(),
  action: z.string(),
  rule_id: z.int().nullable(),
  path: z.string(),
});

export const shown = (ref: RuleRef): z.input<typeof ruleShown> => ({
  rule: ref.display_name,
  policy: ref.policy_name,
  category: ref.category,
  action: ref.action,
  rule_id: ref.rule_id,
  path: ref.path,
});

const side = z.object({
  deciding: z.array(ruleShown.extend({ traffic: list, certain: z.boolean(), conditions: list })),
  jumps: list,
  notes: list,
});

export const partRow = z.object({
  verdict: z.string(),
  pairs: z.int(),
  examples: list,
  allowed: list,
  blocked: list,
  unknown: list,
  source_side: side,
  destination_side: side,
  changes: list,
});

export const sideOf = ({ deciding, jumps, notes }: SideExplanation): z.input<typeof side> => ({
  deciding: deciding.map(({ rule, traffic, certain, conditions }) => ({
    ...shown(rule),
    traffic: [...traffic],
    certain,
    conditions: [...conditions],
  })),
  jumps: jumps.map(({ display_name, policy_name }) => `${display_name} (${policy_name})`),
  notes: [...notes],
});

/** The verdict in one sentence, with the rules that decide most of it. */
export function summaryOf(
  source: string,
  destination: string,
  verdict: string,
  [first]: readonly Part[],
): string {
  const said = {
    allowed: `${source} may reach ${destination}`,
    blocked: `${source} may not reach ${destination}`,
    partly: `Some of the traffic from ${source} to ${destination} passes`,
  }[verdict];
  if (said === undefined || !first) return `Whether ${source} may reach ${destination} is unknown`;
  const by = ({ deciding: [rule] }: SideExplanation) =>
    rule && `${rule.rule.action} ${rule.rule.display_name}`;
  const sides = [by(first.source_side), by(first.destination_side)];
  const [out, into] = sides;
  if (out !== undefined && out === into) return `${said}: ${out} decides on both sides`;
  const each = [out && `${out} at the source`, into && `${into} at the destination`].filter(
    Boolean,
  );
  return each.length > 0
    ? `${said}: ${each.join(', ')}`
    : `${said}: no firewall stands between them`;
}
