import { expect, test } from 'vitest';
import { uuidv7 } from './uuid.js';

test('ids are UUIDs of version 7 and variant 1, and differ', () => {
  const ids = Array.from({ length: 1_000 }, () => uuidv7(0));
  for (const id of ids)
    expect(id).toMatch(/^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1_000);
});

test('ids sort by time', () => {
  const times = [0, 1, 255, 65_536, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map((time) => uuidv7(time));
  expect(ids.toSorted()).toEqual(ids);
});
