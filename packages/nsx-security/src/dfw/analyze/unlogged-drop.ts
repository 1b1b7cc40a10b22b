import type { Placed } from '../evaluation-order.js';
import { ruleRef } from '../rule-ref.js';
import { aboutRule, type Finding } from './finding.js';

/** Rules that block and leave no trace. */
export function unloggedDrop({
  rule,
  policy,
}: Pick<Placed, 'rule' | 'policy'>): Finding | undefined {
  const blocks = rule.action === 'DROP' || rule.action === 'REJECT';
  if (!blocks || rule.disabled === true || rule.logged === true) return undefined;
  return aboutRule(
    'unlogged_drop',
    'low',
    ruleRef({ rule, policy }),
    'What it blocks is not logged.',
  );
}
