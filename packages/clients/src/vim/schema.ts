import table from './schema.json' with { type: 'json' };

/** One element of a method's request or of a data object. */
export interface Field {
  readonly name: string;
  /** `xsd:int`, or a name of vim25. */
  readonly type: string;
  readonly required: boolean;
  readonly many: boolean;
}

/** Requests, types and property types of VIM, generated: `node scripts/write-schema.mjs`. */
const schema = table as unknown as {
  readonly methods: Readonly<Record<string, Method>>;
  readonly types: Readonly<Record<string, { extends: string; fields: readonly Triple[] }>>;
};
type Triple = readonly [name: string, type: string, flag: '' | '?' | '*'];
interface Method {
  readonly request: readonly Triple[];
  readonly result: string;
  readonly resultArray: boolean;
}

const fieldOf = ([name, type, flag]: Triple): Field => ({
  name,
  type,
  required: flag === '',
  many: flag === '*',
});

/** Fields in schema order, made once per method or type. */
const made = new Map<readonly Triple[], ReadonlyMap<string, Field>>();
function fields(triples: readonly Triple[]): ReadonlyMap<string, Field> {
  let found = made.get(triples);
  if (!found) {
    found = new Map(triples.map((triple) => [triple[0], fieldOf(triple)]));
    made.set(triples, found);
  }
  return found;
}

/** The request's fields in order, `_this` first, and what comes back. Throws for a method not in the table. */
export function methodOf(name: string): {
  request: ReadonlyMap<string, Field>;
  result: string;
  resultArray: boolean;
} {
  const method = Object.hasOwn(schema.methods, name) ? schema.methods[name] : undefined;
  if (!method) throw new TypeError(`${name} is not in vim/schema.json; add it to wanted.json`);
  return { ...method, request: fields(method.request) };
}

/** A data object's fields, inherited ones first; undefined for anything that is not a known data object. */
export function fieldsOf(type: string): ReadonlyMap<string, Field> | undefined {
  const known = Object.hasOwn(schema.types, type) ? schema.types[type] : undefined;
  return known && fields(known.fields);
}

/** The type and its ancestors, nearest first. */
export function* lineage(type: string): Generator<string> {
  let at: string | undefined = type;
  while (at) {
    yield at;
    at = Object.hasOwn(schema.types, at) ? schema.types[at]?.extends : undefined;
  }
}
