import type { SecurityPolicy } from '@vmware/clients/nsx';
import { sortable } from './rows.js';

const categories = ['Ethernet', 'Emergency', 'Infrastructure', 'Environment', 'Application'];

/** Where a policy stands in evaluation order: category, sequence number, id. No category comes last. */
export function evaluationKey({ category = '', sequence_number, id }: SecurityPolicy): string {
  const rank = categories.indexOf(category);
  return `${rank === -1 ? categories.length : rank}\u0000${sortable(sequence_number)}\u0000${id}`;
}
