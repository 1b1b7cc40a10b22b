import type { Rule, SecurityPolicy } from '@vmware/clients/nsx';
import { sortable } from './rows.js';

const categories = ['Ethernet', 'Emergency', 'Infrastructure', 'Environment', 'Application'];

/** Where a policy stands in evaluation order: category, sequence number, id. No category comes last. */
export function evaluationKey({ category = '', sequence_number, id }: SecurityPolicy): string {
  const rank = categories.indexOf(category);
  return `${rank === -1 ? categories.length : rank}\u0000${sortable(sequence_number)}\u0000${id}`;
}

/** Where a rule stands in its policy: sequence number, id. */
export const ruleKey = ({ sequence_number, id }: Rule): string =>
  `${sortable(sequence_number)}\u0000${id}`;

export const inOrder = (rules: readonly Rule[]): Rule[] =>
  rules.toSorted((a, b) => (ruleKey(a) < ruleKey(b) ? -1 : 1));
