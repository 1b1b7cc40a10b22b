import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes, exitCodeOf, exitCodes } from './exit-codes.js';

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

test('a command may say by a field of its answer what it ends with', () => {
  const exits = { field: 'verdict', codes: { tampered: 1 } };
  const end = (verdict: string) => exitCodeOf({ status: 'done', output: { verdict } }, exits);
  expect([end('tampered'), end('intact')]).toEqual([1, 0]);
});

const root = join(import.meta.dirname, '../../../../..');
const packages = ['clients', 'policy', 'vsphere', 'nsx-security', 'vks'];

/** Where an error gets its code: the first argument of one that is made, or a `code` that is given a value. */
const given = /(?:new (?:Refusal|\w*Error|Late|Kind)\(|\bcode(?: =|:))\s*((?:`[^`]*`|[^,;{`])*)/g;
/** What Node calls its own; no command ends with one of these. */
const ofNode = /^(E(CONN|TIMED|EXIST|CLOSED|NO|LOOP|PIPE|PROTO|SRCH)|ERR_)/;

/** Codes that are put together where they are thrown, by what stands there. */
const composed: Readonly<Record<string, readonly string[]>> = {
  '`${key.toUpperCase()}_UNREADABLE`': ['CA_FILE', 'CLIENT_CERT', 'CLIENT_KEY'].map(
    (key) => `${key}_UNREADABLE`,
  ),
};

/** Every error code that the sources of a package give. */
function thrownIn(name: string): string[] {
  const src = join(root, 'packages', name, 'src');
  const codes = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(src, file), 'utf8').matchAll(given)])
    .flatMap(([, value = '']) => [
      ...[...value.matchAll(/(?<!== )'([A-Z][A-Z_]{2,})'/g)].map(([, code = '']) => code),
      ...[...value.matchAll(/`[^`]*_[A-Z]+`/g)].flatMap(([text]) => composed[text] ?? [text]),
    ]);
  return [...new Set(codes)].filter((code) => !ofNode.test(code));
}

test.each(packages)('every error code of %s has an exit code that somebody decided on', (name) => {
  const decided = new Set(Object.values(errorCodes).flat());
  const thrown = thrownIn(name);
  expect(thrown.filter((code) => !decided.has(code))).toEqual([]);
  expect(thrown.length).toBeGreaterThan(0);
});

test('no error code has two exit codes, or none that throws it', () => {
  const all = Object.values(errorCodes).flat();
  expect(all).toEqual([...new Set(all)]);
  const thrown = new Set(packages.flatMap(thrownIn));
  expect(all.filter((code) => !thrown.has(code))).toEqual([]);
});

test('docs/cli.md has the exit codes as they are', () => {
  const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
  const documented: Readonly<Record<string, readonly string[]>> = errorCodes;
  for (const [kind, exit] of Object.entries(exitCodes)) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${exit} |`)) ?? '';
    const codes = [...row.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code);
    expect([exit, codes]).toEqual([exit, documented[kind] ?? []]);
  }
});
