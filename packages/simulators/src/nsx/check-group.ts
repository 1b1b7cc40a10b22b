import { isIP } from 'node:net';
import type { Fields } from './new-object.js';
import { invalid } from './nsx-error.js';
import type { PolicyObject } from './store.js';

const mostConditions = 5;

/** Checks the expression of a group: criteria and conjunctions take turns, AND joins members of one type. Throws. */
export function checkGroup(group: PolicyObject): void {
  const expression = (group['expression'] ?? []) as readonly Fields[];
  if (expression.length > 0) checkExpression(expression, 'expression');
}

function checkExpression(list: readonly Fields[], at: string): void {
  if (list.length % 2 === 0)
    throw invalid(
      `Field ${at} has ${list.length} elements: criteria joined by conjunctions are an odd number.`,
    );
  for (const [index, part] of list.entries()) {
    const conjunction = part['resource_type'] === 'ConjunctionOperator';
    if (conjunction !== (index % 2 === 1))
      throw invalid(`Field ${at}[${index}] is ${conjunction ? 'a' : 'no'} ConjunctionOperator.`);
    if (part['conjunction_operator'] === 'AND')
      checkAnd(list[index - 1], list[index + 1], `${at}[${index}]`);
    checkPart(part, `${at}[${index}]`);
  }
  const counted = list.filter(({ resource_type }) =>
    ['Condition', 'NestedExpression'].includes(String(resource_type)),
  );
  if (counted.length > mostConditions)
    throw invalid(
      `Field ${at} has ${counted.length} conditions, at most ${mostConditions} are allowed.`,
    );
}

function checkAnd(left: Fields | undefined, right: Fields | undefined, at: string): void {
  const [one, other] = [memberTypeOf(left), memberTypeOf(right)];
  if (one === undefined || other === undefined || one !== other)
    throw invalid(
      `Field ${at}: AND joins conditions on the same type of member, not ${one ?? left?.['resource_type']} and ${other ?? right?.['resource_type']}.`,
    );
}

/** The type of member a condition is about, or that all conditions of a nested expression are about. */
function memberTypeOf(part: Fields | undefined): string | undefined {
  if (part?.['resource_type'] === 'Condition') return String(part['member_type']);
  if (part?.['resource_type'] !== 'NestedExpression') return undefined;
  const inner = (part['expressions'] ?? []) as readonly Fields[];
  const kinds = new Set(inner.filter((_, index) => index % 2 === 0).map(memberTypeOf));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

function checkPart(part: Fields, at: string): void {
  if (part['resource_type'] === 'NestedExpression') {
    if (at.includes('].expressions'))
      throw invalid(`Field ${at}: expressions nest one level deep.`);
    checkExpression(part['expressions'] as readonly Fields[], `${at}.expressions`);
  }
  if (part['resource_type'] === 'Condition') checkCondition(part, at);
  for (const address of (part['ip_addresses'] ?? []) as readonly string[])
    if (!isAddressSet(address))
      throw invalid(`Field ${at}: '${address}' is no address, no range and no CIDR block.`);
  for (const address of (part['mac_addresses'] ?? []) as readonly string[])
    if (!/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(address))
      throw invalid(`Field ${at}: '${address}' is no MAC address.`);
}

function checkCondition(part: Fields, at: string): void {
  if (part['key'] !== 'Tag') return;
  const value = String(part['value']);
  const [scope = '', tag = scope, ...more] = value.split('|');
  if (more.length > 0)
    throw invalid(`Field ${at}.value: a tag is written scope|tag, not '${value}'.`);
  if (scope.length > 128 || tag.length > 256)
    throw invalid(`Field ${at}.value: a scope has at most 128 characters, a tag 256.`);
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, and the same of IPv6. */
export function isAddressSet(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  if (prefix !== undefined)
    return (
      rest.length === 0 &&
      isIP(address) !== 0 &&
      /^\d{1,3}$/.test(prefix) &&
      Number(prefix) <= (isIP(address) === 4 ? 32 : 128)
    );
  const [first = '', last = first, ...more] = address.split('-').map((part) => part.trim());
  return more.length === 0 && isIP(first) !== 0 && isIP(first) === isIP(last);
}
