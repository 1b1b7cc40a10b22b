import * as z from 'zod';
import { Refusal } from './refusal.js';

/** Inputs of every list tool. Absent `limit`: the surface's default, 50 for a model, everything at a terminal. */
export const pageInput = {
  limit: z.int().min(1).max(100_000).optional().describe('Rows to return.'),
  cursor: z.string().max(500).optional().describe('next_cursor of the page before.'),
};

/** The envelope of every list. Unknown is null, never 0. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    returned: z.int(),
    limit: z.int().nullable(),
    total: z.int().nullable(),
    truncated: z.boolean(),
    next_cursor: z.string().nullable(),
    hint: z.string().nullable(),
  });

export interface Page<Item> {
  readonly items: Item[];
  readonly returned: number;
  readonly limit: number | null;
  readonly total: number | null;
  readonly truncated: boolean;
  readonly next_cursor: string | null;
  readonly hint: string | null;
}

/**
 * One page of rows that are sorted by `key`. The cursor is the last key shown, so a page stays right when
 * rows come and go between calls. Throws INVALID_INPUT for a cursor that is not ours.
 */
export function page<Item>(
  sorted: readonly Item[],
  { limit, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  key: (item: Item) => string,
): Page<Item> {
  const after = cursor === undefined ? undefined : keyIn(cursor);
  const start = after === undefined ? 0 : sorted.findIndex((item) => key(item) > after);
  const from = start === -1 ? sorted.length : start;
  const items = sorted.slice(from, limit === undefined ? undefined : from + limit);
  const last = items.at(-1);
  const truncated = from + items.length < sorted.length;
  return {
    items,
    returned: items.length,
    limit: limit ?? null,
    total: sorted.length,
    truncated,
    next_cursor:
      truncated && last !== undefined ? Buffer.from(key(last)).toString('base64url') : null,
    hint: truncated
      ? `${items.length} of ${sorted.length} shown. Pass next_cursor for more, or narrow the filter.`
      : null,
  };
}

/** A cursor is our own key in base64url; anything else is refused rather than taken for the beginning. */
function keyIn(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const key = bytes.toString('utf8');
  if (bytes.length > 0 && bytes.toString('base64url') === cursor && Buffer.from(key).equals(bytes))
    return key;
  throw new Refusal(
    'INVALID_INPUT',
    `"${cursor}" is not a cursor of this list.`,
    'Pass next_cursor of the page before as it is, or leave cursor out to begin anew.',
  );
}
