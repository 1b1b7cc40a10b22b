import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cached, readCache, writeCache } from './cache.js';
import { cachePath, digestOf, loadRules, packagedRules } from './load.js';

const path = () => join(mkdtempSync(join(tmpdir(), 'cache-')), 'rules.cache.json');
const digest = 'd'.repeat(64);
const cached: Cached = { value: { deny: [] }, places: { deny: { line: 1, column: 1 } } };
const stored = { format: 1, digest, ...cached };

const put = (at: string, text: string, mode = 0o600) => {
  writeFileSync(at, text);
  chmodSync(at, mode);
};

describe('a cache', () => {
  test('that was written is read, for its digest only, and nothing else stays behind', async () => {
    const at = path();
    await writeCache(at, digest, cached);
    expect(await readCache(at, digest)).toEqual(cached);
    expect(await readCache(at, 'e'.repeat(64))).toBeUndefined();
    expect(JSON.parse(readFileSync(at, 'utf8'))).toEqual(stored);
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(at))).toEqual(['rules.cache.json']);
  });

  test('that is written again is the new one', async () => {
    const at = path();
    await writeCache(at, digest, cached);
    await writeCache(at, 'e'.repeat(64), cached);
    expect(await readCache(at, digest)).toBeUndefined();
    expect(await readCache(at, 'e'.repeat(64))).toMatchObject(cached);
  });

  test('that cannot be written leaves nothing behind and breaks nothing', async () => {
    const at = path();
    mkdirSync(join(at, 'within'), { recursive: true });
    await writeCache(at, digest, cached);
    expect(readdirSync(dirname(at))).toEqual(['rules.cache.json']);
    await writeCache(join(at, 'no', 'such', 'place'), digest, cached);
    expect(readdirSync(at)).toEqual(['within']);
  });

  test('may hold places of no entry, and nothing but null', async () => {
    for (const one of [
      { ...stored, places: {} },
      { ...stored, value: null },
    ]) {
      const at = path();
      put(at, JSON.stringify(one));
      expect(await readCache(at, digest)).toEqual({ value: one.value, places: one.places });
    }
  });

  const wide = 4 * 1024 * 1024;
  test('may have 4 MiB and not a byte more', async () => {
    const at = path();
    const text = JSON.stringify(stored);
    put(at, text + ' '.repeat(wide - text.length));
    expect(await readCache(at, digest)).toEqual(cached);
    put(at, text + ' '.repeat(wide - text.length + 1));
    expect(await readCache(at, digest)).toBeUndefined();
  });

  const { format: _, ...noFormat } = stored;
  const { digest: __, ...noDigest } = stored;
  const { places: ___, ...noPlaces } = stored;
  const placed = (place: unknown) => ({ ...stored, places: { deny: place } });
  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'format digest value places'],
    ['a list', []],
    ['of another format', { ...stored, format: 2 }],
    ['of the format as text', { ...stored, format: '1' }],
    ['without a format', noFormat],
    ['without a digest', noDigest],
    ['without places', noPlaces],
    ['with null for places', { ...stored, places: null }],
    ['with a text for places', { ...stored, places: 'x' }],
    ['with a number for places', { ...stored, places: 1 }],
    ['with null for a place', placed(null)],
    ['with a number for a place', placed(1)],
    ['with a text for a place', placed('1:1')],
    ['with a place without a line', placed({ column: 1 })],
    ['with a place without a column', placed({ line: 1 })],
    ['with half a line', placed({ line: 1.5, column: 1 })],
    ['with half a column', placed({ line: 1, column: 1.5 })],
    [
      'with a good place before a bad one',
      { ...stored, places: { a: { line: 1, column: 1 }, b: {} } },
    ],
  ])('that is %s does not exist', async (_name, content) => {
    const at = path();
    put(at, JSON.stringify(content));
    expect(await readCache(at, digest)).toBeUndefined();
  });

  test.each<[string, (at: string) => void]>([
    ['not there', (at) => rmSync(at)],
    ['no JSON', (at) => put(at, 'x')],
    [
      'a directory',
      (at) => {
        rmSync(at);
        mkdirSync(at, { mode: 0o700 });
      },
    ],
    [
      'a link',
      (at) => {
        renameSync(at, `${at}.real`);
        symlinkSync(`${at}.real`, at);
      },
    ],
    [
      'a device',
      (at) => {
        rmSync(at);
        symlinkSync('/dev/null', at);
      },
    ],
    ...[0o640, 0o620, 0o610, 0o604, 0o602, 0o601].map((mode): [string, (at: string) => void] => [
      `of mode ${mode.toString(8)}`,
      (at) => chmodSync(at, mode),
    ]),
  ])('that is %s does not exist', async (_name, spoil) => {
    const at = path();
    await writeCache(at, digest, cached);
    spoil(at);
    expect(await readCache(at, digest)).toBeUndefined();
  });

  test('that only its owner may read or run is as good', async () => {
    for (const mode of [0o400, 0o700]) {
      const at = path();
      put(at, JSON.stringify(stored), mode);
      expect(await readCache(at, digest)).toEqual(cached);
    }
  });
});

