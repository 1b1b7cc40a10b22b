import { describe, expect, test } from 'vitest';
import { parseYaml } from './parse.js';

const parse = (text: string | Uint8Array) => parseYaml(Buffer.from(text as string));
const faults = async (text: string | Uint8Array) =>
  (await parse(text)).faults.map(({ place, message }) =>
    place ? `${place.line}:${place.column} ${message}` : message,
  );
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}\n`;
const bom = '\ufeff';

describe('a good text', () => {
  test('becomes plain data, and every value and key has a place', async () => {
    const {
      value,
      values,
      keys,
      faults: none,
    } = await parse('a: 1\nb:\n  - x\n  - {c: true, d: ~}\ne:\n"f": null\n');
    expect(value).toEqual({ a: 1, b: ['x', { c: true, d: null }], e: null, f: null });
    expect(none).toEqual([]);
    const said = (places: typeof values) =>
      [...places].map(([path, { line, column }]) => `${path} ${line}:${column}`);
    expect(said(values)).toEqual([
      ' 1:1',
      'a 1:4',
      'b 3:3',
      'b/0 3:5',
      'b/1 4:5',
      'b/1/c 4:9',
      'b/1/d 4:18',
      'e 5:3',
      'f 6:6',
    ]);
    expect(said(keys)).toEqual(['a 1:1', 'b 2:1', 'b/1/c 4:6', 'b/1/d 4:15', 'e 5:1', 'f 6:1']);
  });

  test.each<[string, string, unknown]>([
    ['nothing', '', null],
    ['a comment', '# a\n', null],
    ['a scalar', 'x', 'x'],
    ['yes, which is a word', 'yes', 'yes'],
    ['an octal number of old, which is decimal', '0600', 600],
    ['a merge key, which is a key like any other', '{<<: x}', { '<<': 'x' }],
    ['a date, which is a word', '2026-01-01', '2026-01-01'],
    ['a number above all safe integers', '99999999999999999999', 1e20],
    [
      'a __proto__ key, which is a key like any other',
      '{__proto__: 1}',
      JSON.parse('{"__proto__": 1}'),
    ],
    ['a byte order mark', `${bom}a: 1\n`, { a: 1 }],
    ['a map within a list within a map', 'a: [{b: [1]}]', { a: [{ b: [1] }] }],
  ])('may be %s', async (_, text, value) => {
    const parsed = await parse(text);
    expect(parsed.faults).toEqual([]);
    expect(parsed.value).toEqual(value);
  });

  test('may be nested 16 levels deep', async () => {
    expect(await faults(nested(17))).toEqual([]);
    expect(await faults(nested(18))).toEqual(['1:18 is nested more than 16 levels deep']);
    // A pair in a list is a map of its own.
    const pairs = (levels: number) => `${'[a: '.repeat(levels)}x${']'.repeat(levels)}\n`;
    expect(await faults(pairs(8))).toEqual([]);
    expect(await faults(pairs(9))).toEqual(['1:34 is nested more than 16 levels deep']);
  });
});

describe('a text that may not be', () => {
  test.each<[string, string, ...string[]]>([
    [
      'open',
      'a: [\n',
      '2:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1 has the key a twice'],
    [
      'a key twice within',
      'a:\n  - {b: 1, b: 2, b: 3}\n',
      '2:12 has the key b twice',
      '2:18 has the key b twice',
    ],
    ['an alias', 'a: &x []\nb: *x\n', '2:4 is an alias, and aliases are not allowed'],
    ['an alias in a list', '- &x []\n- *x\n', '2:3 is an alias, and aliases are not allowed'],
    ['a tag', 'a: !thing []\n', '1:4 Unresolved tag: !thing'],
    ['a second document', 'a: 1\n---\nb: 1\n', '2:1 holds more than one document'],
    ['a number for a key', '1: x\n', '1:1 has a key that is no text'],
    ['a list for a key', 'a:\n  ? [b]\n  : x\n', '2:3 has a key that is no text'],
    ['nothing for a key', 'a: {? , b: 1}\n', '1:4 has a key that is no text'],
    ['an alias for a key', 'a: &x b\n? *x\n: 1\n', '1:1 has a key that is no text'],
    [
      'a key of two lines',
      '[a\nb: 1]\n',
      '1:2 Implicit keys of flow sequence pairs need to be on a single line',
    ],
    ['a tab', 'a:\n\t- x\n', '2:1 Tabs are not allowed as indentation'],
    [
      'two things',
      '1: x\n"a": 1\na: 2\n',
      '1:1 has a key that is no text',
      '3:1 has the key a twice',
    ],
    ['a NUL', 'a: 1\nb: \0\n', '2:4 has a NUL character'],
    ['a NUL at once', '\0', '1:1 has a NUL character'],
  ])('has %s', async (_, text, ...wanted) => expect(await faults(text)).toEqual(wanted));

  test.each<[string, number[], string]>([
    ['at once', [0xff], '1:1'],
    ['after a line', [0x61, 0x0a, 0x62, 0xff, 0x0a], '2:2'],
    ['after a byte order mark', [0xef, 0xbb, 0xbf, 0x61, 0xff], '1:2'],
    ['after a character of two bytes', [0xc3, 0xa4, 0xff], '1:2'],
    ['at the end, in half a character', [0x61, 0xc3], '1:2'],
    ['after what reads like half a byte order mark', [0xef, 0xbb, 0x61], '1:2'],
  ])('is not UTF-8 %s', async (_, bytes, place) =>
    expect(await faults(Buffer.from(bytes))).toEqual([`${place} is not UTF-8 text`]),
  );

  test.each([
    ['in brackets', nested(120_000), '1:18'],
    ['in open brackets', '{a: '.repeat(60_000), '1:69'],
    ['in lists within lists', '- '.repeat(60_000), '1:35'],
    ['in keys within keys', '? '.repeat(60_000), '1:35'],
  ])('is nested far too deeply, %s', async (_, text, place) =>
    expect(await faults(text)).toEqual([`${place} is nested more than 16 levels deep`]),
  );

  test('has no value, only its faults', async () => {
    for (const text of ['a: [\n', '\0', 'a: !thing 1\n'])
      expect(await parse(text)).toMatchObject({ value: undefined, faults: [{}] });
    expect((await parse(Buffer.from([0xff]))).value).toBeUndefined();
  });
});
