/** One place where a state is not what it should be. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * Where `found` is not as `expected` says. Objects are compared as far as `expected` names their fields; of a list,
 * every entry that is expected must be there, `[]` expects an empty one, `{ $none: entry }` an entry that is not, and
 * `{ $only: [entry] }` these entries, in any order, and no others.
 */
export function differences(expected: unknown, found: unknown, path = ''): Difference[] {
  if (Array.isArray(expected)) return ofList(expected, found, path);
  if (typeof expected !== 'object' || expected === null)
    return Object.is(expected, found) ? [] : [{ path, expected, found }];
  if ('$none' in expected) {
    const isThere = Array.isArray(found) && found.some((one) => isAs(expected.$none, one));
    return Array.isArray(found) && !isThere ? [] : [{ path, expected, found }];
  }
  if ('$only' in expected) {
    const { $only } = expected;
    const isSame =
      Array.isArray($only) &&
      Array.isArray(found) &&
      found.length === $only.length &&
      ofList($only, found, path).length === 0;
    return isSame ? [] : [{ path, expected: $only, found }];
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return [{ path, expected, found }];
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(
      value,
      Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined,
      path === '' ? key : `${path}.${key}`,
    ),
  );
}

function ofList(expected: readonly unknown[], found: unknown, path: string): Difference[] {
  if (!Array.isArray(found)) return [{ path, expected, found }];
  if (expected.length === 0) return found.length === 0 ? [] : [{ path, expected, found }];
  return expected
    .filter((wanted) => !found.some((one) => isAs(wanted, one)))
    .map((wanted) => ({ path: `${path}[]`, expected: wanted, found: undefined }));
}

const isAs = (expected: unknown, found: unknown): boolean =>
  differences(expected, found).length === 0;
