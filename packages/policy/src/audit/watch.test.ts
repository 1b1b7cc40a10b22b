import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { draft } from '../../test/draft.js';
import type { Home } from '../home.js';
import { anchors, checkingKey, pem } from './anchor.js';
import { archivesIn } from './archives.js';
import { backup } from './backup.js';
import { hex } from './chain.js';
import { lastEvents, readLog } from './query.js';
import { restore } from './restore.js';
import { rotate } from './rotate.js';
import { Store } from './store.js';
import { verifyLog } from './verify.js';
import { watch } from './watch.js';

const auditors = () => {
  const { dir } = freshHome();
  return { dir, state: join(dir, 'state.json') };
};
const noted = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const lastHash = (home: Home) => hex(lastEvents(home, {}, 1).rows[0]?.hash ?? Buffer.alloc(0));
const keyOf = (home: Home) => {
  const key = checkingKey(home);
  return key ? pem(key) : null;
};
const tampered = (home: Home) =>
  `Keep a copy of ${home.dir} as evidence, then run \`vmware-audit restore\` with the last good backup.`;

test('what is noted is the last row of each archive and of all, the restores and the key', async () => {
  const home = freshHome();
  const { dir, state } = auditors();
  await fill(home, 4);
  await rotate(home, { rows: 2 });
  await fill(home, 1);
  const verification = verifyLog(home);
  expect(verification).toMatchObject({ verdict: 'intact', rows: 6, archives: 1 });
  expect(watch(home, state)).toEqual({
    verification: { ...verification, checkpoints: 5 },
    known: null,
  });
  const [archive] = readLog(home, archivesIn);
  expect(noted(state)).toEqual({
    format: 1,
    rows: [
      { seq: 2, hash: archive?.last_hash },
      { seq: 6, hash: lastHash(home) },
    ],
    restores: [],
    public_key: keyOf(home),
  });
  expect(readFileSync(state, 'utf8')).toBe(`${JSON.stringify(noted(state), null, 2)}\n`);
  expect(statSync(state).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['state.json']);
});

test('a log without a row yet is noted as such, and one that then got a key is no other one', async () => {
  const home = freshHome();
  const { state } = auditors();
  const store = new Store(home);
  await store.ready();
  expect(watch(home, state)).toMatchObject({ verification: { verdict: 'intact' }, known: null });
  expect(noted(state)).toEqual({ format: 1, rows: [], restores: [], public_key: null });
  await store.append(draft());
  store.close();
  expect(watch(home, state)).toMatchObject({ verification: { verdict: 'intact' }, known: null });
  await fill(home, 1);
  expect(watch(home, state)).toMatchObject({ verification: { verdict: 'intact' }, known: 1 });
  expect(noted(state)).toMatchObject({ rows: [{ seq: 2 }], public_key: keyOf(home) });
});

test.each<[string, (home: Home) => unknown, string]>([
  ['is gone', (home) => rmSync(home.auditKey) ?? rmSync(home.auditAnchor), 'gone'],
  [
    'is another one',
    (home) => rmSync(home.auditKey) ?? rmSync(home.auditAnchor) ?? fill(home, 1),
    'another one',
  ],
])('a log whose key %s was tampered with, and nothing is noted', async (_what, harm, said) => {
  const home = freshHome();
  const { state } = auditors();
  await fill(home, 3);
  watch(home, state);
  const before = readFileSync(state, 'utf8');
  await harm(home);
  const { verification, known } = watch(home, state);
  expect(known).toBe(3);
  expect(verification).toEqual({
    ...verifyLog(home),
    verdict: 'tampered',
    first_bad_row: null,
    problem: `The key that signs checkpoints is ${said} since the last look.`,
    remedy: tampered(home),
  });
  expect(readFileSync(state, 'utf8')).toBe(before);
});

test('a log that was cut, with the checkpoints that say so, is found by what was noted', async () => {
  const home = freshHome();
  const { state } = auditors();
  await fill(home, 3);
  watch(home, state);
  const before = readFileSync(state, 'utf8');
  rmSync(home.auditAnchor);
  tamper(home.auditDb, 'DELETE FROM event WHERE seq > 2');
  expect(watch(home, state)).toMatchObject({
    known: 3,
    verification: {
      verdict: 'tampered',
      first_bad_row: 3,
      problem: 'Row 3 was signed but is not there: the end of the log was cut off.',
      remedy: tampered(home),
    },
  });
  expect(readFileSync(state, 'utf8')).toBe(before);
});

test('a log that cannot be read keeps what was known of it', async () => {
  const home = freshHome();
  const { state } = auditors();
  await fill(home, 3);
  watch(home, state);
  const before = readFileSync(state, 'utf8');
  rmSync(home.auditDb);
  expect(watch(home, state)).toEqual({ known: 3, verification: verifyLog(home) });
  expect(verifyLog(home).verdict).toBe('unreadable');
  expect(readFileSync(state, 'utf8')).toBe(before);
});

