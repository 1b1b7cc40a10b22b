import { createHash } from 'node:crypto';
import { glob, type Page, page, pageInput } from '@vmware/policy';
import * as z from 'zod';

/** Inputs of every list: a page by cursor, or by the number of rows to skip. */
export const listInput = {
  ...pageInput,
  offset: z.int().min(0).optional().describe('Rows to skip.'),
};

interface Wanted {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly offset?: number | undefined;
}

/** One page of rows, put in the order of their keys. `total` counts all of them. */
export function rowsPage<Row>(
  rows: readonly Row[],
  { limit, cursor, offset = 0 }: Wanted,
  key: (row: Row) => string,
): Page<Row> {
  const keyed = rows.map((row) => ({ row, key: short(key(row)) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const rest = cursor === undefined ? keyed.slice(offset) : keyed;
  const { items, hint, ...envelope } = page(rest, { limit, cursor }, (entry) => entry.key);
  return {
    ...envelope,
    items: items.map(({ row }) => row),
    total: rows.length,
    hint: hint?.replace(`of ${rest.length} `, `of ${rows.length} `) ?? null,
  };
}

interface Named {
  readonly id: string;
  readonly display_name?: string;
}

/** One page of the objects whose name matches the filter, sorted by name. */
export function namedPage<Row extends Named>(
  rows: readonly Row[],
  { name_filter, ...wanted }: Wanted & { readonly name_filter?: string | undefined },
): Page<Row> {
  const matches = nameMatcher(name_filter);
  return rowsPage(
    rows.filter(({ id, display_name = id }) => matches(display_name)),
    wanted,
    ({ id, display_name = id }) => `${display_name}\u0000${id}`,
  );
}

const mostBytes = 300;

/** A key becomes a cursor, and no text of an answer may be longer than 500: two names of 255 characters are. */
function short(key: string): string {
  const bytes = Buffer.from(key);
  if (bytes.length <= mostBytes) return key;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${bytes
    .subarray(0, mostBytes)
    .toString()
    .replace(/\ufffd+$/, '')}\u0000${digest}`;
}

/** Whether a name contains the filter, or matches it where it is a glob; case is ignored. */
export function nameMatcher(filter: string | undefined): (name: string | undefined) => boolean {
  if (filter === undefined) return () => true;
  const folded = filter.normalize('NFC').toLowerCase();
  const matches = /[*?]/.test(folded) ? glob(folded) : (name: string) => name.includes(folded);
  return (name = '') => matches(name.normalize('NFC').toLowerCase());
}

/** A number as text that sorts as the number does. */
export const sortable = (number: number | undefined): string =>
  String(number ?? 0).padStart(12, '0');
