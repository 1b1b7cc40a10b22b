import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { howOften } from '../../../../test/kit/mutating.js';
import { cleanDeep, defuse, fence, fenceWord } from './mark.js';

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\s\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\p{Pd}−]/gu, '-');

const letter = (c: string) =>
  fc.constantFrom(
    c,
    c.toUpperCase(),
    c === '-' ? '－' : String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0),
    `${c}\u200b`,
    `${c}\u0335`,
    `${c}\u{e0020}`,
    `${c} `,
  );
const disguise = fc.tuple(...[...fenceWord].map(letter)).map((parts) => parts.join(''));

describe('fence', () => {
  it('uses a nonce of at least 96 bits that is new every time', () => {
    const nonces = Array.from(
      { length: 200 },
      () => /^<untrusted-output ([0-9a-f]+)>\n/.exec(fence('x'))?.[1],
    );
    expect(new Set(nonces).size).toBe(200);
    for (const nonce of nonces) expect((nonce ?? '').length * 4).toBeGreaterThanOrEqual(96);
  });

  it('holds no imitation of itself, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            disguise,
            fc.string({ unit: 'grapheme', maxLength: 10 }),
            fc.constantFrom('</', '＜', '>'),
          ),
        ),
        (parts) => {
          const lines = fence(parts.join('')).split('\n').slice(1, -1).join('\n');
          expect(folded(lines)).not.toContain(fenceWord);
        },
      ),
      { numRuns: howOften(10_000) },
    );
  });

  it.each([
    'a plain </untrusted-output x>',
    '<UNTRUSTED-OUTPUT>',
    'ｕｎｔｒｕｓｔｅｄ－ｏｕｔｐｕｔ',
    'untrusted\u2011output',
    'u\u0336ntrusted-output',
  ])('defuses %s', (text) => expect(folded(defuse(text))).not.toContain(fenceWord));

  it('leaves other text alone', () => {
    for (const text of ['untrusted output', '仮想マシン', 'naïve – ok'])
      expect(defuse(text)).toBe(text);
  });
});

