import { has, type VcenterVersion } from '../server/vcenter-version.js';
import { fieldsSince, types } from './catalogue.js';
import { invalidArgument } from './refusals.js';

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The JSON in a body. Throws when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidArgument(`The body of the request is not JSON: ${(error as Error).message}`);
  }
}

/** Whose API a value is of, and what becomes of a field that came later. */
export interface Era {
  readonly version: VcenterVersion;
  readonly newer: 'refused' | 'dropped';
}

/**
 * Checks a value against what it should be and answers it without fields that are null. Throws INVALID_ARGUMENT with
 * the path of what has a field the type does not have, lacks one it must have, or is of another JSON type.
 */
export function checkValue(value: unknown, spec: string, at: string, era: Era): unknown {
  const optional = spec.endsWith('?');
  const name = optional ? spec.slice(0, -1) : spec;
  if (value === null || value === undefined) {
    if (optional) return undefined;
    throw invalidArgument(`${placeOf(at)} is missing.`, at);
  }
  if (name.startsWith('[]')) {
    if (!Array.isArray(value)) throw wrong(at, 'a list', value);
    return value.map((each, index) => checkValue(each, name.slice(2), `${at}[${index}]`, era));
  }
  if (name.startsWith('{}')) {
    const entries = Object.entries(objectOf(value, at));
    return Object.fromEntries(
      entries.map(([key, each]) => [key, checkValue(each, name.slice(2), `${at}.${key}`, era)]),
    );
  }
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (typeof type === 'string') return checkChoice(value, type.split('|'), at);
  return type ? checkFields(objectOf(value, at), name, at, era) : checkScalar(value, name, at);
}

function checkFields(value: Fields, typeName: string, at: string, era: Era): Fields {
  const type = types[typeName] as Readonly<Record<string, string>>; // no enumeration: the caller looked
  const since = fieldsSince[typeName] ?? {};
  const place = (name: string) => (at === '' ? name : `${at}.${name}`);
  const known = (name: string) => Object.hasOwn(type, name) && has(era.version, since[name]);
  for (const name of Object.keys(value)) {
    const dropped = era.newer === 'dropped' && Object.hasOwn(type, name);
    if (!known(name) && !dropped)
      throw invalidArgument(`Unexpected field '${place(name)}'.`, place(name));
  }
  const checked: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(type)) {
    const held = known(name) ? checkValue(value[name], spec, place(name), era) : undefined;
    if (held !== undefined) checked[name] = held;
  }
  return checked;
}

function checkChoice(value: unknown, choices: readonly string[], at: string): string {
  if (typeof value === 'string' && choices.includes(value)) return value;
  throw wrong(at, `one of ${choices.join(', ')}`, value);
}

const scalars: Readonly<Record<string, 'string' | 'number' | 'boolean'>> = {
  string: 'string',
  id: 'string',
  uri: 'string',
  secret: 'string',
  datetime: 'string',
  integer: 'number',
  double: 'number',
  boolean: 'boolean',
};

function checkScalar(value: unknown, name: string, at: string): unknown {
  const kind = scalars[name];
  if (kind === undefined) return objectOf(value, at); // a structure that only the running system names
  if (typeof value !== kind) throw wrong(at, `a ${name}`, value);
  if (name === 'integer' && !Number.isSafeInteger(value)) throw wrong(at, 'a whole number', value);
  if (name === 'datetime' && Number.isNaN(Date.parse(String(value))))
    throw wrong(at, 'a date', value);
  return value;
}

function objectOf(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(at, 'an object', value);
}

const placeOf = (at: string): string => (at === '' ? 'The body' : `Field '${at}'`);

const wrong = (at: string, expected: string, value: unknown) =>
  invalidArgument(`${placeOf(at)} is ${expected}, not ${JSON.stringify(value)?.slice(0, 80)}.`, at);

/** Checks the query of a request: parameter -> its value, or all its values where it may hold a list. */
export function checkQuery(
  search: string,
  specs: Readonly<Record<string, string>>,
  era: Era,
): Fields {
  const given = new URLSearchParams(search);
  const query: Record<string, unknown> = {};
  for (const name of new Set(given.keys())) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) throw invalidArgument(`Unexpected query parameter '${name}'.`, name);
    const values = given.getAll(name);
    if (!spec.startsWith('[]') && values.length > 1)
      throw invalidArgument(`The query parameter '${name}' is given more than once.`, name);
    query[name] = spec.startsWith('[]') ? values : values[0];
  }
  for (const [name, spec] of Object.entries(specs)) checkValue(query[name], spec, name, era);
  return query;
}
