import type { Kind } from './kinds.js';
import { badRequest } from './kube-error.js';
import type { KubeObject } from './object.js';

export type Matches = (object: KubeObject) => boolean;

const name = `(?:[a-z0-9.-]+/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?`;
const value = `[A-Za-z0-9_.-]*`;
const sets = new RegExp(String.raw`^(${name})\s+(in|notin)\s*\(([^()]*)\)$`);
const equal = new RegExp(String.raw`^(${name})\s*(==|=|!=)\s*(${value})$`);
const exists = new RegExp(String.raw`^(!?)\s*(${name})$`);

/** Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Throws 400 for anything else. */
export function labelMatcher(text: string | null): Matches {
  if (!text) return () => true;
  const parts = text.split(/,(?![^(]*\))/).map((part) => requirement(part.trim()));
  return ({ metadata }) => parts.every((holds) => holds(metadata.labels ?? {}));
}

function requirement(part: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = sets.exec(part);
  if (set) {
    const [, label = '', operator, list = ''] = set;
    const values = list.split(',').map((item) => item.trim());
    return operator === 'in'
      ? (labels) => values.includes(labels[label] ?? '\0')
      : (labels) => !values.includes(labels[label] ?? '\0');
  }
  const comparison = equal.exec(part);
  if (comparison) {
    const [, label = '', operator, wanted = ''] = comparison;
    return (labels) => (labels[label] === wanted) === (operator !== '!=');
  }
  const existence = exists.exec(part);
  if (existence) {
    const [, not, label = ''] = existence;
    return (labels) => label in labels === (not !== '!');
  }
  const [, word = part] = /^\S+\s+(\S+)/.exec(part) ?? [];
  throw badRequest(
    `unable to parse requirement: found '${word}', expected: in, notin, =, ==, !=, gt, lt`,
  );
}

const fields: Record<string, (object: KubeObject) => string> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};
const eventFields = ['name', 'namespace', 'kind', 'uid', 'apiVersion'];

/** Reads `metadata.name=x,metadata.namespace!=y`, for events also `involvedObject.name` and its like. Throws 400 for other fields. */
export function fieldMatcher(text: string | null, { kind, fields: builtIn }: Kind): Matches {
  if (!text) return () => true;
  const parts = text.split(',').map((part) => {
    const [, field = '', operator, wanted = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    const read = fields[field] ?? (kind === 'Event' ? involved(field) : undefined);
    if (!operator) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    if (!read)
      throw badRequest(
        builtIn
          ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
          : `field label not supported: ${field}`,
      );
    return (object: KubeObject) => (read(object) === wanted) === (operator !== '!=');
  });
  return (object) => parts.every((holds) => holds(object));
}

function involved(field: string): ((object: KubeObject) => string) | undefined {
  const [whole, part = ''] = field.split('.');
  if (field === 'type' || field === 'reason') return (object) => String(object[field] ?? '');
  if (whole !== 'involvedObject' || !eventFields.includes(part)) return undefined;
  return (object) => {
    const about = object['involvedObject'];
    return typeof about === 'object' && about !== null && part in about
      ? String((about as Record<string, unknown>)[part])
      : '';
  };
}
