import { expect, test } from 'vitest';
import { countersAt } from '../../../test/toolset.js';
import { describe } from '../docs/describe.js';
import { compact } from './compact.js';

const [list] = describe(countersAt('http://127.0.0.1:1').toolset).tools;
if (!list) throw new Error('no tools');
const envelope = { returned: 2, total: 2, truncated: false, next_cursor: null, hint: null };

test('a list becomes columns and rows, with the columns of its card and its envelope', () => {
  const items = [
    { name: 'red', value: 0, note: 'x' },
    { name: 'blue', value: null, note: 'y' },
  ];
  expect(compact(list, { items, ...envelope })).toEqual({
    columns: ['name', 'value'],
    rows: [
      ['red', 0],
      ['blue', null],
    ],
    ...envelope,
  });
});

test('fields a caller asked for are all there, and what one row lacks is null', () => {
  expect(compact(list, { items: [{ note: 'x' }, { name: 'b' }], ...envelope })).toMatchObject({
    columns: ['note', 'name'],
    rows: [
      ['x', null],
      [null, 'b'],
    ],
  });
});

test('what is no list stays as it is', () => {
  const output = { name: 'red', value: 1 };
  expect(compact(list, output)).toBe(output);
});
