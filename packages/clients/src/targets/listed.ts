/**
 * The families write `targets:` as a list with names or as a map by name; both mean the same. Resolves to the
 * list, and to how a place in it is written in the file. A family `environment` of an entry is kept as it is.
 */
export function listed(value: unknown): {
  readonly value: unknown;
  readonly written: (where: readonly PropertyKey[]) => readonly PropertyKey[];
} {
  const targets = isObject(value) ? value['targets'] : undefined;
  if (!isObject(value) || !isObject(targets)) return { value, written: (where) => where };
  const names = Object.keys(targets);
  return {
    value: {
      ...value,
      targets: names.map((name) => {
        const entry = targets[name];
        return isObject(entry) ? { ...entry, name } : entry;
      }),
    },
    written: ([first, at, ...rest]) =>
      first === 'targets' && typeof at === 'number'
        ? [first, names[at] ?? at, ...(rest[0] === 'name' ? [] : rest)]
        : [first, at, ...rest].filter((part) => part !== undefined),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
