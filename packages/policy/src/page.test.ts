import fc from 'fast-check';
import { expect, test } from 'vitest';
import { page } from './page.js';

const names = ['a', 'b', 'c', 'd', 'e'];
const same = (text: string) => text;

test('without a limit everything is one page', () => {
  expect(page(names, {}, same)).toEqual({
    items: names,
    returned: 5,
    limit: null,
    total: 5,
    truncated: false,
    next_cursor: null,
    hint: null,
  });
});

test('pages follow one another without a gap or a repeat, for any list and limit', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 7 }),
      (list, limit) => {
        const sorted = list.toSorted((a, b) => (a < b ? -1 : 1));
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const part = page(sorted, { limit, cursor }, same);
          seen.push(...part.items);
          cursor = part.next_cursor ?? undefined;
          expect(part.truncated).toBe(cursor !== undefined);
        } while (cursor !== undefined);
        expect(seen).toEqual(sorted);
      },
    ),
  );
});

test('a page stays right when rows come and go between calls', () => {
  const { next_cursor } = page(names, { limit: 2 }, same);
  expect(
    page(['a', 'aa', 'c', 'd'], { limit: 2, cursor: next_cursor ?? undefined }, same).items,
  ).toEqual(['c', 'd']);
});

test('a hint says that there is more and how to get it', () => {
  expect(page(names, { limit: 2 }, same).hint).toBe(
    '2 of 5 shown. Pass next_cursor for more, or narrow the filter.',
  );
});
