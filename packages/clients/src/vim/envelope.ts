import { ApiError } from '../http/errors.js';
import { type Field, fieldsOf, methodOf } from './schema.js';
import type { Ref } from './types.js';

const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>';
const foot = '</soapenv:Body></soapenv:Envelope>';

/**
 * A method call as a SOAP envelope, elements in schema order whatever the order of `args`. A value of a
 * subtype names it in `$type`. Throws TypeError for an argument the schema does not have or misses, and
 * INVALID_TEXT for text that XML cannot carry.
 */
export function envelope(method: string, on: Ref, args: Readonly<Record<string, unknown>>): string {
  const { request } = methodOf(method);
  const body = members(method, request, { ...args, _this: on });
  return `${head}<${method} xmlns="urn:vim25">${body}</${method}>${foot}`;
}

function members(
  owner: string,
  fields: ReadonlyMap<string, Field>,
  values: Readonly<Record<string, unknown>>,
): string {
  for (const name of Object.keys(values))
    if (name !== '$type' && !fields.has(name)) throw new TypeError(`${owner} has no ${name}`);
  let xml = '';
  for (const field of fields.values()) {
    const value = values[field.name];
    if (value === undefined) {
      if (field.required) throw new TypeError(`${owner} needs ${field.name}`);
    } else if (field.many) {
      if (!Array.isArray(value)) throw new TypeError(`${owner}.${field.name} is a list`);
      for (const item of value) xml += element(field.name, field.type, item);
    } else xml += element(field.name, field.type, value);
  }
  return xml;
}

function element(name: string, declared: string, value: unknown): string {
  if (declared === 'ManagedObjectReference') {
    const { type, value: id } = value as Ref;
    return `<${name} type="${escaped(type)}">${escaped(id)}</${name}>`;
  }
  if (value !== null && typeof value === 'object') {
    const type = '$type' in value ? String(value.$type) : declared;
    const fields = fieldsOf(type);
    if (!fields) throw new TypeError(`${type} is not in vim/schema.json; add it to wanted.json`);
    const attribute = type === declared ? '' : ` xsi:type="${type}"`;
    return `<${name}${attribute}>${members(type, fields, value as Record<string, unknown>)}</${name}>`;
  }
  const attribute = declared === 'xsd:anyType' ? ` xsi:type="${plainType(value)}"` : '';
  return `<${name}${attribute}>${escaped(String(value))}</${name}>`;
}

const plainType = (value: unknown) =>
  typeof value === 'boolean' ? 'xsd:boolean' : typeof value === 'number' ? 'xsd:int' : 'xsd:string';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

// Everything outside the Char production of XML 1.0, lone surrogates included.
const impossible = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

function escaped(text: string): string {
  if (impossible.test(text))
    throw new ApiError('INVALID_TEXT', 'A text holds a character that cannot be sent to vCenter', {
      remedy: 'Remove control characters from the input.',
    });
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
