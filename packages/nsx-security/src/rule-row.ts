import type { Rule } from '@vmware/clients/nsx';
import * as z from 'zod';

const list = z.array(z.string());

/** A rule as every tool shows it. */
export const ruleRow = z.object({
  id: z.string(),
  display_name: z.string(),
  action: z.string(),
  sources: list,
  destinations: list,
  services: list,
  scope: list,
  direction: z.string().nullable(),
  ip_protocol: z.string().nullable(),
  disabled: z.boolean(),
  logged: z.boolean(),
  sequence_number: z.int().nullable(),
  rule_id: z.int().nullable(),
  path: z.string(),
});

export const rowOf = (rule: Rule): z.input<typeof ruleRow> => ({
  id: rule.id,
  display_name: rule.display_name ?? rule.id,
  action: rule.action,
  sources: excludedFrom(rule.source_groups, rule.sources_excluded),
  destinations: excludedFrom(rule.destination_groups, rule.destinations_excluded),
  services: [...(rule.services ?? ['ANY'])],
  scope: [...(rule.scope ?? ['ANY'])],
  direction: rule.direction ?? null,
  ip_protocol: rule.ip_protocol ?? null,
  disabled: rule.disabled ?? false,
  logged: rule.logged ?? false,
  sequence_number: rule.sequence_number ?? null,
  rule_id: rule.rule_id ?? null,
  path: rule.path,
});

/** A negated list says so, or a reader would take it for its opposite. */
const excludedFrom = (words: readonly string[] = ['ANY'], excluded = false): string[] =>
  words.map((word) => (excluded ? `not ${word}` : word));
