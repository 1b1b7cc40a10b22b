import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { openDatabase } from './driver.js';
import { type VerifyOptions, verifyLog } from './verify.js';
import { remedyFor } from './verify-remedies.js';

type Lab = ReturnType<typeof freshHome>;
const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
const evidence = (dir: string) =>
  `Keep a copy of ${dir} as evidence, then run \`vmware-audit restore\` with the last good backup.`;
const mend = (dir: string) =>
  `Keep a copy of ${dir}, mend what is named, or run \`vmware-audit restore\` with the last good backup.`;

/** Three rows, each signed. */
async function signed() {
  const home = freshHome();
  for (let i = 0; i < 3; i += 1) await fill(home, 1);
  return home;
}

test('of an intact log everything is said', async () => {
  const home = await signed();
  expect(verifyLog(home)).toEqual({
    verdict: 'intact',
    rows: 3,
    archives: 0,
    head: hash,
    checkpoints: 3,
    first_bad_row: null,
    problem: null,
    remedy: null,
    in_doubt: 0,
    lost: [],
  });
});

test('of a log that is not there nothing is, but what to do', () => {
  const home = freshHome();
  expect(verifyLog(home)).toEqual({
    verdict: 'unreadable',
    rows: 0,
    archives: 0,
    head: null,
    checkpoints: 0,
    first_bad_row: null,
    problem: `There is no audit log at ${home.auditDb}.`,
    remedy: 'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
    in_doubt: 0,
    lost: [],
  });
});

test('a log without rows is intact', async () => {
  const home = await signed();
  rmSync(home.auditAnchor);
  tamper(home.auditDb, 'DELETE FROM event');
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 0, head: null });
});

test.each<[string, (home: Lab) => unknown, object]>([
  [
    'its end was cut off',
    ({ auditDb }) => tamper(auditDb, 'DELETE FROM event WHERE seq > 1'),
    {
      rows: 1,
      checkpoints: 1,
      first_bad_row: 2,
      problem: 'Row 2 was signed but is not there: the end of the log was cut off.',
    },
  ],
  [
    'all of its rows are gone',
    ({ auditDb }) => tamper(auditDb, 'DELETE FROM event'),
    {
      rows: 0,
      checkpoints: 0,
      head: null,
      first_bad_row: 1,
      problem: 'Row 1 was signed but is not there: the end of the log was cut off.',
    },
  ],
  [
    'its beginning is gone',
    ({ auditDb }) => tamper(auditDb, 'DELETE FROM event WHERE seq = 1'),
    {
      rows: 2,
      checkpoints: 2,
      first_bad_row: 1,
      problem: 'Rows 1 to 1 are missing, and no row says that they were pruned.',
    },
  ],
  [
    'a row was edited',
    ({ auditDb }) => tamper(auditDb, "UPDATE event SET actor = 'bob' WHERE seq = 2"),
    {
      rows: 1,
      checkpoints: 1,
      first_bad_row: 2,
      problem: 'Row 2 does not match its hash: it was changed.',
    },
  ],
])('a log is tampered with when %s, and what is good of it is told', async (_what, harm, said) => {
  const home = await signed();
  harm(home);
  expect(verifyLog(home)).toEqual({
    verdict: 'tampered',
    archives: 0,
    head: hash,
    remedy: evidence(home.dir),
    in_doubt: 0,
    lost: [],
    ...said,
  });
});

/** Garbage over the page of an index: no row is in it. */
function damage(home: Lab): void {
  const { db } = openDatabase(home.auditDb);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const { rootpage } = db
    .prepare("SELECT rootpage FROM sqlite_master WHERE name = 'by_actor'")
    .get() as { rootpage: number };
  db.close();
  const bytes = readFileSync(home.auditDb);
  writeFileSync(home.auditDb, bytes.fill(7, (rootpage - 1) * 4_096, rootpage * 4_096));
}

