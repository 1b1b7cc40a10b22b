import { expect, test } from 'vitest';
import { said } from './said.js';

const error = { code: 'NOT_FOUND', message: 'There is no VM web-1.', remedy: 'Run `x`.' };

test('an error is its message, its rule, and its remedy with its code', () => {
  expect(said({ ...error, rule: 'freeze', where: 'rules.yaml:3:5' })).toBe(
    'Error: There is no VM web-1.\n  rule: freeze (rules.yaml:3:5)\nRun `x`. [NOT_FOUND]',
  );
});

test('everything that fits is listed, a name or an object a line', () => {
  const candidates = ['web-01', { path: '/dc/vm/web-01', id: 'vm-12' }];
  expect(said({ ...error, details: { candidates } })).toContain(
    'web-1.\n  web-01\n  /dc/vm/web-01  vm-12\nRun',
  );
});

test.each([
  [['web-01'], '\n  Did you mean web-01?'],
  ['web-01', '\n  Did you mean web-01?'],
  [['web-01', 'web-11'], '\n  Did you mean one of web-01, web-11?'],
  [[], ''],
  [undefined, ''],
])('the nearest names %j are asked for', (nearest, line) => {
  expect(said({ ...error, details: { nearest } })).toBe(
    `Error: There is no VM web-1.${line}\nRun \`x\`. [NOT_FOUND]`,
  );
});

test('a name that the remedy has is not said twice', () => {
  const remedy = 'Use the target lab.';
  expect(said({ ...error, remedy, details: { nearest: 'lab' } })).not.toContain('Did you mean');
});
