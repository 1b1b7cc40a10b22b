import * as z from 'zod';
import { isCredentialKey } from './credential-key.js';
import { scrub } from './scrub.js';

const stars = '***';
const maxDepth = 64;

/** The part of JSON Schema that tells where secrets are. */
interface Shape {
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape | boolean;
  readonly prefixItems?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
}

const shapes = new WeakMap<z.ZodType, Shape>();

function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  shapes.set(schema, shape);
  return shape;
}

/**
 * A copy of an input that may be written down: fields the schema marks with `secret()` and values under a
 * credential's key become `***`, and credentials inside texts are scrubbed.
 */
export function redact(
  input: Readonly<Record<string, unknown>>,
  schema: z.ZodType,
): Record<string, unknown> {
  if (Object.keys(input).length === 0) return {};
  const root = shapeOf(schema);
  return record(input, [root], { ...root.$defs, '#': root }, 0);
}

/** The same without a schema: what the target answered, and the texts of errors. */
export const redactDeep = (value: unknown): unknown => walk(value, [], {}, 0);

type Defs = Readonly<Record<string, Shape>>;

function walk(value: unknown, shapes: readonly Shape[], defs: Defs, depth: number): unknown {
  if (value !== undefined && value !== null && shapes.some(({ writeOnly }) => writeOnly))
    return stars;
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return stars;
  if (Array.isArray(value))
    return value.map((item, i) => walk(item, itemsOf(shapes, i, defs), defs, depth + 1));
  return record(value, shapes, defs, depth);
}

function record(value: object, shapes: readonly Shape[], defs: Defs, depth: number) {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const hides =
        isCredentialKey(key) && typeof item !== 'boolean' && item !== null && item !== '';
      return [
        word.test(key) ? key : scrub(key),
        hides && item !== undefined
          ? stars
          : walk(item, fieldOf(shapes, key, defs), defs, depth + 1),
      ];
    }),
  );
}

/** A key that can hold no credential. */
const word = /^\w{0,64}$/;

const fieldOf = (shapes: readonly Shape[], key: string, defs: Defs): Shape[] =>
  shapes.flatMap(({ properties, additionalProperties }) => {
    const named = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    return spread(named ?? additionalProperties, defs);
  });

const itemsOf = (shapes: readonly Shape[], index: number, defs: Defs): Shape[] =>
  shapes.flatMap(({ items, prefixItems }) => spread(prefixItems?.[index] ?? items, defs));

/** A shape and every alternative it may be. A field that is secret in one of them is secret. */
function spread(shape: Shape | boolean | undefined, defs: Defs, depth = 0): Shape[] {
  if (typeof shape !== 'object' || depth > maxDepth) return [];
  const { anyOf = [], oneOf = [], allOf = [], $ref } = shape;
  const referred = $ref === undefined ? undefined : defs[$ref.replace('#/$defs/', '')];
  return [
    shape,
    ...[...anyOf, ...oneOf, ...allOf, ...(referred ? [referred] : [])].flatMap((one) =>
      spread(one, defs, depth + 1),
    ),
  ];
}
