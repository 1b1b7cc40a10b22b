import type * as z from 'zod';
import type { Card } from '../tool.js';
import { longLimit } from './clean.js';

type Mark = 'long' | 'credential';

const known = new WeakMap<object, ReadonlyMap<string, number>>();

/** Code points of a credential: a kubeconfig with certificates and a token is a fraction of this. */
const credentialLimit = 262_144;

/** Names of the output fields that a card declared with longText() or credential(), and how long they may be. */
export function longNames(tool: Card): ReadonlyMap<string, number> {
  const found =
    known.get(tool) ??
    new Map([
      ...namesIn(tool.output, 'long').map((name) => [name, longLimit] as const),
      ...credentialNames(tool).map((name) => [name, credentialLimit] as const),
    ]);
  known.set(tool, found);
  return found;
}

/** Names of the output fields that a card declared with credential(). */
export const credentialNames = (tool: Card): string[] => namesIn(tool.output, 'credential');

interface Def {
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
}

function namesIn(schema: z.ZodType, mark: Mark): string[] {
  const { shape = {}, element, innerType, valueType } = schema.def as Def;
  const inner = [element, innerType, valueType].flatMap((part) =>
    part ? namesIn(part, mark) : [],
  );
  return Object.entries(shape).reduce((names, [name, field]) => {
    names.push(...(isMarked(field, mark) ? [name] : []), ...namesIn(field, mark));
    return names;
  }, inner);
}

function isMarked(schema: z.ZodType, mark: Mark): boolean {
  if (schema.meta()?.[mark] === true) return true;
  const { innerType } = schema.def as Def;
  return innerType !== undefined && isMarked(innerType, mark);
}
