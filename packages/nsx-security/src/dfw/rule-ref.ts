import type { Action } from '@vmware/clients/nsx';
import type { Placed } from './evaluation-order.js';

/** A rule, for answers. */
export interface RuleRef {
  readonly path: string;
  readonly id: string;
  readonly display_name: string;
  readonly action: Action;
  readonly sequence_number: number;
  /** The number in logs and traces. */
  readonly rule_id: number | null;
  readonly policy_id: string;
  readonly policy_name: string;
  readonly policy_path: string;
  readonly category: string | null;
}

export const ruleRef = ({ rule, policy }: Pick<Placed, 'rule' | 'policy'>): RuleRef => ({
  path: rule.path,
  id: rule.id,
  display_name: rule.display_name ?? rule.id,
  action: rule.action,
  sequence_number: rule.sequence_number ?? 0,
  rule_id: rule.rule_id ?? null,
  policy_id: policy.id,
  policy_name: policy.display_name ?? policy.id,
  policy_path: policy.path,
  category: policy.category ?? null,
});

/** `"web" of policy "shop" (Application)`. */
export const nameOfRule = (ref: RuleRef) =>
  `"${ref.display_name}" of policy "${ref.policy_name}" (${ref.category ?? 'no category'})`;
