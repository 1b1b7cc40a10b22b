import table from './schema.json' with { type: 'json' };

/** Name, type, and cardinality: '' required, '?' optional, '*' any number. */
export type Field = readonly [name: string, type: string, cardinality: string];

interface Method {
  readonly request: readonly Field[];
  readonly result: string;
  readonly resultArray: boolean;
}

interface DataType {
  readonly extends: string;
  readonly fields: readonly Field[];
}

interface Schema {
  readonly methods: Readonly<Record<string, Method>>;
  readonly types: Readonly<Record<string, DataType>>;
  readonly enums: readonly string[];
  readonly objects: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The VIM API as the simulator serves it, written by scripts/write-schema.mjs from govmomi's types. */
const schema = table as unknown as Schema; // JSON knows no tuples

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export const methodOf = (name: string): Method | undefined => own(schema.methods, name);
export const dataType = (name: string): DataType | undefined => own(schema.types, name);
export const isEnum = (name: string): boolean => schema.enums.includes(name);

/** The properties a managed object type has, with their types. */
export const propertiesOf = (type: string): Readonly<Record<string, string>> | undefined =>
  own(schema.objects, type);

export const objectTypes = (): string[] => Object.keys(schema.objects);

/** Whether a data object type is another, or extends it. */
export function descends(type: string, ancestor: string): boolean {
  for (let at: string | undefined = type; at; at = dataType(at)?.extends)
    if (at === ancestor) return true;
  return false;
}
