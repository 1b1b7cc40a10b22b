import type { Ref } from '../inventory/entities.js';
import { dataType, descends, type Field, isEnum, methodOf } from './schema.js';
import type { DataObject } from './value.js';
import { invalidRequest } from './vim-fault.js';
import { type Node, vimNs, xsdNs } from './xml.js';

/** A request that is what the schema says: every element known, in order, and of its type. */
export interface Call {
  readonly method: string;
  readonly on: Ref;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Checks a request's element against the schema. Throws InvalidRequest with the words a vCenter uses. */
export function decodeCall(node: Node): Call {
  const method = node.ns === vimNs ? methodOf(node.name) : undefined;
  if (!method) throw invalidRequest(`Unable to resolve WSDL method name ${node.name}`);
  const { _this: on, ...args } = fieldsOf(node, method.request, `method ${node.name}`);
  return { method: node.name, on: on as Ref, args };
}

/** Fields come in WSDL order. An element that is late, unknown or repeated is unexpected. */
function fieldsOf(node: Node, fields: readonly Field[], where: string): Record<string, unknown> {
  if (node.text.trim() !== '') throw invalidRequest(`Unexpected text seen${parsing(where)}`);
  const values: Record<string, unknown> = {};
  let at = 0;
  for (const child of node.children) {
    const found =
      child.ns === vimNs ? fields.findIndex(([name], i) => i >= at && name === child.name) : -1;
    const field = fields[found];
    if (!field)
      throw invalidRequest(`Unexpected element tag "${child.name}" seen${parsing(where)}`);
    const [name, type, cardinality] = field;
    const value = decode(child, type, `${where}, field ${name}`);
    if (cardinality === '*') {
      const list = values[name] as unknown[] | undefined;
      if (list) list.push(value);
      else values[name] = [value];
      at = found;
    } else {
      values[name] = value;
      at = found + 1;
    }
  }
  for (const [name, , cardinality] of fields)
    if (cardinality === '' && values[name] === undefined)
      throw invalidRequest(
        `Required property ${name} is missing from data object${parsing(where)}`,
      );
  return values;
}

function decode(node: Node, declared: string, where: string): unknown {
  const type = actualType(node, declared, where);
  if (type === 'ManagedObjectReference') return reference(node, where);
  if (type.startsWith('xsd:') || isEnum(type)) {
    if (node.children.length > 0)
      throw invalidRequest(
        `Unexpected element tag "${node.children[0]?.name}" seen${parsing(where)}`,
      );
    return scalar(node.text, type, where);
  }
  const fields = fieldsOf(node, dataType(type)?.fields ?? [], `data object of type ${type}`);
  return { ...fields, _type: type } satisfies DataObject;
}

/** xsi:type may narrow the declared type, never change it. Names are resolved by namespace. */
function actualType(node: Node, declared: string, where: string): string {
  if (!node.type) {
    if (declared === 'xsd:anyType') throw invalidRequest(`xsi:type is missing${parsing(where)}`);
    return declared;
  }
  const { ns, name } = node.type;
  const type = ns === xsdNs ? `xsd:${name}` : name;
  const known =
    ns === xsdNs ||
    (ns === vimNs && (name === 'ManagedObjectReference' || isEnum(name) || dataType(name)));
  if (!known)
    throw invalidRequest(
      `Unable to resolve WSDL type name ns "${ns}" name "${name}"${parsing(where)}`,
    );
  if (type !== declared && declared !== 'xsd:anyType' && !descends(type, declared))
    throw invalidRequest(`Type ${type} is not a ${declared}${parsing(where)}`);
  return type;
}

function reference(node: Node, where: string): Ref {
  const type = node.attributes['type'];
  const value = node.text.trim();
  if (!type || !value)
    throw invalidRequest(`A managed object reference needs a type and an id${parsing(where)}`);
  return { type, value };
}

const ranges: Readonly<Record<string, number>> = {
  'xsd:byte': 2 ** 7,
  'xsd:short': 2 ** 15,
  'xsd:int': 2 ** 31,
  'xsd:long': 2 ** 63,
};

function scalar(text: string, type: string, where: string): unknown {
  const bad = () => invalidRequest(`"${text}" is not a valid ${type}${parsing(where)}`);
  const range = ranges[type];
  if (range !== undefined) {
    const number = Number(text);
    if (!/^\s*[-+]?\d+\s*$/.test(text) || number < -range || number >= range) throw bad();
    return number;
  }
  if (type === 'xsd:boolean') {
    if (/^\s*(true|1)\s*$/.test(text)) return true;
    if (/^\s*(false|0)\s*$/.test(text)) return false;
    throw bad();
  }
  if (type === 'xsd:dateTime') {
    const date = new Date(text.trim());
    if (Number.isNaN(date.getTime())) throw bad();
    return date;
  }
  return text;
}

const parsing = (where: string) => `\n\nwhile parsing ${where}`;
