/** A pattern that costs a backtracking matcher more than anybody has, a 1 KiB value, and the right answer. */
export interface Bomb {
  readonly kind: 'glob' | 're';
  readonly pattern: string;
  readonly text: string;
  readonly matches: boolean;
}

const size = 1_024;
const filled = (unit: string, end = '') => `${unit.repeat(size).slice(0, size - end.length)}${end}`;
const upTo = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const glob = (pattern: string, text: string, matches = false): Bomb => ({
  kind: 'glob',
  pattern: pattern.slice(0, 200),
  text,
  matches,
});
const re = (pattern: string, text: string, matches = false): Bomb => ({
  kind: 're',
  pattern,
  text,
  matches,
});

const globs: readonly Bomb[] = [
  // Stars with the letter that the whole value consists of, and one at the end that it lacks.
  ...upTo(30, (n) => glob(`${'*a'.repeat(n + 60)}*b`, filled('a'))),
  ...upTo(20, (n) => glob(`${'a*'.repeat(n + 70)}b`, filled('a'))),
  ...upTo(15, (n) => glob(`${'*?'.repeat(n + 80)}b`, filled('a', 'c'))),
  ...upTo(15, (n) => glob(`${'*ab'.repeat(n + 45)}c`, filled('ab'))),
  ...upTo(10, (n) => glob(`${'*aab'.repeat(n + 35)}*c`, filled('aaab'))),
  // The same, where the answer is yes.
  ...upTo(15, (n) => glob(`${'*a'.repeat(n + 60)}*b`, filled('a', 'b'), true)),
  ...upTo(10, (n) => glob(`*${'a'.repeat(n + 150)}b`, filled('a', 'b'), true)),
  glob('*'.repeat(200), filled('a'), true),
  glob(`${'*'.repeat(199)}b`, filled('a')),
  glob('?'.repeat(200), filled('a')),
  ...upTo(2, (n) => glob(`${'*\u{1f680}'.repeat(n + 60)}*b`, filled('\u{1f680}'))),
];

const nested = ['(a+)+', '(a*)*', '(a|a)*', '(a|aa)+', '(a|a?)+', '(.*a)*', '((a+)?)+', '(a+a+)+'];
const regexes: readonly Bomb[] = [
  ...nested.map((pattern) => re(pattern, filled('a', 'b'))),
  ...nested.map((pattern) => re(`^(${pattern})+$`, filled('a', 'b'))),
  ...nested.map((pattern) => re(`${pattern}b`, filled('a', 'b'), true)),
  ...nested.map((pattern) => re(`(${pattern}|${pattern})*c`, filled('a', 'b'))),
  re('([a-zA-Z0-9]+\\s?)*', filled('a', '!')),
  re('(x+x+)+y', filled('x')),
  re('(\\w+\\.?)*@x', filled('ab.')),
  re('([^@]+)*@([^@]+)*@', filled('a@', 'b')),
  ...upTo(15, (n) => re(`(a?){${n * 10 + 10}}a{${n * 10 + 10}}`, filled('a'))),
  ...upTo(10, (n) => re(`(.*){${n + 1}}b`, filled('a'))),
  ...upTo(10, (n) => re(`(.*a){${n * 2 + 2}}c`, filled('a'))),
  ...upTo(5, (n) => re(`((a{1,${n + 2}}){1,${n + 2}}){1,${n + 2}}`, filled('a'))),
  ...upTo(4, (n) => re(`(\\p{L}+\\p{Ll}*){${n + 2}}\\d`, filled('é'))),
];

/** 200 of them: 120 globs, 80 regular expressions. */
export const bombs: readonly Bomb[] = [...globs, ...regexes];
