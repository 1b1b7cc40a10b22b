import { StringDecoder } from 'node:string_decoder';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { emptyProps, rowOf } from './row.js';
import { type Field, fieldsOf, methodOf } from './schema.js';
import type { FaultFields, Ref, Row } from './types.js';
import { itemOf, type Kind, kindOf, scalar, typeNamed } from './value.js';
import { VimFault } from './vim-fault.js';
import { localName, XsiTypes } from './xsi-type.js';

const deepest = 256;

interface Open {
  kind: Kind;
  /** Name of the field in the parent. */
  name: string;
  type: string;
  many: boolean;
  /** Of a reference: what it refers to. */
  of: string;
  text: string;
  fields: ReadonlyMap<string, Field> | undefined;
  object: Record<string, unknown>;
  items: unknown[];
  value: unknown;
}

/**
 * Decodes one SOAP answer while it arrives. ObjectContent rows are not kept in the result: take them
 * with `takeRows` after each chunk. Fields the schema does not know are skipped. Throws Error when the
 * answer is not well-formed, has a DOCTYPE or is not a SOAP envelope.
 */
export class Answer {
  readonly #parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  readonly #text = new StringDecoder('utf8');
  readonly #result: Field;
  readonly #stack: Open[] = [];
  readonly #types = new XsiTypes();
  #depth = -1;
  #rows: Row[] = [];
  #value: unknown;
  #answered = false;
  #fault: { message: string; fields: FaultFields } | undefined;

