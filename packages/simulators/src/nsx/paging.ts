import { badRequest } from './nsx-error.js';

export type Query = Readonly<Record<string, string>>;

/** A page of a list as NSX answers it. */
export interface Page<T> {
  readonly results: readonly T[];
  readonly result_count: number;
  readonly sort_by?: string;
  readonly sort_ascending?: boolean;
  readonly cursor?: string;
}

/** The size of a page: 1 to 1000, and no more than the simulation's own cap. Throws. */
export function pageSizeOf(query: Query, cap: number): number {
  const size = Number(query['page_size'] ?? 1000);
  if (size < 1 || size > 1000)
    throw badRequest(`The parameter page_size is between 1 and 1000, not ${size}.`);
  return Math.min(size, cap);
}

/**
 * A page of a list, in the order of a field and then of an identity. A cursor holds the last item that was
 * answered, so that what is added or removed meanwhile moves nothing: the next page starts after it.
 */
export function page<T>(
  items: readonly T[],
  query: Query,
  cap: number,
  identityOf: (item: T) => string,
): Page<T> {
  const size = pageSizeOf(query, cap);
  const by = query['sort_by'];
  const ascending = query['sort_ascending'] !== 'false';
  const keyed = items.map((item) => ({
    item,
    key: [
      by === undefined ? '' : String((item as Record<string, unknown>)[by] ?? ''),
      identityOf(item),
    ] as const,
  }));
  const sign = ascending ? 1 : -1;
  keyed.sort((a, b) => sign * compare(a.key, b.key));
  const last = query['cursor'] === undefined ? undefined : decode(query['cursor']);
  const from = last ? keyed.findIndex(({ key }) => sign * compare(key, last) > 0) : 0;
  const start = from < 0 ? keyed.length : from;
  const results = keyed.slice(start, start + size);
  const end = results.at(-1);
  return {
    results: results.map(({ item }) => item),
    result_count: items.length,
    ...(by !== undefined && { sort_by: by }),
    sort_ascending: ascending,
    ...(end && start + size < keyed.length && { cursor: encode(end.key) }),
  };
}

/** A page of a search: its cursor is where the next one would start, also on the last page. */
export function searchPage<T>(items: readonly T[], query: Query, cap: number): Page<T> {
  const size = pageSizeOf(query, cap);
  const start = Number(query['cursor'] ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw badRequest(`The cursor '${query['cursor']}' is not one that was answered.`);
  const results = items.slice(start, start + size);
  return { results, result_count: items.length, cursor: String(start + results.length) };
}

type Key = readonly [string, string];

const compare = (a: Key, b: Key): number => order(a[0], b[0]) || order(a[1], b[1]);
const order = (a: string, b: string): number => Number(a > b) - Number(a < b);

const mark = 'n1';
const encode = (key: Key): string =>
  `${mark}${Buffer.from(JSON.stringify(key)).toString('base64url')}`;

function decode(cursor: string): Key {
  try {
    if (!cursor.startsWith(mark)) throw new SyntaxError('another mark');
    const key: unknown = JSON.parse(Buffer.from(cursor.slice(mark.length), 'base64url').toString());
    if (!Array.isArray(key) || key.length !== 2) throw new SyntaxError('another shape');
    return [String(key[0]), String(key[1])];
  } catch {
    throw badRequest('The cursor is not one that was answered.');
  }
}
