import { expect, test } from 'vitest';
import { fitToKeep, undoOf } from './fit-to-keep.js';

/** An inverse whose text is so many characters longer than its shortest. */
const inverse = (name: string) => ({
  tool: 'raise_counter',
  input: { name },
  expects: { tool: 'get_counter', input: { name: 'red' }, state: { value: 1 } },
});
const text = (name: string) =>
  `{"expects":{"input":{"name":"red"},"state":{"value":1},"tool":"get_counter"},"input":{"name":"${name}"},"tool":"raise_counter"}`;
const rest = text('').length;

test.each([
  ['is short', 'red'],
  ['is longer than other texts may be', 'x'.repeat(5_000)],
  ['is as long as it may be', 'x'.repeat(32_768 - rest)],
])('an inverse that %s is kept as its canonical text', (_what, name) => {
  expect(undoOf(inverse(name))).toBe(text(name));
});

test.each([
  ['has hidden characters', 'r\u200bed'],
  ['has a secret', 'Authorization: Bearer abcdefghijklmnop.qrstuvwxyz'],
  ['is too long', 'x'.repeat(32_769 - rest)],
])('an inverse that %s is not kept', (_what, name) => {
  expect(undoOf(inverse(name))).toBeUndefined();
});

test('a body is kept without secrets and hidden characters, and its other texts are cut', () => {
  const kept = fitToKeep({
    password: 'x1',
    name: 'r\u200bed',
    undo: 'x'.repeat(600),
    why: 'x'.repeat(600),
  });
  expect(kept).toEqual({
    password: '***',
    name: 'red',
    undo: 'x'.repeat(600),
    why: expect.stringMatching(/^x+…\[\+\d+\]$/),
  });
});
