import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-codes.js';

const problem = (code: string) => ({ code, message: '', remedy: '' });

test.each([
  [0, { status: 'done', output: {} }],
  [5, { status: 'refused', by: 'rules', ...problem('ANY_OTHER') }],
  [5, { status: 'refused', by: 'consent', ...problem('CONSENT_SPENT') }],
  [2, { status: 'refused', by: 'input', ...problem('INVALID_INPUT') }],
  [9, { status: 'refused', by: 'audit', ...problem('AUDIT_UNAVAILABLE') }],
  [1, { status: 'failed', ...problem('INTERNAL') }],
  [4, { status: 'failed', ...problem('AUTH_FAILED') }],
  [7, { status: 'failed', ...problem('TIMEOUT') }],
  [8, { status: 'failed', ...problem('UNREACHABLE') }],
  [130, { status: 'failed', ...problem('CANCELLED') }],
  [7, { status: 'unknown', ...problem('UNKNOWN_OUTCOME') }],
] as const)('code %i', (code, outcome) => {
  expect(exitCodeOf(outcome)).toBe(code);
});
