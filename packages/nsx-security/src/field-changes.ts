/** What giving these fields to an object changes. Fields that are undefined are not given. */
export interface FieldChanges {
  /** As sentences: `logged: false → true`. */
  readonly changes: string[];
  /** The fields that were given. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of those that differ, what they were. */
  readonly previous: Readonly<Record<string, unknown>>;
}

export function fieldChanges(
  object: object,
  fields: Readonly<Record<string, unknown>>,
): FieldChanges {
  const before = object as Readonly<Record<string, unknown>>;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const differing = given.filter(([name, value]) => shown(before[name]) !== shown(value));
  return {
    values: Object.fromEntries(given),
    changes: differing.map(([name, value]) => `${name}: ${shown(before[name])} → ${shown(value)}`),
    previous: Object.fromEntries(differing.map(([name]) => [name, before[name]])),
  };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  if (Array.isArray(value)) return `[${value.map(String).join(', ')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