  constructor(method: string) {
    const { result, resultArray } = methodOf(method);
    this.#result = { name: 'returnval', type: result, required: false, many: resultArray };
    this.#parser.on('opentag', (tag) => this.#open(tag));
    this.#parser.on('closetag', () => this.#close());
    const text = (chunk: string) => {
      const open = this.#stack[this.#depth];
      if (open && (open.kind === 'leaf' || open.kind === 'reference')) open.text += chunk;
    };
    this.#parser.on('text', text);
    this.#parser.on('cdata', text);
    this.#parser.on('doctype', () => {
      throw new Error('the answer has a DOCTYPE');
    });
  }

  write(chunk: Buffer): void {
    this.#parser.write(this.#text.write(chunk));
  }

  /** The rows decoded since the last time. */
  takeRows(): Row[] {
    const rows = this.#rows;
    if (rows.length) this.#rows = [];
    return rows;
  }

  /** The result's fields so far. */
  get partial(): Readonly<Record<string, unknown>> {
    const open = this.#depth >= 3 ? this.#stack[3]?.object : this.#value;
    return open && typeof open === 'object' ? (open as Record<string, unknown>) : {};
  }

  /** The method's result, undefined for none. Throws VimFault when the answer is a fault. */
  end(): unknown {
    this.#parser.write(this.#text.end());
    this.#parser.close();
    if (this.#fault) throw new VimFault(this.#fault.fields, this.#fault.message);
    if (!this.#answered) throw new Error('the answer is not a SOAP envelope');
    return this.#value;
  }

  #open(tag: SaxesTagPlain): void {
    const parent = this.#stack[this.#depth];
    const depth = ++this.#depth;
    if (depth > deepest) throw new Error('the answer is nested too deeply');
    const name = localName(tag.name);
    const open = this.#at(depth);
    open.name = name;

    open.of = tag.attributes['type'] ?? '';
    const named = this.#types.of(tag.attributes, depth);

    switch (parent?.kind) {
      case undefined:
        if (name !== 'Envelope') throw new Error('the answer is not a SOAP envelope');
        this.#start(open, 'frame', '');
        break;
      case 'frame':
        this.#frame(open, parent?.name === 'Body');
        break;
      case 'fault':
        if (parent?.name === 'detail') this.#start(open, 'object', named || unsuffixed(name));
        else if (name === 'detail') this.#start(open, 'fault', '');
        else this.#start(open, name === 'faultstring' ? 'leaf' : 'skip', 'xsd:string');
        break;
      case 'response':
        this.#field(open, name === 'returnval' ? this.#result : undefined, named);
        break;
      case 'array':
        this.#typed(open, itemOf(parent?.type ?? ''), true, named);
        break;
      case 'object':
      case 'row':
      case 'property':
        this.#field(open, parent?.fields?.get(name), named);
        break;
      default:
        this.#start(open, 'skip', '');
    }
  }

  #frame(open: Open, inBody: boolean): void {
    if (!inBody) this.#start(open, open.name === 'Body' ? 'frame' : 'skip', '');
    else if (open.name === 'Fault') {
      this.#fault = { message: '', fields: {} };
      this.#start(open, 'fault', '');
    } else {
      this.#answered = true;
      this.#start(open, 'response', '');
    }
  }

  #field(open: Open, field: Field | undefined, named: string): void {
    if (field) this.#typed(open, field.type, field.many, named);
    else this.#start(open, 'skip', '');
  }

  /** An element of a declared type, or of the one `xsi:type` names. */
  #typed(open: Open, declared: string, many: boolean, named: string): void {
    const type = named ? typeNamed(named) : declared;
    open.many = many;
    const kind = kindOf(type);
    // A type newer than our schema is read as far as the declared type goes.
    const unknown = kind === 'leaf' && type !== declared && fieldsOf(declared) !== undefined;
    this.#start(open, unknown ? 'object' : kind, type, unknown ? declared : type);
    if (open.kind === 'object' && type !== declared) open.object = { $type: type };
  }

  #start(open: Open, kind: Kind, type: string, fieldsFrom = type): void {
    open.kind = kind;
    open.type = type;
    open.text = '';
    if (kind === 'leaf' || kind === 'reference' || kind === 'skip') return;
    open.value = undefined;
    if (kind === 'object') open.object = {};
    if (kind === 'object' || kind === 'row' || kind === 'property')
      open.fields = fieldsOf(fieldsFrom);
    if (kind === 'array') open.items = [];
    if (kind === 'row') {
      open.object = emptyProps();
      open.items = [];
    }
  }

  #close(): void {
    const open = this.#at(this.#depth);
    this.#types.leave(this.#depth);
    const parent = this.#stack[--this.#depth];
    if (!parent || this.#depth < 0) return;
    switch (open.kind) {
      case 'leaf':
        this.#give(parent, open, scalar(open.type, open.text));
        break;
      case 'reference':
        this.#give(parent, open, { type: open.of, value: open.text } satisfies Ref);
        break;
      case 'object':
        this.#give(parent, open, open.object);
        break;
      case 'array':
        this.#give(parent, open, open.items);
        break;
      case 'property':
        if (parent.kind === 'row') parent.object[open.text] = open.value;
        break;
      case 'row':
        this.#rows.push(rowOf(open.value, open.object, open.items));
        break;
    }
  }

  /** Puts a finished value where its parent keeps it. */
  #give(parent: Open, { name, many, type }: Open, value: unknown): void {
    switch (parent.kind) {
      case 'array':
        parent.items.push(value);
        return;
      case 'row':
        if (name === 'obj') parent.value = value;
        else parent.items.push(value);
        return;
      case 'property':
        if (name === 'name') parent.text = String(value);
        else parent.value = value;
        return;
      case 'response':
        if (!many) this.#value = value;
        else if (Array.isArray(this.#value)) this.#value.push(value);
        else this.#value = [value];
        return;
      case 'fault':
        if (!this.#fault) return;
        if (parent.name === 'detail')
          this.#fault.fields = { ...(value as FaultFields), $type: type };
        else this.#fault.message = String(value);
        return;
      case 'object': {
        const list = parent.object[name];
        if (!many) parent.object[name] = value;
        else if (Array.isArray(list)) list.push(value);
        else parent.object[name] = [value];
        return;
      }
    }
  }

  /** The record of one depth, used again for every element there. */
  #at(depth: number): Open {
    let open = this.#stack[depth];
    if (!open) {
      open = { ...blank };
      this.#stack.push(open);
    }
    return open;
  }
}

const blank: Readonly<Open> = {
  kind: 'skip',
  name: '',
  type: '',
  many: false,
  of: '',
  text: '',
  fields: undefined,
  object: {},
  items: [],
  value: undefined,
};

const unsuffixed = (name: string) => name.replace(/Fault$/, '');
