import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import type { Home } from '../home.js';
import { archivesIn } from './archives.js';
import { hex } from './chain.js';
import { openDatabase } from './driver.js';
import { type Event, hashOf } from './event.js';
import { type Head, openLogFile } from './file.js';
import { prune } from './prune.js';
import { lastEvents } from './query.js';
import { rotate } from './rotate.js';

async function logOf(rows: number): Promise<Home> {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  if (rows > 0) await fill(home, rows);
  return home;
}

const unavailable = (why: unknown) =>
  expect.objectContaining({
    code: 'AUDIT_UNAVAILABLE',
    message: why,
    remedy:
      'Run `vmware-audit verify` and mend what it names; calls are refused until a row can be written.',
  });
const told = (why: string) => unavailable(`The audit log cannot be written: ${why}`);

const headAt = (home: Home, seq: number): Head => {
  const row = lastEvents(home, {}, 100).rows.find((one) => one.seq === seq);
  return { seq, hash: hex(row?.hash ?? new Uint8Array()) };
};

/** Opens the log and closes it again. */
function open(home: Home, known?: Head): void {
  openLogFile(home, known).db.close();
}

/** Writes another `prev` into a row, with the hash that belongs to it. */
function relink(home: Home, seq: number): void {
  const { db } = openDatabase(home.auditDb);
  const row = db.prepare('SELECT * FROM event WHERE seq = ?').get(seq) as Event;
  db.close();
  const prev = Buffer.alloc(32, 7);
  const hash = hex(hashOf({ ...row, prev }));
  tamper(
    home.auditDb,
    `UPDATE event SET prev = x'${hex(prev)}', hash = x'${hash}' WHERE seq = ${seq}`,
  );
}

const pragma = (home: Home, statement: string): void => {
  const { db } = openDatabase(home.auditDb);
  db.exec(`PRAGMA ${statement}`);
  db.close();
};

const changed = (seq: number) => `row ${seq} of audit.db does not match its hash: it was changed.`;

test.each<[string, (home: Home) => void, (home: Home) => string]>([
  [
    'is gone, and was signed',
    ({ auditDb }) => unlinkSync(auditDb),
    ({ auditDb, auditAnchor }) =>
      `${auditDb} is gone, but ${auditAnchor} says that it had rows. Restore it from a backup, or move the anchor away to start a new log.`,
  ],
  [
    'is a folder',
    ({ auditDb }) => {
      unlinkSync(auditDb);
      mkdirSync(auditDb);
    },
    ({ auditDb }) => `${auditDb} is not a regular file.`,
  ],
  [
    'is a link that leads nowhere',
    ({ auditDb, auditAnchor }) => {
      unlinkSync(auditDb);
      unlinkSync(auditAnchor);
      symlinkSync('nowhere', auditDb);
    },
    ({ auditDb }) => `${auditDb} is not a regular file.`,
  ],
  [
    'others may read',
    ({ auditDb }) => chmodSync(auditDb, 0o640),
    ({ auditDb }) => `${auditDb} can be read by others. Run \`chmod 600 ${auditDb}\`.`,
  ],
  [
    'others may write',
    ({ auditDb }) => chmodSync(auditDb, 0o602),
    ({ auditDb }) => `${auditDb} can be read by others. Run \`chmod 600 ${auditDb}\`.`,
  ],
  [
    'is of another program',
    (home) => pragma(home, 'application_id = 1'),
    ({ auditDb }) => `${auditDb} is not an audit log of this program.`,
  ],
  [
    'is newer',
    (home) => pragma(home, 'user_version = 3'),
    ({ auditDb }) => `${auditDb} has schema 3, newer than 2. Update this program.`,
  ],
  [
    'has an edited row',
    ({ auditDb }) => tamper(auditDb, "UPDATE event SET actor = 'bob' WHERE seq = 6"),
    () => changed(6),
  ],
  ['follows something else than nothing', (home) => relink(home, 1), () => changed(1)],
  ['has a row that follows another', (home) => relink(home, 4), () => changed(4)],
  [
    'was cut',
    ({ auditDb }) => tamper(auditDb, 'DELETE FROM event WHERE seq > 5'),
    ({ auditDb }) =>
      `${auditDb} does not hold row 7 of its last signed checkpoint: it was cut, replaced or rewritten.`,
  ],
])('a log that %s is refused, and that is said', async (_what, spoil, why) => {
  const home = await logOf(7);
  spoil(home);
  expect(() => openLogFile(home)).toThrow(told(why(home)));
});

