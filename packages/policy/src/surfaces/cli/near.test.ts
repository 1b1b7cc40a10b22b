import { expect, test } from 'vitest';
import { didYouMean, nearTo } from './near.js';

const states = ['poweredOn', 'poweredOff', 'suspended'];

test.each([
  ['poweredof', ['poweredOff']],
  ['powerdeOn', ['poweredOn']],
  ['SUSPENDED', ['suspended']],
  ['running', []],
  ['', []],
])('near to "%s" is %j', (word, near) => {
  expect(nearTo(word, states)).toEqual(near);
});

test('the nearest are named, all of them when several are as near', () => {
  expect(didYouMean('poweredof', states)).toBe(' (Did you mean poweredOff?)');
  expect(didYouMean('web-0', ['web-01', 'web-02', 'db-01'])).toBe(
    ' (Did you mean one of web-01, web-02?)',
  );
  expect(didYouMean('x', states)).toBe('');
});
