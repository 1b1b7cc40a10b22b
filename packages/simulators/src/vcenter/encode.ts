import type { Ref } from '../inventory/entities.js';
import { dataType, methodOf } from './schema.js';
import { Typed } from './value.js';
import type { VimFault } from './vim-fault.js';
import { soapNs, vimNs, xsdNs, xsiNs } from './xml.js';

/** How `xsi:type` is written. `go`: as vcsim does, with a prefix of its own declared on every element. */
export type Dialect = 'vcenter' | 'go';

const typeAttribute: Readonly<Record<Dialect, (type: string) => string>> = {
  vcenter: (type) => ` xsi:type="${type}"`,
  go: (type) => ` xmlns:_XMLSchema-instance="${xsiNs}" _XMLSchema-instance:type="${type}"`,
};

const head = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="${soapNs}" xmlns:xsd="${xsdNs}" xmlns:xsi="${xsiNs}">
<soapenv:Body>
`;
const tail = '\n</soapenv:Body>\n</soapenv:Envelope>';

/** The API document calls it optional (a removed property has no value); govmomi's Go type cannot say so. */
const valueOfChange = 'PropertyChange.val';

export class Encoder {
  readonly #type: (type: string) => string;

  constructor(dialect: Dialect) {
    this.#type = typeAttribute[dialect];
  }

  /** The answer to a call in pieces, so that a large one never stands in memory whole. */
  *answer(method: string, value: unknown): Generator<string> {
    const { result, resultArray } = methodOf(method) ?? { result: '', resultArray: false };
    yield `${head}<${method}Response xmlns="${vimNs}">`;
    if (value !== undefined && result !== '') {
      if (resultArray) yield* this.#each('returnval', result, value as Iterable<unknown>);
      else yield* this.#object('returnval', result, value);
    }
    yield `</${method}Response>${tail}`;
  }

  fault(fault: VimFault): string {
    const detail = this.element(`${fault.type}Fault`, '', new Typed(fault.type, fault.object));
    const scoped = detail.replace(/^<\w+/, (open) => `${open} xmlns="${vimNs}"`);
    return `${head}<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${escapeText(fault.message)}</faultstring><detail>${scoped}</detail></soapenv:Fault>${tail}`;
  }

  /** One element of a declared type. A Typed value, or one with `_type`, says which subtype it is. */
  element(name: string, declared: string, value: unknown): string {
    const type = actual(declared, value);
    const inner = value instanceof Typed ? value.value : value;
    const attribute = type === declared ? '' : this.#type(type);
    if (type === 'ManagedObjectReference') {
      const ref = inner as Ref;
      return `<${name} type="${escapeText(ref.type)}"${attribute}>${escapeText(ref.value)}</${name}>`;
    }
    const fields = dataType(type)?.fields;
    if (!fields) return `<${name}${attribute}>${text(inner)}</${name}>`;
    if (Array.isArray(inner)) {
      const [item, kind] = fields[0] ?? ['', ''];
      const items = inner.map((each) => this.element(item, kind, each));
      return `<${name}${attribute}>${items.join('')}</${name}>`;
    }
    return `<${name}${attribute}>${this.#fields(type, inner)}</${name}>`;
  }

  #fields(type: string, value: unknown): string {
    const object = value as Readonly<Record<string, unknown>>;
    let out = '';
    for (const [name, kind, cardinality] of dataType(type)?.fields ?? []) {
      const field = object[name];
      if (field === undefined) {
        if (cardinality === '' && `${type}.${name}` !== valueOfChange)
          throw new Error(`${type}.${name} is required and has no value`);
      } else if (cardinality === '*') {
        for (const each of field as Iterable<unknown>) out += this.element(name, kind, each);
      } else out += this.element(name, kind, field);
    }
    return out;
  }

  /** A data object whose lists may be lazy: each of their items is a piece. */
  *#object(name: string, declared: string, value: unknown): Generator<string> {
    const lists = dataType(declared)?.fields.some(([, , cardinality]) => cardinality === '*');
    if (!lists || actual(declared, value) !== declared) {
      yield this.element(name, declared, value);
      return;
    }
    const object = value as Readonly<Record<string, unknown>>;
    yield `<${name}>`;
    for (const [field, kind, cardinality] of dataType(declared)?.fields ?? []) {
      const inner = object[field];
      if (inner === undefined) continue;
      if (cardinality === '*') yield* this.#each(field, kind, inner as Iterable<unknown>);
      else yield this.element(field, kind, inner);
    }
    yield `</${name}>`;
  }

  *#each(name: string, type: string, values: Iterable<unknown>): Generator<string> {
    for (const value of values) yield this.element(name, type, value);
  }
}

function actual(declared: string, value: unknown): string {
  if (value instanceof Typed) return value.type;
  if (typeof value === 'object' && value !== null && '_type' in value) return String(value._type);
  if (declared !== 'xsd:anyType') return declared;
  if (typeof value === 'string') return 'xsd:string';
  if (typeof value === 'boolean') return 'xsd:boolean';
  if (typeof value === 'number') return 'xsd:int';
  if (value instanceof Date) return 'xsd:dateTime';
  return 'ManagedObjectReference';
}

const text = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : escapeText(String(value));

const plain = /^[ !#-%'-;=?-~]*$/;
const special = /[&<>"\ufffe\uffff]|\p{Cc}|\p{Cs}/gu;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\t': '\t',
  '\n': '\n',
};

/** Escapes text. What XML 1.0 cannot carry becomes a question mark; the C1 controls it carries as they are. */
const escapeText = (value: string): string =>
  plain.test(value)
    ? value
    : value.replace(
        special,
        (char) => escapes[char] ?? (/[\u007f-\u009f]/.test(char) ? char : '?'),
      );
