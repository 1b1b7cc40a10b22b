import { expect, test } from 'vitest';
import { nameMatcher, rowsPage, sortable } from './rows.js';

const rows = Array.from({ length: 10 }, (_, at) => `row-${(at * 7) % 10}`);
const byName = (row: string) => row;

test('rows are put in order, and pages of any size see each once', () => {
  for (const limit of [1, 3, 10, 99]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = rowsPage(rows, { limit, cursor }, byName);
      seen.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([...rows].sort());
  }
});

test('an offset skips rows, and the total and the hint still count all of them', () => {
  const page = rowsPage(rows, { limit: 3, offset: 4 }, byName);
  expect(page.items).toEqual(['row-4', 'row-5', 'row-6']);
  expect(page).toMatchObject({ returned: 3, total: 10, truncated: true });
  expect(page.hint).toMatch(/^3 of 10 shown/);
  const next = rowsPage(rows, { limit: 3, cursor: page.next_cursor ?? '' }, byName);
  expect(next.items).toEqual(['row-7', 'row-8', 'row-9']);
  expect(next).toMatchObject({ truncated: false, hint: null });
});

test('a cursor goes on where it was when rows come and go', () => {
  const { next_cursor } = rowsPage(rows, { limit: 3 }, byName);
  const changed = ['row-25', ...rows.filter((row) => row !== 'row-2')];
  const cursor = next_cursor ?? '';
  expect(rowsPage(changed, { limit: 2, cursor }, byName).items).toEqual(['row-25', 'row-3']);
});

test('a cursor is short however long the key, and keys that begin alike are told apart', () => {
  const long = Array.from({ length: 5 }, (_, at) => '長'.repeat(500) + at);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = rowsPage(long, { limit: 1, cursor }, byName);
    seen.push(...page.items);
    cursor = page.next_cursor ?? undefined;
    expect((cursor ?? '').length).toBeLessThanOrEqual(500);
  } while (cursor);
  expect(seen.sort()).toEqual(long);
});

test('a filter is a part of the name or a glob, and no pattern of another kind', () => {
  const hits = (filter: string | undefined) =>
    ['Web-01', 'web.02', 'CAFE\u0301', 'a+b', undefined].filter(nameMatcher(filter));
  expect(hits(undefined)).toHaveLength(5);
  expect(hits('WEB')).toEqual(['Web-01', 'web.02']);
  expect(hits('web?0*')).toEqual(['Web-01', 'web.02']);
  expect(hits('web.')).toEqual(['web.02']);
  expect(hits('café')).toEqual(['CAFE\u0301']);
  expect(hits('a+')).toEqual(['a+b']);
  expect(hits('web')).not.toContain(undefined);
});

test('numbers as text are in the order of the numbers', () => {
  const numbers = [2_147_483_647, 9, 10, 0, 999_999];
  const sorted = [...numbers].sort((a, b) => (sortable(a) < sortable(b) ? -1 : 1));
  expect(sorted).toEqual([0, 9, 10, 999_999, 2_147_483_647]);
  expect(sortable(undefined)).toBe(sortable(0));
});
