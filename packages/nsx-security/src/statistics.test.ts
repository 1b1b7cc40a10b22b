import { expect, test } from 'vitest';
import { total } from './statistics.js';

test('counts add up over enforcement points, peaks do not', () => {
  expect(
    total([
      { rule: '/r', hit_count: 5, packet_count: 7, popularity_index: 3, max_session_count: 9 },
      { rule: '/r', hit_count: 0, packet_count: 1, popularity_index: 8, max_session_count: 2 },
    ]),
  ).toEqual({
    rule: '/r',
    hit_count: 5,
    packet_count: 8,
    popularity_index: 8,
    max_session_count: 9,
  });
});

test('a count that no point has is unknown, and one that a point has counts', () => {
  expect(total([])).toEqual({});
  expect(total([{ rule: '/r' }, { rule: '/r', hit_count: 4 }])).toEqual({
    rule: '/r',
    hit_count: 4,
  });
});
