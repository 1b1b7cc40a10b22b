import type { Rule } from '@vmware/clients/nsx';
import type { PolicyWithRules } from './snapshot.js';

/** Categories of layer 3 and up, in the order NSX evaluates them. Policies without one come last. */
export const categories: readonly string[] = [
  'Emergency',
  'Infrastructure',
  'Environment',
  'Application',
];

export const ETHERNET = 'Ethernet';

/** 0 for Emergency, 3 for Application, 4 for no category or one this list does not know. */
export function categoryRank(policy: PolicyWithRules): number {
  const rank = categories.indexOf(policy.category ?? '');
  return rank < 0 ? categories.length : rank;
}

/** Where a rule stands. Rules that share a place are evaluated in an order NSX does not define. */
export interface Placed {
  readonly rule: Rule;
  readonly policy: PolicyWithRules;
  readonly rank: number;
  /** Policies of one block have the same category and number: which comes first is not defined. */
  readonly block: number;
  /** Rules of one step have the same policy and number. */
  readonly step: number;
}

const byNumber = (a: number, b: number) => a - b;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** All rules of layer 3 and up, disabled ones too, first to last. Undefined order is settled by path. */
export function evaluationOrder(policies: readonly PolicyWithRules[]): Placed[] {
  const sorted = policies
    .filter((policy) => policy.category !== ETHERNET)
    .sort(
      (a, b) =>
        byNumber(categoryRank(a), categoryRank(b)) ||
        byNumber(a.sequence_number ?? 0, b.sequence_number ?? 0) ||
        byText(a.path, b.path),
    );
  const out: Placed[] = [];
  let block = -1;
  let step = -1;
  let before: PolicyWithRules | undefined;
  for (const policy of sorted) {
    const rank = categoryRank(policy);
    const tied =
      before !== undefined &&
      categoryRank(before) === rank &&
      (before.sequence_number ?? 0) === (policy.sequence_number ?? 0);
    if (!tied) block++;
    before = policy;
    let number: number | undefined;
    for (const rule of rulesInOrder(policy)) {
      const own = rule.sequence_number ?? 0;
      if (own !== number) step++;
      number = own;
      out.push({ rule, policy, rank, block, step });
    }
  }
  return out;
}

function rulesInOrder(policy: PolicyWithRules): Rule[] {
  const rules = [...policy.rules].sort(
    (a, b) => byNumber(a.sequence_number ?? 0, b.sequence_number ?? 0) || byText(a.path, b.path),
  );
  const own = defaultRule(policy);
  return own ? [...rules, own] : rules;
}

/** The rule that `connectivity_preference` stands for, unless NSX listed it. */
function defaultRule(policy: PolicyWithRules): Rule | undefined {
  const preference = policy.connectivity_preference;
  if (preference === undefined || preference === 'NONE') return undefined;
  const listed = policy.rules.some(
    (rule) =>
      rule.is_default === true ||
      (rule.rule_id !== undefined && rule.rule_id === policy.default_rule_id),
  );
  if (listed) return undefined;
  return {
    id: 'connectivity_preference',
    path: `${policy.path}/connectivity_preference`,
    display_name: `default rule of the policy (${preference})`,
    action: preference.startsWith('ALLOWLIST') ? 'DROP' : 'ALLOW',
    logged: preference.endsWith('_ENABLE_LOGGING'),
    sequence_number: Number.MAX_SAFE_INTEGER,
    is_default: true,
    ...(policy.default_rule_id !== undefined && { rule_id: policy.default_rule_id }),
  };
}

/** Whether `a` is surely evaluated before `b`. */
export function isBefore(a: Placed, b: Placed): boolean {
  if (a.block !== b.block) return a.block < b.block;
  return a.policy === b.policy && a.step < b.step;
}