test('a change in doubt is no reason not to note the rest', async () => {
  const home = freshHome();
  const { state } = auditors();
  await fill(home, 1, { phase: 'intent' });
  const verification = { verdict: 'incomplete', in_doubt: 1 };
  expect(watch(home, state)).toMatchObject({ verification, known: null });
  expect(watch(home, state)).toMatchObject({ verification, known: 1 });
});

test('a restore that was declared since is known from then on, and one that was known voids nothing', async () => {
  const home = freshHome();
  const { dir, state } = auditors();
  await fill(home, 3);
  await backup(home, join(dir, 'backup'));
  await fill(home, 2);
  expect(watch(home, state)).toMatchObject({ known: null });
  restore(home, join(dir, 'backup'));
  const lost = [{ from: 4, to: 5, why: 'restored' }];
  expect(watch(home, state)).toMatchObject({
    known: 5,
    verification: { verdict: 'incomplete', problem: null, lost },
  });
  expect(noted(state)).toMatchObject({
    rows: [{ seq: 4, hash: lastHash(home) }],
    restores: [anchors(home).at(-1)?.sig],
  });
  await fill(home, 2);
  watch(home, state);
  tamper(home.auditDb, 'DELETE FROM event WHERE seq > 4');
  const lines = readFileSync(home.auditAnchor, 'utf8').split('\n').slice(0, 3);
  writeFileSync(home.auditAnchor, `${lines.join('\n')}\n`);
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete' });
  expect(watch(home, state)).toMatchObject({
    known: 6,
    verification: { verdict: 'tampered', first_bad_row: 5 },
  });
});

const forged = {
  code: 'INVALID_INPUT',
  remedy:
    'Name a file elsewhere, best on another machine: `vmware-audit watch --state /mnt/auditor/state.json`.',
};
test.each<[string, (home: Home) => string]>([
  ['in the home', ({ dir }) => join(dir, 'state.json')],
  [
    'in a folder of it',
    ({ dir }) => {
      mkdirSync(join(dir, 'below'));
      return join(dir, 'below', 'state.json');
    },
  ],
  [
    'behind a link into it',
    ({ dir }) => {
      const link = join(freshHome().dir, 'link');
      symlinkSync(dir, link);
      return join(link, 'state.json');
    },
  ],
])('a state %s could be forged with the log and is refused', async (_what, fileIn) => {
  const home = freshHome();
  await fill(home, 1);
  const file = fileIn(home);
  const message = `${file} is in ${home.dir}, whose owner could forge it with the log.`;
  expect(() => watch(home, file)).toThrow(expect.objectContaining({ ...forged, message }));
  expect(readdirSync(home.dir)).not.toContain('state.json');
});

test('a state beside a home that is reached by a link is taken', async () => {
  const home = freshHome();
  const { dir, state } = auditors();
  await fill(home, 1);
  symlinkSync(dir, join(home.dir, 'out'));
  expect(watch(home, join(home.dir, 'out', 'state.json'))).toMatchObject({ known: null });
  expect(watch(home, state)).toMatchObject({ known: 1 });
});

test('a state in a folder that is not there is refused with how to make it', async () => {
  const home = freshHome();
  await fill(home, 1);
  const dir = join(auditors().dir, 'no-such');
  expect(() => watch(home, join(dir, 'state.json'))).toThrow(
    expect.objectContaining({
      code: 'NOT_FOUND',
      message: `There is no folder ${dir}.`,
      remedy: `Run \`mkdir -p ${dir}\`, or name another.`,
    }),
  );
});

const whole = {
  format: 1,
  rows: [{ seq: 1, hash: 'ab'.repeat(32) }],
  restores: [],
  public_key: null,
};
test.each([
  'garbage',
  '{}',
  JSON.stringify({ ...whole, format: 2 }),
  JSON.stringify({ ...whole, rows: [{ seq: 1, hash: `${'ab'.repeat(32)}c` }] }),
  JSON.stringify({ ...whole, rows: [{ seq: 1, hash: `c${'ab'.repeat(32)}` }] }),
  JSON.stringify({ ...whole, rows: [{ hash: 'ab'.repeat(32) }] }),
])('a state that is %j is refused: a new one would trust the log as it is', async (text) => {
  const home = freshHome();
  await fill(home, 1);
  const { state } = auditors();
  writeFileSync(state, text);
  expect(() => watch(home, state)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: `${state} is not what \`vmware-audit watch\` writes.`,
      remedy: 'Restore it from a copy; a new file would trust the log as it is now.',
    }),
  );
  expect(readFileSync(state, 'utf8')).toBe(text);
});

test('a state that cannot be read for another reason is an error, not a first look', async () => {
  const home = freshHome();
  await fill(home, 1);
  const { state } = auditors();
  symlinkSync(state, state);
  expect(() => watch(home, state)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
});
