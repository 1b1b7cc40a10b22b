import { type Page, page, pageInput } from '@vmware/policy';

/** Inputs of every list. */
export const listInput = pageInput;

interface Wanted {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** One page of rows in the order of their keys. `total` counts all of them. */
export function rowsPage<Row>(
  rows: readonly Row[],
  wanted: Wanted,
  key: (row: Row) => string,
): Page<Row> {
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const { items, ...envelope } = page(keyed, wanted, (entry) => entry.key);
  return { ...envelope, items: items.map(({ row }) => row) };
}
