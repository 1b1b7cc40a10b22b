import type { FaultFields, Ref, Row } from './types.js';

/** No prototype, so that a property called `__proto__` is one; by a constructor, so that V8 keeps it fast. */
const Props = function Props() {} as unknown as new () => Record<string, unknown>;
Props.prototype = Object.create(null);

export const emptyProps = (): Record<string, unknown> => new Props();

/** What is missing in most rows. */
export const nothing: Readonly<Record<string, string>> = Object.freeze({});

/** A row of decoded properties; `missingSet` is what the server could not give. */
export function rowOf(ref: unknown, props: Record<string, unknown>, missingSet: unknown[]): Row {
  if (missingSet.length === 0) return { ref: ref as Ref, props, missing: nothing };
  const missing: Record<string, string> = {};
  for (const item of missingSet as { path?: string; fault?: { fault?: FaultFields } }[])
    missing[item.path ?? ''] = item.fault?.fault?.$type ?? 'MethodFault';
  return { ref: ref as Ref, props, missing };
}
