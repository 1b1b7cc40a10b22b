import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isMutating } from '../../../../test/kit/mutating.js';
import { homeAt } from '../../src/home.js';
import { labWithTools } from '../own-tools.js';
import { bundleChild } from '../spawn.js';
import { openTarget } from '../target.js';
import { type Broken, noRules, noYaml } from './broken-files.js';

const permissive = 'version: 1\ndefault: {write: permit}\n';
const command = /`(?:vmware-audit rules (?:lint|show --baseline > \S+)|chmod go-w \S+|ls -l \S+)`/;

type Lab = Awaited<ReturnType<typeof labWithTools>>;

/** How many requests this process sends to anybody while work goes on. */
async function requestsDuring(work: () => Promise<void>): Promise<number> {
  let sent = 0;
  const count = () => {
    sent += 1;
  };
  subscribe('undici:request:create', count);
  try {
    await work();
  } finally {
    unsubscribe('undici:request:create', count);
  }
  return sent;
}

const raise = (at: Lab) => at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });

/** Every way to change or to look, refused; what finds out what is wrong, not. `where` is a pattern. */
async function nothingLeaves(at: Lab, where: RegExp): Promise<void> {
  const before = at.target.changes();
  const sent = await requestsDuring(async () => {
    const { raiseCounter, resetCounter, deleteCounter, getCounter, listCounters } = at.tools;
    const red = { name: 'red' };
    for (const outcome of [
      await at.call(raiseCounter, red, { dryRun: false, confirmed: true }),
      await at.call(raiseCounter, red),
      await at.call(resetCounter, red, { dryRun: false, confirmed: true, target: 'prod' }),
      await at.call(deleteCounter, red, { dryRun: false, consent: { seal: 'c1.', by: 'human' } }),
      await at.call(getCounter, red),
      await at.call(listCounters, {}, { surface: 'cli' }),
    ])
      expect(outcome).toMatchObject({
        status: 'refused',
        code: 'RULES_UNAVAILABLE',
        where: expect.stringMatching(where),
        message: expect.stringMatching(/^rules\.yaml(:\d+:\d+)?: \S/),
        remedy: expect.stringMatching(command),
      });
    expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'intact' });
  });
  expect(sent).toBe(0);
  expect(at.target.changes()).toEqual(before);
}

/** A lab that worked, is spoiled, refuses, is mended, and works again without a restart. */
async function spoiled(spoil: (at: Lab) => void, where: RegExp): Promise<void> {
  await using at = await labWithTools({ rules: permissive });
  expect(await requestsDuring(async () => void (await raise(at)))).toBeGreaterThan(0);
  rmSync(at.home.rules);
  spoil(at);
  await nothingLeaves(at, where);
  rmSync(at.home.rules, { recursive: true, force: true });
  at.rules(permissive);
  expect(await raise(at)).toMatchObject({ status: 'done', output: { value: 2 } });
}

const withContent = ([, content, place]: Broken) =>
  spoiled(
    (at) => writeFileSync(at.home.rules, content, { mode: 0o600 }),
    new RegExp(`^rules\\.yaml:${place}$`),
  );

describe('a rules.yaml that is no YAML lets nothing out, says where, and can be mended', () => {
  test.each(noYaml)('%s', (...one) => withContent(one));
});

describe('a rules.yaml that is YAML and no rules does the same', () => {
  test.each(noRules)('%s', (...one) => withContent(one));
});

const good = (path: string, mode: number) => {
  writeFileSync(path, permissive);
  chmodSync(path, mode);
};
const states: [string, (path: string) => void][] = [
  ['vanished', () => {}],
  ['is a directory', (path) => mkdirSync(path)],
  ['is a named pipe', (path) => execFileSync('mkfifo', [path])],
  ['leads to itself', (path) => symlinkSync(path, path)],
  ['leads to nothing', (path) => symlinkSync(`${path}.gone`, path)],
  ['leads to a device', (path) => symlinkSync('/dev/zero', path)],
  ['can be written by everybody', (path) => good(path, 0o606)],
  ['can be written by the group', (path) => good(path, 0o660)],
  [
    'has 257 KiB',
    (path) => writeFileSync(path, permissive + '#'.repeat(257 * 1024), { mode: 0o600 }),
  ],
  ['has 5 MB', (path) => writeFileSync(path, permissive + '#'.repeat(5_000_000), { mode: 0o600 })],
  [
    'has 100,000 keys',
    (path) => {
      const keys = Array.from({ length: 100_000 }, (_, index) => `key-${index}: 1\n`);
      writeFileSync(path, keys.join(''), { mode: 0o600 });
    },
  ],
];

describe('a rules.yaml that cannot be read lets nothing out, and can be mended', () => {
  test.each(states)('%s', (_, make) => spoiled((at) => make(at.home.rules), /^rules\.yaml$/));

  test.runIf(process.getuid?.() === 0 && !isMutating)('belongs to somebody else', () =>
    spoiled((at) => {
      good(at.home.rules, 0o644);
      chownSync(at.home.rules, 65_534, 65_534);
    }, /^rules\.yaml$/),
  );
});

test.runIf(process.getuid?.() === 0 && !isMutating)(
  'a rules.yaml of mode 0000 lets nothing out of a program of a plain user',
  { timeout: 60_000 },
  async () => {
    const plain = { uid: 65_534, gid: 65_534 };
    await using target = await openTarget();
    using program = await bundleChild();
    const home = homeAt(mkdtempSync(join(tmpdir(), 'plain-')));
    chownSync(home.dir, plain.uid, plain.gid);
    const put = (mode: number) => {
      rmSync(home.rules, { force: true });
      good(home.rules, mode);
      chownSync(home.rules, plain.uid, plain.gid);
    };
    put(0o600);
    using child = await program.start(home.dir, target.url, plain);
    const change = () =>
      child.ask({ call: 'raise_counter', input: { name: 'red' }, how: { dryRun: false } });
    expect(await change()).toMatchObject({ status: 'done' });
    put(0o000);
    for (const outcome of [
      await change(),
      await child.ask({ call: 'get_counter', input: { name: 'red' } }),
    ])
      expect(outcome).toMatchObject({
        status: 'refused',
        code: 'RULES_UNAVAILABLE',
        message: expect.stringContaining('EACCES'),
        remedy: expect.stringMatching(command),
      });
    expect(target.changed).toBe(1);
    put(0o400);
    expect(await change()).toMatchObject({ status: 'done' });
  },
);
