import { types } from './catalogue.js';
import type { Fields } from './new-object.js';
import { badJson, badRequest } from './nsx-error.js';

/** Types that stand for others: `resource_type` says which. */
const families: Readonly<Record<string, readonly string[]>> = {
  Expression: [
    'Condition',
    'ConjunctionOperator',
    'NestedExpression',
    'IPAddressExpression',
    'MACAddressExpression',
    'ExternalIDExpression',
    'PathExpression',
    'IdentityGroupExpression',
  ],
  ServiceEntry: [
    'L4PortSetServiceEntry',
    'ICMPTypeServiceEntry',
    'IPProtocolServiceEntry',
    'IGMPTypeServiceEntry',
    'ALGTypeServiceEntry',
    'EtherTypeServiceEntry',
    'NestedServiceServiceEntry',
  ],
  PacketData: ['FieldsPacketData'],
  IdsProfileCriteria: ['IdsProfileFilterCriteria', 'IdsProfileConjunctionOperator'],
};

/** What a field cannot be left without. The model files do not say, so only what makes no sense otherwise. */
const required: Readonly<Record<string, readonly string[]>> = {
  Condition: ['member_type', 'key', 'operator', 'value'],
  ConjunctionOperator: ['conjunction_operator'],
  NestedExpression: ['expressions'],
  IPAddressExpression: ['ip_addresses'],
  MACAddressExpression: ['mac_addresses'],
  ExternalIDExpression: ['external_ids', 'member_type'],
  PathExpression: ['paths'],
  L4PortSetServiceEntry: ['l4_protocol'],
  NestedServiceServiceEntry: ['nested_service_path'],
  VirtualMachineTagUpdate: ['external_id', 'tags'],
  TraceflowConfig: ['packet'],
  TagBulkOperation: ['tag'],
};

/** The JSON object in a body. Throws what NSX answers when it is none. */
export function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badJson((error as Error).message);
  }
  if (!isObject(value)) throw badJson('an object is expected.');
  return value;
}

/**
 * Checks a body against its type and answers it without the fields that are null. Throws, naming the field, when
 * it has one the type does not have, of another JSON type, too long, or with a value that is not one of its own.
 */
export function checkBody(value: Fields, type: string, at = ''): Fields {
  const fields = types[type];
  if (!fields) return value;
  const checked: Record<string, unknown> = {};
  for (const [name, held] of Object.entries(value)) {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const place = at ? `${at}.${name}` : name;
    if (spec === undefined) {
      if (name !== 'resource_type') throw badRequest(`Unrecognized field "${place}" of ${type}.`);
      checked[name] = held;
    } else if (held !== null) checked[name] = checkField(held, spec, place);
  }
  for (const name of required[type] ?? [])
    if (checked[name] === undefined)
      throw badRequest(`Field ${at ? `${at}.` : ''}${name} of ${type} is required.`);
  return checked;
}

function checkField(value: unknown, spec: string, at: string): unknown {
  const [, list, name = '', least, most] =
    /^(\[\])?(.*?)(?:>=(\d+))?(?:<=(\d+))?$/.exec(spec) ?? [];
  const bounds: Bounds = {
    least: Number(least ?? 0),
    most: Number(most ?? Number.POSITIVE_INFINITY),
  };
  if (!list) return checkValue(value, name, at, bounds);
  if (!Array.isArray(value)) throw badRequest(`Field ${at} is a list.`);
  checkSize(value.length, bounds, at, 'elements');
  return value.map((each, index) => checkValue(each, name, `${at}[${index}]`, unbounded));
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const unbounded: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };

function checkSize(size: number, { least, most }: Bounds, at: string, unit: string): void {
  if (size > most) throw badRequest(`Field ${at} exceeds the maximum of ${most} ${unit}.`);
  if (size < least) throw badRequest(`Field ${at} needs at least ${least} ${unit}.`);
}

function checkValue(value: unknown, name: string, at: string, bounds: Bounds): unknown {
  const kind = jsonTypes[name] ?? (isEnum(name) ? 'string' : 'object');
  if (kind === 'object') {
    if (!isObject(value)) throw badRequest(`Field ${at} is an object.`);
    const family = families[name];
    return checkBody(value, family ? memberOf(family, value, at) : name, at);
  }
  if (typeof value !== kind) throw badRequest(`Field ${at} is a ${kind}, not ${shown(value)}.`);
  if (name === 'int' && !Number.isSafeInteger(value))
    throw badRequest(`Field ${at} is a whole number, not ${shown(value)}.`);
  if (typeof value === 'string' && isEnum(name) && !name.split('|').includes(value))
    throw badRequest(`Field ${at} is one of ${name.split('|').join(', ')}, not ${shown(value)}.`);
  if (typeof value === 'string') checkSize([...value].length, bounds, at, 'characters');
  if (typeof value === 'number' && (value > bounds.most || value < bounds.least))
    throw badRequest(`Field ${at} is between ${bounds.least} and ${bounds.most}.`);
  return value;
}

const jsonTypes: Readonly<Record<string, 'string' | 'number' | 'boolean'>> = {
  string: 'string',
  IPv6Address: 'string',
  int: 'number',
  number: 'number',
  boolean: 'boolean',
};

/** A union, or a single word in capitals: no type is called so. */
const isEnum = (name: string): boolean => name.includes('|') || /^[A-Z_0-9]+$/.test(name);

function memberOf(family: readonly string[], value: Fields, at: string): string {
  const type = value['resource_type'];
  if (typeof type === 'string' && family.includes(type)) return type;
  throw badRequest(`Field ${at}.resource_type is one of ${family.join(', ')}, not ${shown(type)}.`);
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
