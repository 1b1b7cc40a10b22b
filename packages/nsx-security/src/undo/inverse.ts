import type { Inverse } from '@vmware/policy';

export type Fields = Readonly<Record<string, unknown>>;

/** Characters of an inverse that the audit log surely keeps whole; a longer one is not offered. */
const longest = 30_000;

export const kept = (inverse: Inverse): Inverse | undefined =>
  JSON.stringify(inverse).length > longest ? undefined : inverse;

/** The scope of a change as an input of its inverse. */
export const within = (nsx_scope: string | undefined): Fields =>
  nsx_scope === undefined ? {} : { nsx_scope };

/**
 * The values that fields had, as inputs of the tool that changes them. Undefined when one of them had none: no input
 * says that, but for a description, which every read shows as empty then.
 */
export function inputsOf(
  previous: Fields,
  names: Readonly<Record<string, string>> = {},
): Fields | undefined {
  const inputs = Object.entries(previous).map(([field, value]): [string, unknown] => [
    names[field] ?? field,
    field === 'description' ? (value ?? '') : value,
  ]);
  const isWhole = inputs.every(([, value]) => value !== undefined && value !== null);
  return isWhole ? Object.fromEntries(inputs) : undefined;
}

/** The same fields, their lists to hold these entries and no others. */
export const exactly = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? { $only: value } : value,
    ]),
  );

/** Of the fields those that `names` has too. */
export const only = (fields: Fields, names: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(names, name)));
