import type { Expression, Group } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import { parseIps } from './dfw/ip-set.js';

/** The part of a group's expression that a person gives in words. */
export interface GroupWords {
  readonly tag_scope?: string | undefined;
  readonly tag_value?: string | undefined;
  readonly ip_addresses?: readonly string[] | undefined;
  readonly segment_paths?: readonly string[] | undefined;
  readonly group_paths?: readonly string[] | undefined;
}

/** The expression that these words make: kinds of members are joined by OR, the only way NSX takes them. */
export function expressionOf(words: GroupWords): Expression[] {
  const {
    tag_scope = '',
    tag_value,
    ip_addresses = [],
    segment_paths = [],
    group_paths = [],
  } = words;
  if (tag_value === undefined && tag_scope !== '')
    throw new Refusal(
      'INVALID_INPUT',
      'tag_scope was given without tag_value.',
      'Give tag_value too: a VM is a member by scope and tag.',
    );
  const paths = [...segment_paths, ...group_paths];
  return joined([
    ...(tag_value === undefined ? [] : [tagCondition(tag_scope, tag_value)]),
    ...(ip_addresses.length > 0 ? [addresses(checkedIps(ip_addresses))] : []),
    ...(paths.length > 0 ? [{ resource_type: 'PathExpression', paths }] : []),
  ]);
}

/** `scope|tag`: VMs that carry the tag. */
const tagCondition = (scope: string, tag: string): Expression => ({
  resource_type: 'Condition',
  member_type: 'VirtualMachine',
  key: 'Tag',
  operator: 'EQUALS',
  value: `${scope}|${tag}`,
  ...(scope !== '' && { scope_operator: 'EQUALS' }),
});

const addresses = (ip_addresses: readonly string[]): Expression => ({
  resource_type: 'IPAddressExpression',
  ip_addresses,
});

/** Elements with an OR between each two. */
export const joined = (elements: readonly Expression[]): Expression[] =>
  elements.flatMap((element, at) => (at === 0 ? [element] : [or, element]));

const or: Expression = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };

/** Addresses, prefixes and ranges as they were given. Throws INVALID_INPUT naming the first that is none. */
export function checkedIps(words: readonly string[]): string[] {
  return words.map((word) => {
    const trimmed = word.trim();
    if (parseIps(trimmed)) return trimmed;
    throw new Refusal(
      'INVALID_INPUT',
      `"${word}" is not an IP address, prefix or range.`,
      'Write 10.1.2.3, 10.1.0.0/16, 10.1.2.3-10.1.2.9 or their IPv6 kind.',
    );
  });
}

/** How a set of words in one kind of element is to change. */
export interface MemberChange {
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

interface Kind {
  readonly type: 'IPAddressExpression' | 'PathExpression';
  readonly field: 'ip_addresses' | 'paths';
}
export const ipMembers: Kind = { type: 'IPAddressExpression', field: 'ip_addresses' };
export const pathMembers: Kind = { type: 'PathExpression', field: 'paths' };

/**
 * The expression with members added and removed, everything else as it is. Only elements at its top level that
 * stand for themselves (between ORs) are touched: an AND would make a member mean something else.
 */
export function withMembers(
  expression: NonNullable<Group['expression']>,
  kind: Kind,
  { add = [], remove = [] }: MemberChange,
): Expression[] {
  const elements = expression.filter(
    ({ resource_type }) => resource_type !== 'ConjunctionOperator',
  );
  const isOr = expression.every(
    ({ resource_type, conjunction_operator }) =>
      resource_type !== 'ConjunctionOperator' || conjunction_operator === 'OR',
  );
  const known = membersIn(expression, kind);
  const missing = remove.find((word) => !known.has(word));
  if (missing !== undefined)
    throw new Refusal(
      'NOT_FOUND',
      `The group does not name "${missing}" itself.`,
      'Run `vmware-nsx-security group get` to see its expression.',
    );
  if (!isOr)
    throw new Refusal(
      'BLOCKED',
      'The expression of the group has an AND at its top level.',
      'Run `vmware-nsx-security group create` for a group of these members, and name both in the rules.',
    );
  const fresh = [...new Set(add)].filter((word) => !known.has(word));
  if (fresh.length === 0 && remove.length === 0) return [...expression];
  const gone = new Set(remove);
  let added = false;
  const changed = elements.flatMap((element) => {
    if (element.resource_type !== kind.type) return [element];
    const more = added ? [] : fresh;
    added = true;
    const words = [...wordsIn(element, kind).filter((word) => !gone.has(word)), ...more];
    return words.length > 0 ? [{ ...element, [kind.field]: words }] : [];
  });
  if (!added && fresh.length > 0) changed.push({ resource_type: kind.type, [kind.field]: fresh });
  return joined(changed);
}

/** Members of one kind that an expression names at its top level. */
export const membersIn = (expression: readonly Expression[], kind: Kind): Set<string> =>
  new Set(
    expression
      .filter(({ resource_type }) => resource_type === kind.type)
      .flatMap((element) => wordsIn(element, kind)),
  );

const wordsIn = (element: Expression, { field }: Kind): string[] => {
  const words = element[field];
  return Array.isArray(words) ? words.map(String) : [];
};
