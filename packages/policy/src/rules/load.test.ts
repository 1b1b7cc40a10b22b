import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseline, baselineText } from './baseline.js';
import { cachePath, loadRules, packagedRules } from './load.js';
import { parseYaml } from './parse.js';
import { RulesUnavailable } from './problem.js';
import { readRulesFile } from './read-file.js';

const home = () => mkdtempSync(join(tmpdir(), 'rules-'));
const bytes = (text: string) => Buffer.from(text);

const problem = async (work: Promise<unknown>): Promise<RulesUnavailable> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RulesUnavailable);
  if (!(error instanceof RulesUnavailable)) throw new Error('was accepted');
  expect(error.code).toBe('RULES_UNAVAILABLE');
  expect(error.remedy).toMatch(/vmware-audit|chmod|ls -l/);
  return error;
};

const rule = (text: string) => `version: 1\nrules:\n  - id: a\n    effect: forbid\n${text}`;
const bomb = `a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\ndeny: *c\n`;

/** What is wrong, the file, and the place the message must name. */
const broken: [string, string | Buffer, string][] = [
  ['nothing at all', '', '1:1'],
  ['only a comment', '# nothing\n', '1:1'],
  ['a scalar', 'deny\n', '1:1'],
  ['a list', '- deny\n', '1:1'],
  ['a syntax error', 'deny: [\n', '2:1'],
  ['a tab for indentation', 'deny:\n\t- name: x\n', '2:1'],
  ['a duplicate key', 'deny: []\ndeny: []\n', '2:1'],
  ['a duplicate key deep inside', 'deny:\n  - name: a\n    name: b\n', '3:5'],
  ['an unknown key', 'deny: []\nallow: []\n', '2:1'],
  ['an unknown key in a rule', 'deny:\n  - name: a\n    operation: [x]\n', '3:5'],
  ['an unknown risk', 'deny:\n  - min_risk_level: severe\n', '2:21'],
  ['a list where text belongs', 'deny:\n  - name: [a]\n', '2:11'],
  ['a number where text belongs', 'deny:\n  - name: 5\n', '2:11'],
  ['text where a list belongs', 'deny:\n  - operations: delete_*\n', '2:17'],
  ['a bad clock', 'maintenance_window:\n  start: "25:00"\n', '2:10'],
  ['a clock that is a number', 'maintenance_window:\n  start: 2200\n', '2:10'],
  ['a negative limit', 'change_limits:\n  max_cpu_change_pct: -1\n', '2:23'],
  ['an alias bomb', bomb, '2:8'],
  ['one alias', 'deny: &x []\nchange_limits: *x\n', '2:16'],
  ['a merge key', 'deny:\n  - <<: {name: a}\n', '2:5'],
  ['a custom tag', 'deny: !!js/function "x"\n', '1:7'],
  ['a local tag', 'deny: !thing []\n', '1:7'],
  ['two documents', 'deny: []\n---\ndeny: []\n', '2:1'],
  ['a NUL', 'deny: []\n# \0\n', '2:3'],
  ['UTF-16', Buffer.from('\ufeffdeny: []\n', 'utf16le'), ''],
  ['bytes that are not UTF-8', Buffer.from([0x64, 0xff, 0xfe]), ''],
  ['nesting of 17 levels', `deny: ${'['.repeat(17)}${']'.repeat(17)}\n`, '1:23'],
  ['nesting of 20,000 levels', `deny: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, ''],
  ['keys that are no text', '1: x\n', '1:1'],
  ['a __proto__ key', 'deny: []\n__proto__: {deny: []}\n', '2:1'],
  ['a version nobody knows', 'version: 2\n', '1:10'],
  ['a version that is text', 'version: "1"\n', '1:10'],
  ['both forms at once', 'version: 1\ndeny: []\n', '2:1'],
  ['an unknown effect', 'version: 1\nrules:\n  - id: a\n    effect: allow\n', '4:13'],
  ['a rule without an id', 'version: 1\nrules:\n  - effect: forbid\n', '3:5'],
  ['an id in capitals', 'version: 1\nrules:\n  - {id: A, effect: forbid}\n', '3:10'],
  ['an id twice', rule('  - id: a\n    effect: permit\n'), '5:9'],
  ['an id the engine uses', 'version: 1\nrules:\n  - {id: default, effect: forbid}\n', '3:10'],
  ['a role nobody defined', rule('    roles: [ops]\n'), '5:13'],
  ['a zone nobody knows', rule('    when: {window: {tz: Europe/Nowhere}}\n'), '5:25'],
  ['half a window', rule('    when:\n      window: {from: "22:00"}\n'), '6:15'],
  ['an unknown day', rule('    when:\n      window: {days: [caturday]}\n'), '6:23'],
  ['a rate without unit', rule('    when:\n      rate: {max: 1, per: 10}\n'), '6:27'],
  ['a regex RE2 does not know', rule('    when:\n      args: {name: {re: "(?=a)"}}\n'), '6:25'],
  ['an empty condition', rule('    when: {}\n'), '5:11'],
  ['min above max', rule('    when: {blast_radius: {min: 5, max: 1}}\n'), '5:26'],
  ['obligations on a forbid', rule('    obligations: {consent: seal}\n'), '5:18'],
  ['a require without obligations', 'version: 1\nrules:\n  - {id: a, effect: require}\n', '3:5'],
  [
    'a require on reads',
    'version: 1\nrules:\n  - {id: a, effect: require, effects: [read], obligations: {consent: seal}}\n',
    '3:39',
  ],
  ['a consent nobody knows', 'version: 1\ndefault:\n  consent: {high: yes}\n', '3:19'],
  ['a role without a level', 'version: 1\nroles:\n  ops: {users: [a]}\n', '3:8'],
  ['a role that names nobody', 'version: 1\nroles:\n  ops: {level: read_only}\n', '3:8'],
  ['a test that expects the unknown', 'version: 1\ntests:\n  - {call: x, expect: maybe}\n', '3:23'],
];

describe('a broken file', () => {
  it.each(broken)('%s is refused, at its place', async (_, content, place) => {
    const error = await problem(loadRules(Buffer.from(content)));
    const at = /^rules\.yaml(?::(\d+:\d+))?: \S/.exec(error.message);
    expect(at, error.message).not.toBeNull();
    if (place) expect(`${at?.[1]} ${error.message}`).toBe(`${place} ${error.message}`);
  });

  it('has all its faults listed', async () => {
    const error = await problem(loadRules(bytes('a: 1\ndeny:\n  - name: 5\n')));
    expect(error.faults.map(({ place }) => place?.line).sort()).toEqual([1, 3]);
    expect(error.message).toContain('(and 1 more)');
  });
});

describe('a file that cannot be read', () => {
  const cases: [string, (path: string) => void, RegExp][] = [
    ['a directory', (path) => mkdirSync(path), /not a regular file/],
    ['a named pipe', (path) => execFileSync('mkfifo', [path]), /not a regular file/],
    [
      'writable by the group',
      (path) => {
        writeFileSync(path, 'deny: []\n');
        chmodSync(path, 0o664);
      },
      /other users/,
    ],
    [
      'writable by the world',
      (path) => {
        writeFileSync(path, 'deny: []\n');
        chmodSync(path, 0o646);
      },
      /other users/,
    ],
    ['257 KiB', (path) => writeFileSync(path, '#'.repeat(257 * 1024), { mode: 0o600 }), /256 KiB/],
    ['5 MB', (path) => writeFileSync(path, '#'.repeat(5_000_000), { mode: 0o600 }), /256 KiB/],
    [
      'a name that leads nowhere',
      (path) => execFileSync('ln', ['-s', path, path]),
      /cannot be read/,
    ],
  ];
  it.each(cases)('%s', async (_, make, wanted) => {
    const path = join(home(), 'rules.yaml');
    make(path);
    expect((await problem(readRulesFile(path))).message).toMatch(wanted);
  });

  it.runIf(process.getuid?.() === 0)('belongs to somebody else', async () => {
    const path = join(home(), 'rules.yaml');
    writeFileSync(path, 'deny: []\n', { mode: 0o644 });
    execFileSync('chown', ['65534', path]);
    expect((await problem(readRulesFile(path))).message).toMatch(/another user/);
  });

  it('is no problem when it does not exist', async () => {
    expect(await readRulesFile(join(home(), 'rules.yaml'))).toBeUndefined();
  });
});

describe('a good file', () => {
  it('knows the line of each rule', async () => {
    const set = await loadRules(bytes(rule('  - id: b\n    effect: permit\n')));
    expect(set.rules.map(({ id, place }) => [id, place])).toEqual([
      ['a', { line: 3, column: 5 }],
      ['b', { line: 5, column: 5 }],
    ]);
  });

  it('may have a byte order mark, CRLF and flow style', async () => {
    const set = await loadRules(
      bytes('\ufeffdeny:\r\n  - {name: freeze, min_risk_level: " HIGH "}\r\n'),
    );
    expect(set.rules[0]).toMatchObject({ id: 'freeze', risk: { min: 'high' } });
  });

  it('is the same from the cache, places and regexes too', async () => {
    const cacheIn = join(home(), 'rules.cache.json');
    const text = bytes(rule('    when: {args: {name: {re: "a+"}}}\n'));
    const [first, second] = [
      await loadRules(text, { cacheIn }),
      await loadRules(text, { cacheIn }),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(statSync(cacheIn).mode & 0o777).toBe(0o600);
  });
});

describe('the cache', () => {
  const marked = async () => {
    const dir = home();
    const cacheIn = cachePath(join(dir, 'rules.yaml'));
    const text = bytes('deny: [{name: a}]\n');
    await loadRules(text, { cacheIn });
    // A name only the cache has, to see which of the two was used.
    writeFileSync(cacheIn, readFileSync(cacheIn, 'utf8').replace('"name":"a"', '"name":"cached"'));
    const used = async (bytesNow = text) => (await loadRules(bytesNow, { cacheIn })).rules[0]?.id;
    return { cacheIn, used };
  };

  it('is used for exactly the same bytes', async () => {
    const { used } = await marked();
    expect(await used()).toBe('cached');
    expect(await used(bytes('deny: [{name: b}]\n'))).toBe('b');
  });

  it.each<[string, (path: string) => void]>([
    ['open to others', (path) => chmodSync(path, 0o640)],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, 40))],
    ['not JSON', (path) => writeFileSync(path, 'x')],
    ['null', (path) => writeFileSync(path, 'null')],
    [
      'of another format',
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"format":1', '"format":0')),
    ],
    [
      'holding what no file may hold',
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"deny"', '"allow"')),
    ],
    [
      'a directory',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('is ignored when it is %s', async (_, spoil) => {
    const { cacheIn, used } = await marked();
    spoil(cacheIn);
    expect(await used()).toBe('a');
  });

  it.runIf(process.getuid?.() === 0)('is ignored when it belongs to somebody else', async () => {
    const { cacheIn, used } = await marked();
    execFileSync('chown', ['65534', cacheIn]);
    expect(await used()).toBe('a');
  });
});

describe('the packaged baseline', () => {
  it('is what its text says', async () => {
    const { value } = await parseYaml(bytes(baselineText));
    expect(value).toEqual(baseline);
    const loaded = await loadRules(bytes(baselineText));
    expect(loaded).toMatchObject({
      digest: packagedRules.digest,
      fallback: packagedRules.fallback,
    });
  });
});
