import { fieldsOf } from './schema.js';

/** What an open element will become. */
export type Kind =
  | 'frame' // Envelope and Body
  | 'fault' // the SOAP Fault and its detail
  | 'response'
  | 'leaf'
  | 'reference'
  | 'object'
  | 'array' // an ArrayOf... inside an anyType
  | 'row' // an ObjectContent
  | 'property' // a DynamicProperty of a row
  | 'skip';

const plain = new Map(
  'string boolean byte short int long float double dateTime base64Binary anyURI'
    .split(' ')
    .map((name) => [name, `xsd:${name}`]),
);

const numbers = new Set(
  ['byte', 'short', 'int', 'long', 'float', 'double'].map((type) => `xsd:${type}`),
);

/** What an element of a schema type becomes. Enumerations and anything unknown are text. */
export function kindOf(type: string): Kind {
  if (type.startsWith('xsd:')) return 'leaf';
  if (type === 'ManagedObjectReference') return 'reference';
  if (type === 'ObjectContent') return 'row';
  if (type === 'DynamicProperty') return 'property';
  if (type.startsWith('ArrayOf')) return 'array';
  return fieldsOf(type) ? 'object' : 'leaf';
}

/** The type that the local name in an `xsi:type` stands for; those of vim25 begin with a capital. */
export const typeNamed = (name: string): string => plain.get(name) ?? name;

/** Type of the items of `ArrayOfString`. */
export function itemOf(arrayType: string): string {
  const item = arrayType.slice('ArrayOf'.length);
  const lower = item.charAt(0).toLowerCase() + item.slice(1);
  return plain.get(lower) ?? (item === 'AnyType' ? 'xsd:anyType' : item);
}

/** Text of an element as a value: numbers, booleans, otherwise the text; dates stay ISO strings. */
export function scalar(type: string, text: string): unknown {
  if (numbers.has(type)) return Number(text);
  if (type === 'xsd:boolean') return text === 'true' || text === '1';
  return text;
}
