import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../../test/kit/mutating.js';
import { anyGlob, glob, loadRegexCompiler, nfc } from './match.js';

/** The definition of a glob, without cleverness: a table of prefixes. */
function byTable(pattern: string, text: string): boolean {
  const p = [...pattern];
  const t = [...text];
  let row = [true, ...t.map(() => false)];
  for (const c of p) {
    const next = [c === '*' && row[0] === true];
    for (let i = 1; i <= t.length; i++)
      next[i] =
        c === '*'
          ? row[i] === true || next[i - 1] === true
          : row[i - 1] === true && (c === '?' || c === t[i - 1]);
    row = next;
  }
  return row[t.length] === true;
}

const letters = fc.constantFrom('a', 'b', '🚀', '.');

describe('glob', () => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(letters, fc.constantFrom('*', '?')), { maxLength: 10 })
          .map((x) => x.join('')),
        fc.array(letters, { maxLength: 12 }).map((x) => x.join('')),
        (pattern, text) => {
          expect(glob(pattern)(text)).toBe(byTable(pattern, text));
        },
      ),
      { numRuns: howOften(10_000) },
    );
  });

  it.each([
    ['delete_*', 'delete_vm', true],
    ['delete_*', 'undelete_vm', false],
    ['delete_vm', 'delete_vm2', false],
    ['Delete_*', 'delete_vm', false],
    ['vm?', 'vm🚀', true],
    ['caf\u0065\u0301', 'caf\u00e9', true],
    ['[a-z].(x)+', '[a-z].(x)+', true],
    ['[a-z]', 'a', false],
    ['*', '', true],
    ['**', 'x', true],
    ['', '', true],
    ['', 'x', false],
    ['ab*', 'ab', true],
    ['ab*', 'xab', false],
    ['*ab', 'xab', true],
    ['*ab', 'abx', false],
    ['a*b', 'ab', true],
    ['a*b', 'axb', true],
    ['a*b', 'axc', false],
    ['a*b', 'xab', false],
    ['aba*aba', 'aba', false],
    ['aba*aba', 'abaaba', true],
    ['a**b', 'ab', true],
    ['a**b', 'axbx', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'abbcbc', true],
    ['a*b*c', 'acb', false],
    ['a*b*', 'ab', true],
    ['a*b*', 'ac', false],
    ['?', 'x', true],
    ['?', '', false],
    ['?', 'xy', false],
    ['?', '🚀', true],
    ['??', '🚀', false],
    ['?b', 'ab', true],
    ['?b', 'ac', false],
    ['b?', 'bx', true],
    ['b?', 'ax', false],
    ['b?', 'b', false],
    ['*?', '', false],
    ['*?', 'x', true],
    ['?*', 'xyz', true],
    ['a?c*', 'abcd', true],
    ['a?c*', 'abd', false],
    ['a?*', 'a', false],
    ['*?b', 'aab', true],
    ['*a?c', 'abaxc', true],
    ['*café?', 'xcaféy', true],
    ['🚀*', '🚀x', true],
    ['*🚀?', 'x🚀y', true],
    ['.*', 'x', false],
    ['a.c', 'abc', false],
  ])('%s on %s is %s', (pattern, text, wanted) => expect(glob(pattern)(text)).toBe(wanted));

  // A backtracking matcher would not come back from these before the test times out.
  it('takes patterns that explode elsewhere', () => {
    expect(glob(`${'*a'.repeat(100)}b`)('a'.repeat(5_000))).toBe(false);
    expect(glob(`${'*?'.repeat(60)}*b`)('a'.repeat(5_000))).toBe(false);
  });

  it('matches nothing with no pattern', () => expect(anyGlob([])('x')).toBe(false));

  it('matches any of several patterns', () => {
    const either = anyGlob(['a*', 'b']);
    expect(['ax', 'b', 'bx'].map(either)).toEqual([true, true, false]);
  });

  it.each([
    ['abc', 'abc'],
    ['', ''],
    ['caf\u0065\u0301', 'caf\u00e9'],
    ['caf\u00e9', 'caf\u00e9'],
    ['\u0041\u030a', '\u00c5'],
    ['\u212b', '\u00c5'],
    ['\u1100\u1161', '\uac00'],
    ['🚀', '🚀'],
  ])('%s is %s in NFC', (text, wanted) => expect(nfc(text)).toBe(wanted));
});

describe('re:', () => {
  it('matches the whole value, in linear time', async () => {
    const compile = await loadRegexCompiler();
    expect(compile('web-\\d+')('web-12')).toBe(true);
    expect(compile('web-\\d+')('my-web-12')).toBe(false);
    expect(compile('web-\\d+')('web-12x')).toBe(false);
    expect(compile('caf\u0065\u0301')('caf\u00e9')).toBe(true);
    for (const evil of ['(a+)+$', '(a|a)*$', '([a-zA-Z0-9]+\\s?)*$', '(x+x+)+y', '(\\w+\\.?)*@x'])
      expect(compile(evil)(`${'a'.repeat(1_000)}!`)).toBe(false);
  });

  it('refuses what RE2 does not know', async () => {
    const compile = await loadRegexCompiler();
    for (const bad of ['(', '(?=a)', '\\1', '[z-a]']) expect(() => compile(bad)).toThrow();
  });
});
