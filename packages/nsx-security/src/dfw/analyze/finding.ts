import type { RuleRef } from '../rule-ref.js';

export const findingKinds = [
  'shadowed',
  'redundant',
  'never_matching',
  'any_any_allow',
  'unlogged_drop',
  'empty_group',
  'unused_group',
  'same_sequence_number',
  'duplicate',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export type Severity = 'high' | 'medium' | 'low';

/** One thing that is wrong, or likely not meant. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** What it is about: a rule, or else an object. */
  readonly rule: RuleRef | null;
  readonly object: { readonly path: string; readonly display_name: string } | null;
  /** The rules that cause it. */
  readonly because: readonly RuleRef[];
  /** One sentence. */
  readonly detail: string;
}

export const aboutRule = (
  kind: FindingKind,
  severity: Severity,
  rule: RuleRef,
  detail: string,
  because: readonly RuleRef[] = [],
): Finding => ({ kind, severity, rule, object: null, because, detail });

export const aboutObject = (
  kind: FindingKind,
  severity: Severity,
  { path, display_name, id }: { path: string; display_name?: string; id: string },
  detail: string,
  because: readonly RuleRef[] = [],
): Finding => ({
  kind,
  severity,
  rule: null,
  object: { path, display_name: display_name ?? id },
  because,
  detail,
});
