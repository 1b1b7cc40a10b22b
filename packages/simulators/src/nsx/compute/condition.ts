import type { PolicyObject } from '../store.js';
import { records, text } from './fields.js';
import type { Interface } from './interfaces.js';

type Expression = Readonly<Record<string, unknown>>;
/** What a condition looks at: names by key, and tags. */
interface Described {
  readonly names: Readonly<Record<string, string | undefined>>;
  readonly tags: unknown;
}

/** Members the simulation has. Pods, Antrea, vCenter port groups and physical servers it has not. */
const knownTypes = new Set([
  'VirtualMachine',
  'Segment',
  'SegmentPort',
  'LogicalSwitch',
  'LogicalPort',
  'Group',
  'IPSet',
]);

/** False: who matches the condition depends on objects that the simulation does not have. */
export const isKnown = (condition: Expression): boolean =>
  knownTypes.has(text(condition['member_type']));

/** Whether an interface is a member by a condition on its machine, port or segment. */
export function interfaceMatches(condition: Expression, { vm, port, segment }: Interface): boolean {
  switch (condition['member_type']) {
    case 'VirtualMachine':
      return describedMatches(condition, {
        names: {
          Name: vm.display_name,
          OSName: vm.guest_info.os_name,
          ComputerName: vm.guest_info.computer_name,
        },
        tags: vm.tags,
      });
    case 'Segment':
    case 'LogicalSwitch':
      return segment !== undefined && objectMatches(condition, segment);
    case 'SegmentPort':
    case 'LogicalPort':
      return port !== undefined && objectMatches(condition, port);
    default:
      return false;
  }
}

/** Whether a policy object has the name or the tag a condition asks for. */
export function objectMatches(condition: Expression, object: PolicyObject): boolean {
  return describedMatches(condition, {
    names: { Name: text(object['display_name']) },
    tags: object['tags'],
  });
}

function describedMatches(condition: Expression, { names, tags }: Described): boolean {
  const key = text(condition['key']);
  if (key === 'ALL') return true;
  const operator = text(condition['operator']) || 'EQUALS'; // left out for segments and ports
  const value = text(condition['value']);
  if (key === 'Tag') return tagMatches(operator, value, condition['scope_operator'], tags);
  return textMatches(operator, names[key], value);
}

/**
 * `scope|tag`: an empty part is not looked at (API, Condition.scope_operator). A negative operator holds when no
 * tag of the scope is the one named, so for a machine without tags too.
 */
function tagMatches(
  operator: string,
  value: string,
  scopeOperator: unknown,
  tags: unknown,
): boolean {
  const cut = value.indexOf('|');
  const scope = cut < 0 ? '' : value.slice(0, cut);
  const tag = value.slice(cut + 1);
  const inScope = records(tags).filter(
    (each) => scope === '' || same(text(each['scope']), scope) !== (scopeOperator === 'NOTEQUALS'),
  );
  if (tag === '') return inScope.length > 0;
  return isNegative(operator)
    ? inScope.every((each) => textMatches(operator, text(each['tag']), tag))
    : inScope.some((each) => textMatches(operator, text(each['tag']), tag));
}

const isNegative = (operator: string): boolean => operator === 'NOTEQUALS' || operator === 'NOTIN';

/** "Evaluation of the condition expression will be case insensitive" (API, Condition). IN takes a comma list. */
function textMatches(operator: string, actual: string | undefined, value: string): boolean {
  if (actual === undefined) return isNegative(operator);
  const [has, wanted] = [actual.toLowerCase(), value.toLowerCase()];
  const list = () => wanted.split(',').map((each) => each.trim());
  switch (operator) {
    case 'EQUALS':
      return has === wanted;
    case 'NOTEQUALS':
      return has !== wanted;
    case 'CONTAINS':
      return has.includes(wanted);
    case 'STARTSWITH':
      return has.startsWith(wanted);
    case 'ENDSWITH':
      return has.endsWith(wanted);
    case 'IN':
      return list().includes(has);
    case 'NOTIN':
      return !list().includes(has);
    case 'MATCHES':
      return matchesPattern(actual, value);
    default:
      return false;
  }
}

function matchesPattern(actual: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'i').test(actual);
  } catch {
    return false;
  }
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
