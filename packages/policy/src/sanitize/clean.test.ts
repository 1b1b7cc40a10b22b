import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../../test/kit/mutating.js';
import { clean } from './clean.js';

const forbidden =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\u2028\u2029]/u;

// Strings made of what attacks are made of, so that classes meet each other.
const nasty = fc.constantFrom(
  ...[
    '\u0000',
    '\u001b[31m',
    '\u001b]8;;http://x\u0007',
    '\u009b2J',
    '\u001b',
    '\u007f',
    '\u0085',
    '\r\n',
  ],
  ...[
    '\u2028',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u{e0041}',
    '\ue000',
    '\ud83d',
    '\ude00',
  ],
  ...[
    '\ufdd0',
    '\ufe0f',
    '\u{e0100}',
    '\u3164',
    '\u115f',
    '\u2800',
    '\u034f',
    '\u0301',
    '\u0345',
    '\u1161',
  ],
  ...[
    '\u1100',
    'e',
    'a',
    '\u0327',
    '\u0334',
    '\u17b4',
    '\t',
    '\n',
    ' ',
    '日本',
    'مرحبا',
    '👩‍🚀',
    '❤️',
    '…[+3]',
  ],
);
const text = fc.oneof(
  fc.array(nasty, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 700 }),
  fc.string({ unit: 'grapheme', maxLength: 700 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
    .map((u) => String.fromCharCode(...u)),
);

describe('clean', () => {
  it('leaves nothing forbidden, no pile of marks, NFC, the limit kept, and is idempotent', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(0, 1, 6, 20, 500, 1_000), (value, limit) => {
        const once = clean(value, limit);
        expect(once.replace(limit >= 1_000 ? /[\t\n]/g : /$^/g, '')).not.toMatch(forbidden);
        expect(once).not.toMatch(/\p{M}{4}/u);
        expect(once.normalize('NFC')).toBe(once);
        expect([...once].length).toBeLessThanOrEqual(limit);
        expect(clean(once, limit)).toBe(once);
      }),
      { numRuns: howOften(10_000) },
    );
  });

  it.each([
    ['plain text', 'web-01', 'web-01'],
    ['a colour', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a hyperlink', '\u001b]8;;http://evil\u0007click\u001b]8;;\u001b\\', 'click'],
    ['a C1 sequence', '\u009b31mred', 'red'],
    ['an unfinished string sequence, text kept', '\u001b]0;title', '0;title'],
    ['line breaks of all kinds', 'a\r\nb\nc\u2028d\u2029e\u0085f\u000bg', 'a b c d e f g'],
    ['a tab', 'a\tb', 'a b'],
    ['bidi overrides', 'abc\u202egpj.exe', 'abcgpj.exe'],
    ['tag characters', 'hi\u{e0069}\u{e0067}', 'hi'],
    ['fillers', 'a\u3164\u115f\uffa0\u2800b', 'ab'],
    ['lone surrogates', 'a\ud800b', 'ab'],
    ['decomposed accents', 'cafe\u0301', 'café'],
    ['Zalgo', `x${'\u0334'.repeat(30)}`, `x${'\u0334'.repeat(3)}`],
    ['Japanese', '仮想マシン「本番」　テスト', '仮想マシン「本番」　テスト'],
    ['Arabic', 'مَرحَبًا بالعالم', 'مَرحَبًا بالعالم'],
    ['an emoji', 'ok 🚀', 'ok 🚀'],
    ['a joined emoji, taken apart', '👩‍🚀❤️', '👩🚀❤'],
  ])('handles %s', (_, dirty, wanted) => expect(clean(dirty)).toBe(wanted));

  it('keeps lines and tabs in long text only', () => {
    expect(clean('a\r\nb\tc\u2028d', 1_000)).toBe('a\nb\tc\nd');
  });

  it('says how much it cut, by code point and never inside one', () => {
    expect(clean('🚀'.repeat(20), 10)).toBe(`${'🚀'.repeat(4)}…[+16]`);
    expect(clean('x'.repeat(501))).toBe(`${'x'.repeat(495)}…[+6]`);
    expect(clean('x'.repeat(500))).toBe('x'.repeat(500));
  });
});
