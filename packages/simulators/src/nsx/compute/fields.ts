/** A field of an object that holds a list of strings: empty when it is absent or something else. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A field that holds a list of objects. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that holds text: empty when it is absent or something else. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** NSX writes "everything" as an absent list, an empty one, or the single word ANY in any case. */
export const isAny = (list: readonly string[]): boolean =>
  list.length === 0 || list.some((each) => each.toUpperCase() === 'ANY');