test('a log of another user is refused', async () => {
  const home = await logOf(1);
  // Root makes a file of another user; anybody else finds one.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(home.auditDb, 65_534, 65_534);
  const auditDb = isRoot ? home.auditDb : '/etc/passwd';
  expect(() => openLogFile({ ...home, auditDb })).toThrow(
    told(`${auditDb} belongs to another user.`),
  );
});

test('what this program saw must be there: the file, and its row', async () => {
  const home = await logOf(3);
  const known = headAt(home, 2);
  open(home, known);
  const cut = (row: number) =>
    `${home.auditDb} does not hold row ${row} that this program saw: it was cut, replaced or rewritten.`;
  expect(() => openLogFile(home, { ...known, seq: 3 })).toThrow(told(cut(3)));
  expect(() => openLogFile(home, { ...known, seq: 4 })).toThrow(told(cut(4)));
  renameSync(home.auditDb, `${home.auditDb}.aside`);
  rmSync(home.auditAnchor);
  expect(() => openLogFile(home, known)).toThrow(
    told(
      `${home.auditDb} is gone, and it had 2 rows. Put it back, or start this program again for a new log.`,
    ),
  );
  open(home);
});

test('a page of garbage is found where no row is read from it', async () => {
  const home = await logOf(7);
  const { db } = openDatabase(home.auditDb);
  db.exec('PRAGMA journal_mode = DELETE');
  const { page } = db
    .prepare("SELECT rootpage AS page FROM sqlite_master WHERE name = 'by_actor'")
    .get() as { page: number };
  db.close();
  const bytes = readFileSync(home.auditDb);
  bytes.fill(7, (page - 1) * 4096, page * 4096);
  writeFileSync(home.auditDb, bytes);
  expect(() => openLogFile(home)).toThrow(
    unavailable(
      expect.stringContaining(`The audit log cannot be written: ${home.auditDb} is damaged: `),
    ),
  );
});

test('a log that cannot be made is an error that says what was tried', async () => {
  const home = await logOf(0);
  const auditDb = join(home.dir, 'no-such', 'audit.db');
  expect(() => openLogFile({ ...home, auditDb })).toThrow(
    `ENOENT: no such file or directory, open '${auditDb}'`,
  );
});

test('rows that were sealed in archives are held by the log, and the rows left follow them', async () => {
  const home = await logOf(4);
  const heads = [1, 2, 3, 4].map((seq) => headAt(home, seq));
  await rotate(home, { rows: 2 });
  await rotate(home, { rows: 1 });
  const { db } = openDatabase(home.auditDb);
  expect(archivesIn(db)).toMatchObject([
    { from_seq: 1, to_seq: 2 },
    { from_seq: 3, to_seq: 4 },
  ]);
  db.close();
  for (const head of heads) {
    open(home, head);
    expect(() => openLogFile(home, { ...head, hash: 'ab' })).toThrow(`row ${head.seq} that`);
  }
  relink(home, 5);
  expect(() => openLogFile(home)).toThrow(told(changed(5)));
});

test('rows that were pruned need not be held, and all others must', async () => {
  const home = await logOf(4);
  await rotate(home, { rows: 2 });
  const { db } = openDatabase(home.auditDb);
  await prune(home, { keepBytes: 0 }, archivesIn(db));
  db.close();
  for (const seq of [1, 2]) open(home, { seq, hash: 'ab' });
  expect(() => openLogFile(home, { seq: 3, hash: 'ab' })).toThrow('does not hold row 3');
});

test('an open log is still there until another file is at its path, and it was made for its owner', async () => {
  const home = await logOf(0);
  const file = openLogFile(home);
  expect(statSync(home.auditDb).mode & 0o777).toBe(0o600);
  expect(file.isStillThere()).toBe(true);
  renameSync(home.auditDb, `${home.auditDb}.aside`);
  expect(file.isStillThere()).toBe(false);
  writeFileSync(home.auditDb, '', { mode: 0o600 });
  expect(file.isStillThere()).toBe(false);
  rmSync(home.auditDb);
  renameSync(`${home.auditDb}.aside`, home.auditDb);
  expect(file.isStillThere()).toBe(true);
  file.db.close();
});
