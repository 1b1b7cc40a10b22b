import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { nameOf } from './people.js';

test('a user has the name that the system knows, or a number', () => {
  const me = process.getuid?.() ?? 0;
  for (const _ of [1, 2]) {
    expect(nameOf(me)).toBe(userInfo().username);
    expect(nameOf(1)).toBe('daemon');
    expect(nameOf(3_999_999_999)).toBe('uid 3999999999');
  }
});
