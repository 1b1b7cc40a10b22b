import type { SecurityPolicy } from '@vmware/clients/nsx';
import type { Inverse } from '@vmware/policy';
import type { FieldChanges } from '../field-changes.js';
import { inputsOf, only, within } from './inverse.js';

/** Without a policy that was made. Revision 0: nobody has written it since; it is deleted only without rules. */
export function withoutPolicy(policy_id: string, nsx_scope: string | undefined): Inverse {
  const input = { policy_id, ...within(nsx_scope) };
  return {
    tool: 'delete_dfw_policy',
    input,
    expects: { tool: 'get_dfw_policy', input, state: { id: policy_id, _revision: 0 } },
  };
}

/** A policy with the values it had in the fields that change. */
export function backToPolicy(
  { id }: SecurityPolicy,
  { previous, values }: FieldChanges,
  nsx_scope: string | undefined,
): Inverse | undefined {
  const inputs = inputsOf(previous);
  if (inputs === undefined) return undefined;
  const which = { policy_id: id, ...within(nsx_scope) };
  return {
    tool: 'update_dfw_policy',
    input: { ...inputs, ...which },
    expects: { tool: 'get_dfw_policy', input: which, state: { id, ...only(values, inputs) } },
  };
}
