import type { Rule } from '@vmware/clients/nsx';
import type { Inverse } from '@vmware/policy';
import type { FieldChanges } from '../field-changes.js';
import { rowOf } from '../rule-row.js';
import { exactly, type Fields, inputsOf, kept, only, within } from './inverse.js';

/** Which rule, and where. */
interface WhichRule {
  readonly policy_id: string;
  readonly rule_id: string;
  readonly nsx_scope?: string | undefined;
}

/** An inverse on one rule, while the list of its policy says this of it. */
function onRule(
  tool: string,
  { policy_id, rule_id, nsx_scope }: WhichRule,
  input: Fields,
  row: Fields,
): Inverse | undefined {
  const where = { policy_id, ...within(nsx_scope) };
  return kept({
    tool,
    input: { ...input, ...where, rule_id },
    expects: {
      tool: 'list_dfw_rules',
      input: where,
      state: { items: [{ ...exactly(row), id: rule_id }] },
    },
  });
}

/** Without a rule that was made, while it is as it was made. */
export function withoutRule(
  which: WhichRule,
  made: Omit<Rule, 'id' | 'path'>,
): Inverse | undefined {
  const { rule_id: _, path: __, ip_protocol, ...row } = rowOf({ ...made, id: '', path: '' });
  return onRule('delete_dfw_rule', which, {}, { ...row, ...(ip_protocol && { ip_protocol }) });
}

/** No other rule ever has its number: not one that was made anew with its id. */
const numberOf = (rule: Rule | undefined): Fields =>
  rule?.rule_id === undefined ? {} : { rule_id: rule.rule_id };

const inputNames = { source_groups: 'sources', destination_groups: 'destinations' };

/** A rule with the values it had in the fields that change. No read shows a description: it has no way back. */
export function backToRule(
  which: WhichRule,
  rule: Rule,
  { previous, values }: FieldChanges,
): Inverse | undefined {
  const inputs = inputsOf(previous, inputNames);
  if (inputs === undefined || Object.hasOwn(inputs, 'description')) return undefined;
  const row = only(rowOf({ ...rule, ...values }), inputs);
  return onRule('update_dfw_rule', which, inputs, { ...row, ...numberOf(rule) });
}

/**
 * A rule after the one it stood after, while it is listed where it was moved to. `before` and `after` are the rules of
 * the policy in order. Undefined where two have the same number: which of them comes first only NSX knows.
 */
export function backToPlace(
  { policy_id, rule_id, nsx_scope }: WhichRule,
  before: readonly Rule[],
  after: readonly Rule[],
): Inverse | undefined {
  const numbers = before.map(({ sequence_number }) => sequence_number ?? 0);
  if (new Set(numbers).size < numbers.length) return undefined;
  const at = (rules: readonly Rule[]) => rules.findIndex(({ id }) => id === rule_id);
  const rule = before[at(before)];
  const former = before[at(before) - 1];
  const where = { policy_id, ...within(nsx_scope) };
  return {
    tool: 'move_dfw_rule',
    input: {
      ...where,
      rule_id,
      ...(former ? { position: 'after', anchor: former.id } : { position: 'top' }),
    },
    expects: {
      tool: 'list_dfw_rules',
      input: { ...where, offset: at(after), limit: 1 },
      state: { total: after.length, items: [{ id: rule_id, ...numberOf(rule) }] },
    },
  };
}
