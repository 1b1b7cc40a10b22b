import type * as z from 'zod';
import type { Card } from '../tool.js';
import { longLimit } from './clean.js';

const known = new WeakMap<object, ReadonlyMap<string, number>>();

/** Names of the output fields that a card declared with longText(), and how long they may be. */
export function longNames(tool: Card): ReadonlyMap<string, number> {
  const found = known.get(tool) ?? new Map(namesIn(tool.output).map((name) => [name, longLimit]));
  known.set(tool, found);
  return found;
}

interface Def {
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
}

function namesIn(schema: z.ZodType): string[] {
  const { shape = {}, element, innerType, valueType } = schema.def as Def;
  const inner = [element, innerType, valueType].flatMap((part) => (part ? namesIn(part) : []));
  return Object.entries(shape).reduce((names, [name, field]) => {
    names.push(...(isLong(field) ? [name] : []), ...namesIn(field));
    return names;
  }, inner);
}

function isLong(schema: z.ZodType): boolean {
  if (schema.meta()?.['long'] === true) return true;
  const { innerType } = schema.def as Def;
  return innerType !== undefined && isLong(innerType);
}
