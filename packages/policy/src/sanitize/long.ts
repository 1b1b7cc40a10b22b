import type * as z from 'zod';
import type { Card } from '../tool.js';

const known = new WeakMap<object, ReadonlySet<string>>();

/** Names of the output fields that a card declared with longText(). */
export function longNames(tool: Card): ReadonlySet<string> {
  const found = known.get(tool) ?? new Set(namesIn(tool.output));
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