test.each<[string, (home: Lab) => unknown, (home: Lab) => RegExp | string, string?]>([
  [
    'whose index is garbage',
    damage,
    () => /^\S+\/audit\.db cannot be read: its rows are intact, but the file is damaged: .+\.$/s,
  ],
  [
    'that is garbage',
    ({ auditDb }) => writeFileSync(auditDb, 'x'.repeat(4_096)),
    ({ auditDb }) => `${auditDb} cannot be read: file is not a database.`,
  ],
  [
    'without its table',
    ({ auditDb }) => writeFileSync(auditDb, ''),
    ({ auditDb }) => `${auditDb} cannot be read: no such table: event.`,
  ],
  [
    'without the key of its checkpoints',
    ({ auditKey }) => rmSync(auditKey),
    ({ auditAnchor, auditKey }) =>
      `${auditAnchor} has signed checkpoints, and ${auditKey}, which checks them, is gone.`,
    'Restore audit.key from a backup, then run `vmware-audit verify` again.',
  ],
])('a log %s is unreadable, and what to do is said', async (_what, harm, problem, remedy) => {
  const home = await signed();
  for (const side of ['-wal', '-shm']) rmSync(`${home.auditDb}${side}`, { force: true });
  harm(home);
  const said = verifyLog(home);
  const text = problem(home);
  expect(said).toEqual({
    verdict: 'unreadable',
    rows: 0,
    archives: 0,
    head: null,
    checkpoints: 0,
    first_bad_row: null,
    problem: text instanceof RegExp ? expect.stringMatching(text) : text,
    remedy: remedy ?? mend(home.dir),
    in_doubt: 0,
    lost: [],
  });
});

test('without key and checkpoints a log is intact as far as anybody can tell', async () => {
  const home = await signed();
  rmSync(home.auditKey);
  rmSync(home.auditAnchor);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', checkpoints: 0, rows: 3 });
});

test.each<[string, VerifyOptions['from'], number]>([
  ['all of them', undefined, 3],
  ['the first and the rest', 1, 3],
  ['those after the first', 2, 2],
  ['the last', 3, 1],
])('of its rows %s are checked when asked for', async (_what, from, rows) => {
  const home = await signed();
  expect(verifyLog(home, { from })).toMatchObject({ verdict: 'intact', rows, checkpoints: rows });
});

test('checkpoints kept elsewhere count with those beside the log, and the first missing row is named', async () => {
  const home = await signed();
  const anchor = join(freshHome().dir, 'kept.anchor');
  copyFileSync(home.auditAnchor, anchor);
  expect(verifyLog(home, { anchor })).toMatchObject({ verdict: 'intact', checkpoints: 6 });
  const lines = readFileSync(home.auditAnchor, 'utf8').split('\n');
  writeFileSync(home.auditAnchor, `${lines[2]}\n`);
  expect(verifyLog(home, { anchor })).toMatchObject({ verdict: 'intact', checkpoints: 4 });
  tamper(home.auditDb, 'DELETE FROM event WHERE seq > 1');
  expect(verifyLog(home, { anchor })).toMatchObject({
    verdict: 'tampered',
    problem: 'Row 2 was signed but is not there: the end of the log was cut off.',
  });
  rmSync(home.auditKey);
  rmSync(home.auditAnchor);
  expect(verifyLog(home, { anchor })).toMatchObject({
    verdict: 'unreadable',
    remedy: 'Restore audit.key from a backup, then run `vmware-audit verify` again.',
  });
});

test.each([
  ['intact', 0, null],
  ['tampered', 0, evidence('/home')],
  ['unreadable', 0, mend('/home')],
  ['incomplete', 0, null],
  [
    'incomplete',
    1,
    'Run `vmware-audit reconcile`, then `vmware-audit log --status in_doubt`, and look at each object.',
  ],
] as const)('what to do about a log that is %s with %i changes in doubt', (verdict, n, remedy) => {
  const home = { ...freshHome(), dir: '/home' };
  expect(remedyFor(home, verdict, n)).toBe(remedy);
  if (n === 0) expect(remedyFor(home, verdict)).toBe(remedy);
});

test('changes in doubt are counted until their outcome, and said with what to do', async () => {
  const home = freshHome();
  await fill(home, 1, { op_id: 'a', phase: 'intent' });
  await fill(home, 1, { op_id: 'b', phase: 'intent' });
  expect(verifyLog(home)).toMatchObject({
    verdict: 'incomplete',
    in_doubt: 2,
    remedy: remedyFor(home, 'incomplete', 2),
    problem: null,
  });
  await fill(home, 1, { op_id: 'a', phase: 'outcome' });
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', in_doubt: 1 });
  await fill(home, 1, { op_id: 'b', phase: 'outcome' });
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', in_doubt: 0, remedy: null });
});