describe('rules out of a cache', () => {
  const text = Buffer.from(`version: 1
roles: {ops: {users: [a], level: full_admin}}
rules:
  - {id: a, effect: forbid, when: {args: {name: {re: "x+"}}}}
tests:
  - {call: x, expect: permit}
`);

  test('are the same, with the places a decision names, and a cache holds no other', async () => {
    const cacheIn = path();
    const [first, second] = [
      await loadRules(text, { cacheIn }),
      await loadRules(text, { cacheIn }),
    ];
    expect(JSON.parse(JSON.stringify(second))).toEqual(JSON.parse(JSON.stringify(first)));
    expect(await readCache(cacheIn, digestOf(text))).toMatchObject({
      places: {
        '': { line: 1, column: 1 },
        version: { line: 1, column: 1 },
        roles: { line: 2, column: 1 },
        'roles/ops': { line: 2, column: 9 },
        rules: { line: 3, column: 1 },
        'rules/0': { line: 4, column: 5 },
        tests: { line: 5, column: 1 },
        'tests/0': { line: 6, column: 5 },
      },
    });
    expect(Object.keys((await readCache(cacheIn, digestOf(text)))?.places ?? {})).toHaveLength(8);
  });

  test('stand at the start of the file where the cache knows no place', async () => {
    const cacheIn = path();
    put(
      cacheIn,
      JSON.stringify({ format: 1, digest: digestOf(text), value: { deny: [{}] }, places: {} }),
    );
    const { rules } = await loadRules(text, { cacheIn });
    expect(rules[0]).toMatchObject({ place: { line: 1, column: 1 }, where: 'rules.yaml:1:1' });
  });

  test('with a pattern nobody knows are refused without a place', async () => {
    const cacheIn = path();
    const rule = { id: 'a', effect: 'forbid', when: { args: { name: { re: '(' } } } };
    const value = { version: 1, rules: [rule] };
    put(cacheIn, JSON.stringify({ format: 1, digest: digestOf(text), value, places: {} }));
    await expect(loadRules(text, { cacheIn, file: 'f.yaml' })).rejects.toThrow(
      'f.yaml: is no regular expression RE2 understands',
    );
  });

  test('are kept beside the file, and those of a broken file are not', async () => {
    const cacheIn = path();
    expect(cachePath(join(dirname(cacheIn), 'rules.yaml'))).toBe(cacheIn);
    for (const broken of [
      'x: 1\n',
      'version: 1\nrules: [{id: a, effect: forbid, when: {args: {x: {re: "("}}}}]\n',
    ])
      await expect(loadRules(Buffer.from(broken), { cacheIn })).rejects.toThrow('rules.yaml:');
    expect(readdirSync(dirname(cacheIn))).toEqual([]);
    await loadRules(text);
    expect(readdirSync(dirname(cacheIn))).toEqual([]);
  });
});

test('the packaged rules stand at the start of what they call their file', () => {
  expect(packagedRules).toMatchObject({
    form: 'version 1',
    file: 'packaged baseline',
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    fallback: { read: 'permit', write: 'permit' },
    rules: [],
  });
});
