import type { Expression, Group } from '@vmware/clients/nsx';
import type { Inverse } from '@vmware/policy';
import { ipMembers, membersIn, pathMembers } from '../expressions.js';
import type { FieldChanges } from '../field-changes.js';
import { inputsOf, kept, only, within } from './inverse.js';

/** Without a group that was made. Revision 0: nobody has written it since. */
export function withoutGroup(group_id: string, nsx_scope: string | undefined): Inverse {
  const input = { group_id, ...within(nsx_scope) };
  return {
    tool: 'delete_group',
    input,
    expects: { tool: 'get_group', input, state: { id: group_id, _revision: 0 } },
  };
}

/** Takes off the exclude list what was put on it, and the other way round. */
export const backToExclusion = ({ id, path }: Group, verb: 'add' | 'remove'): Inverse => ({
  tool: verb === 'add' ? 'remove_dfw_exclusion' : 'add_dfw_exclusion',
  input: { group_id: id },
  expects: {
    tool: 'list_dfw_exclusions',
    input: {},
    state: { items: verb === 'add' ? [{ path }] : { $none: { path } } },
  },
});

/** A group with the name and description it had, and its members as they were. */
export function backToGroup(
  { id, expression: before = [] }: Group,
  after: readonly Expression[],
  { previous, values }: FieldChanges,
  nsx_scope: string | undefined,
): Inverse | undefined {
  const inputs = inputsOf(previous);
  if (inputs === undefined) return undefined;
  const members = [
    { kind: ipMembers, add: 'add_ip_addresses', remove: 'remove_ip_addresses' },
    { kind: pathMembers, add: 'add_groups', remove: 'remove_groups' },
  ].map(({ kind, add, remove }) => {
    const [had, has] = [membersIn(before, kind), membersIn(after, kind)];
    const gained = [...has].filter((word) => !had.has(word));
    const lost = [...had].filter((word) => !has.has(word));
    return { kind, gained, lost, inputs: { [remove]: gained, [add]: lost } };
  });
  const element = ({ kind }: (typeof members)[number], words: readonly string[]) => ({
    resource_type: kind.type,
    [kind.field]: words,
  });
  const gains = members.filter(({ gained }) => gained.length > 0);
  const [loss] = members.filter(({ lost }) => lost.length > 0);
  const given = members
    .flatMap((one) => Object.entries(one.inputs))
    .filter(([, words]) => words.length > 0);
  const which = { group_id: id, ...within(nsx_scope) };
  const expression =
    gains.length > 0
      ? gains.map((one) => element(one, one.gained))
      : // A member that was removed and is there again is as undoing would leave it.
        loss && { $none: element(loss, loss.lost.slice(0, 1)) };
  return kept({
    tool: 'update_group',
    input: { ...inputs, ...Object.fromEntries(given), ...which },
    expects: {
      tool: 'get_group',
      input: which,
      state: { id, ...only(values, inputs), ...(expression && { expression }) },
    },
  });
}
