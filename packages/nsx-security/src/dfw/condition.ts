import type { Expression, Tag } from '@vmware/clients/nsx';

/** What a condition may ask about an object, in lower case. */
export interface Subject {
  readonly name: string;
  readonly osName?: string;
  readonly computerName?: string;
  readonly tags: readonly Required<Tag>[];
}

/**
 * A condition (NSX Policy type `Condition`) as a test. Comparison ignores case, as its documentation says. Null for
 * keys and operators whose meaning is not documented: the caller takes the membership as unknown.
 */
export function conditionTest(condition: Expression): ((subject: Subject) => boolean) | null {
  const value = condition['value'];
  const operator = condition['operator'];
  if (typeof value !== 'string') return null;
  switch (condition['key']) {
    case 'Tag':
      return tagTest(value, operator ?? 'EQUALS', condition['scope_operator'] ?? 'EQUALS');
    case 'Name':
      return textTest(value, operator, (subject) => subject.name);
    case 'OSName':
      return textTest(value, operator, (subject) => subject.osName);
    case 'ComputerName':
      return textTest(value, operator, (subject) => subject.computerName);
    case 'ALL':
      return () => true;
    default:
      return null;
  }
}

type Compare = (text: string) => boolean;

/** The positive form and whether it is negated. */
function comparison(operator: unknown, value: string): { is: Compare; negated: boolean } | null {
  const wanted = value.toLowerCase();
  const list = () => new Set(wanted.split(',').map((item) => item.trim()));
  switch (operator) {
    case 'EQUALS':
      return { is: (text) => text === wanted, negated: false };
    case 'NOTEQUALS':
      return { is: (text) => text === wanted, negated: true };
    case 'CONTAINS':
      return { is: (text) => text.includes(wanted), negated: false };
    case 'STARTSWITH':
      return { is: (text) => text.startsWith(wanted), negated: false };
    case 'ENDSWITH':
      return { is: (text) => text.endsWith(wanted), negated: false };
    case 'IN':
    case 'NOTIN': {
      const items = list();
      return { is: (text) => items.has(text), negated: operator === 'NOTIN' };
    }
    default:
      return null;
  }
}

/** A name that NSX does not know equals nothing. */
function textTest(
  value: string,
  operator: unknown,
  read: (subject: Subject) => string | undefined,
) {
  const compare = comparison(operator, value);
  if (!compare) return null;
  return (subject: Subject) => {
    const text = read(subject);
    return (text !== undefined && compare.is(text)) !== compare.negated;
  };
}

/** `scope|tag`, `scope|`, `|tag` or `tag`. An empty half is not evaluated; a negated tag means that no such tag is there. */
function tagTest(value: string, operator: unknown, scopeOperator: unknown) {
  const bar = value.indexOf('|');
  const scope = bar < 0 ? '' : value.slice(0, bar).toLowerCase();
  const tag = bar < 0 ? value : value.slice(bar + 1);
  const compare = comparison(operator, tag);
  if (!compare || (scopeOperator !== 'EQUALS' && scopeOperator !== 'NOTEQUALS')) return null;
  const wantsScope = (candidate: Required<Tag>) =>
    scope === '' || (candidate.scope === scope) === (scopeOperator === 'EQUALS');
  const wantsTag = (candidate: Required<Tag>) => tag === '' || compare.is(candidate.tag);
  return (subject: Subject) =>
    subject.tags.some((candidate) => wantsScope(candidate) && wantsTag(candidate)) !==
    (compare.negated && tag !== '');
}
