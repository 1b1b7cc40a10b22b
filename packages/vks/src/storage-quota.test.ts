import { expect, test } from 'vitest';
import { amountOf } from './storage-quota.js';

test.each([
  ['500Gi', 500 * 2 ** 30],
  ['1500m', 1.5],
  ['2', 2],
  ['1.5Ti', 1.5 * 2 ** 40],
  ['3k', 3000],
])('%s is %d', (text, amount) => expect(amountOf(text)).toBe(amount));

test.each(['', 'Gi', '5XX', '-1', '1e3', '5 Gi'])('"%s" is no amount', (text) =>
  expect(amountOf(text)).toBeUndefined(),
);
