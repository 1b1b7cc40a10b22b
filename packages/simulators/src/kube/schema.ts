import type { Cause } from './kube-error.js';
import { isJson, type Json } from './object.js';

/** The structural part of a custom resource definition's OpenAPI schema. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const preserve = 'x-kubernetes-preserve-unknown-fields';

/** The value without the fields that its schema does not name; their paths are added to `unknown`. */
export function pruned(value: unknown, schema: Schema, path = '', unknown: string[] = []): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items
      ? value.map((item, index) => pruned(item, items, `${path}[${index}]`, unknown))
      : value;
  }
  if (!isJson(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    // A null where none may be is dropped, as by the real API server: it then is as if absent.
    const nullable = schema.properties?.[name]?.nullable;
    if (inner === null && schema.properties?.[name] && !nullable) continue;
    const rule = schema.properties?.[name] ?? schema.additionalProperties;
    if (isJson(rule)) kept[name] = pruned(inner, rule, at, unknown);
    else if (rule === true || schema[preserve]) kept[name] = inner;
    else unknown.push(at);
  }
  return kept;
}

/** The value with the defaults of its schema where fields are absent. */
export function defaulted(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => defaulted(item, items)) : value;
  }
  if (!isJson(value)) return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [name, rule] of Object.entries(schema.properties ?? {})) {
    if (filled[name] === undefined && rule.default !== undefined) filled[name] = rule.default;
    if (filled[name] !== undefined) filled[name] = defaulted(filled[name], rule);
  }
  if (isJson(schema.additionalProperties)) {
    const rule = schema.additionalProperties as Schema;
    for (const name of Object.keys(value))
      if (!schema.properties?.[name]) filled[name] = defaulted(filled[name], rule);
  }
  return filled;
}

/** What is wrong with a value, in the words of kube-apiserver. */
export function faultsOf(value: unknown, schema: Schema, path: string): Cause[] {
  if (value === null && schema.nullable) return [];
  if (schema['x-kubernetes-int-or-string'])
    return typeof value === 'string' || Number.isInteger(value)
      ? []
      : [wrongType(value, 'integer,string', path)];
  if (schema.type && !isOfType(value, schema.type)) return [wrongType(value, schema.type, path)];
  const found: Cause[] = [];
  const wrong = (message: string, said: unknown = value) =>
    found.push({
      reason: 'FieldValueInvalid',
      field: path,
      message: `Invalid value: ${shown(said)}: ${path} in body ${message}`,
    });
  if (schema.enum && !schema.enum.includes(value))
    found.push({
      reason: 'FieldValueNotSupported',
      field: path,
      message: `Unsupported value: ${shown(value)}: supported values: ${schema.enum.map(shown).join(', ')}`,
    });
  if (typeof value === 'string') checkText(value, schema, path, found, wrong);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      wrong(`should be greater than or equal to ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum)
      wrong(`should be less than or equal to ${schema.maximum}`);
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems)
      wrong(`should have at least ${schema.minItems} items`, value.length);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      found.push({
        reason: 'FieldValueTooMany',
        field: path,
        message: `Too many: ${value.length}: must have at most ${schema.maxItems} items`,
      });
    const { items } = schema;
    if (items)
      for (const [index, item] of value.entries())
        found.push(...faultsOf(item, items, `${path}[${index}]`));
  }
  if (isJson(value)) found.push(...faultsOfFields(value, schema, path, wrong));
  return found;
}

function faultsOfFields(
  value: Json,
  schema: Schema,
  path: string,
  wrong: (message: string, said?: unknown) => void,
): Cause[] {
  const found: Cause[] = [];
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const count = Object.keys(value).length;
  if (schema.minProperties !== undefined && count < schema.minProperties)
    wrong(`should have at least ${schema.minProperties} properties`, count);
  if (schema.maxProperties !== undefined && count > schema.maxProperties)
    wrong(`should have at most ${schema.maxProperties} properties`, count);
  for (const name of schema.required ?? [])
    if (value[name] === undefined)
      found.push({ reason: 'FieldValueRequired', field: at(name), message: 'Required value' });
  for (const [name, inner] of Object.entries(value)) {
    const rule = schema.properties?.[name] ?? schema.additionalProperties;
    if (isJson(rule)) found.push(...faultsOf(inner, rule, at(name)));
  }
  return found;
}

function checkText(
  value: string,
  schema: Schema,
  path: string,
  found: Cause[],
  wrong: (message: string) => void,
): void {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength)
    found.push({
      reason: 'FieldValueTooLong',
      field: path,
      message: `Too long: may not be more than ${schema.maxLength} bytes`,
    });
  if (schema.minLength !== undefined && length < schema.minLength)
    wrong(`should be at least ${schema.minLength} chars long`);
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
    wrong(`should match '${schema.pattern}'`);
}

const wrongType = (value: unknown, type: string, path: string): Cause => ({
  reason: 'FieldValueTypeInvalid',
  field: path,
  message: `Invalid value: "${typeOf(value)}": ${path} in body must be of type ${type}: "${typeOf(value)}"`,
});

const shown = (value: unknown): string => JSON.stringify(value) ?? 'null';

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const isOfType = (value: unknown, type: string): boolean =>
  typeOf(value) === type || (type === 'number' && typeof value === 'number');