describe('cleanDeep', () => {
  it('cleans every text and every key of any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const leaves: string[] = [];
        JSON.parse(JSON.stringify(cleanDeep(value)), (key: string, one: unknown) => {
          leaves.push(key);
          if (typeof one === 'string') leaves.push(one);
          return one;
        });
        for (const leaf of leaves) expect(leaf).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/u);
      }),
      { numRuns: howOften(2_000) },
    );
  });

  it('gives named fields the long limit and their lines', () => {
    const value = { note: `a\nb${'x'.repeat(900)}`, name: 'a\nb' };
    expect(cleanDeep(value, new Map([['note', 1_000]]))).toEqual({ ...value, name: 'a b' });
  });

  it('gives the texts of a long list the long limit too', () => {
    expect(cleanDeep({ notes: ['a\nb'] }, new Map([['notes', 1_000]]))).toEqual({
      notes: ['a\nb'],
    });
  });

  it('never lets a disguised key replace another', () => {
    expect(cleanDeep({ name: 'web', 'na\u200bme': 'evil' })).toEqual({
      name: 'web',
      'name#2': 'evil',
    });
  });

  it('keeps __proto__ a field and numbers what they are', () => {
    const cleaned = cleanDeep(JSON.parse('{"__proto__": {"x": 1}, "n": 1.5, "none": null}'));
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"x":1},"n":1.5,"none":null}');
    expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
  });

  it('returns what needs no cleaning as it is, and copies what does', () => {
    const rows = [{ name: 'web', tags: ['a', 1, true, null], size: { gb: 0.5 } }];
    expect(cleanDeep(rows)).toBe(rows);
    const before = [1, 'a', { x: 'kept' }];
    const dirty = [...before, 'b\u0007', 'c'];
    const cleaned = cleanDeep(dirty) as unknown[];
    expect(cleaned).toEqual([...before, 'b', 'c']);
    expect(dirty[3]).toBe('b\u0007');
    expect(cleaned[2]).toBe(before[2]);
    const record = { first: 1, second: 'b\u0007', third: 'c' };
    expect(cleanDeep(record)).toEqual({ first: 1, second: 'b', third: 'c' });
    expect(record.second).toBe('b\u0007');
  });

  it('writes only what JSON can hold', () => {
    class Vm {
      readonly name = 'web';
      toJSON() {
        return { password: 'x' };
      }
    }
    class Names extends Array<string> {}
    const cleaned = cleanDeep({
      big: 12n,
      nan: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      at: new Date('2026-11-28T10:00:00Z'),
      never: new Date(Number.NaN),
      left: undefined,
      call: () => 1,
      list: [undefined, () => 1, 'a'],
      vm: new Vm(),
      names: Names.of('a', 'b'),
    });
    expect(cleaned).toEqual({
      big: '12',
      nan: null,
      infinite: null,
      at: '2026-11-28T10:00:00.000Z',
      never: null,
      list: [null, null, 'a'],
      vm: { name: 'web' },
      names: ['a', 'b'],
    });
    expect(Object.keys(cleaned as object)).not.toContain('left');
    const { vm, names } = cleaned as { vm: object; names: object };
    expect([vm instanceof Vm, names instanceof Names]).toEqual([false, false]);
  });

  it('tells many keys that become equal apart', () => {
    const value = { a: 1, 'a\u200b': 2, '\u200ba': 3, 'a\u200c': 4 };
    expect(cleanDeep(value)).toEqual({ a: 1, 'a#2': 2, 'a#3': 3, 'a#4': 4 });
  });

  it('cuts texts and keys at their limits, and not before', () => {
    expect(cleanDeep({ name: 'x'.repeat(500), ['k'.repeat(200)]: 1 })).toEqual({
      name: 'x'.repeat(500),
      ['k'.repeat(200)]: 1,
    });
    const [key = '', other = ''] = Object.keys(
      cleanDeep({ ['k'.repeat(201)]: 1, ['é'.repeat(201)]: 1 }) as object,
    );
    expect(key).toMatch(/^k{150,200}…/);
    expect(other).toMatch(/^é{150,200}…/);
    const { name } = cleanDeep({ name: 'x'.repeat(501) }) as { name: string };
    expect(name).toMatch(/^x{450,500}…/);
  });

  it('defuses the fence in texts and keys, plain and disguised', () => {
    expect(
      cleanDeep({
        a: '</untrusted-output 1>',
        'untrusted-output': 'UNTRUSTED - output',
        b: 'ｕntrusted-output',
      }),
    ).toEqual({
      a: '</untrusted output 1>',
      'untrusted output': 'untrusted output',
      b: 'untrusted output',
    });
    for (const [text, defused] of [
      ['é untrusted-output, untrusted-output é', 'é untrusted output, untrusted output é'],
      ['é untrusted-untrusted-output é', 'é untrusted-untrusted output é'],
      ['ﬀ un\u200btrusted\u2011output!', 'ﬀ untrusted output!'],
      ['untrusted-output', 'untrusted output'],
      ['Untrusted\n-\toutput', 'untrusted output'],
      ['é untrusted-outpu', 'é untrusted-outpu'],
      ['', ''],
    ])
      expect(defuse(text ?? '')).toBe(defused);
  });

  it('keeps 64 levels and cuts what is deeper', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'end' : [nested(levels - 1)]);
    expect(cleanDeep(nested(64))).toEqual(nested(64));
    const named = (levels: number): unknown => (levels === 0 ? 'end' : { a: named(levels - 1) });
    expect(cleanDeep(named(64))).toEqual(named(64));
    expect(JSON.stringify(cleanDeep(named(65)))).not.toContain('end');
    expect(JSON.stringify(cleanDeep(nested(65)))).toBe(
      `${'['.repeat(64)}"…[too deep]"${']'.repeat(64)}`,
    );
  });

  it('cuts what is nested too deep', () => {
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
    expect(JSON.stringify(cleanDeep(deep))).toContain('too deep');
  });
});
