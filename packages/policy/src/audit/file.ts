import { closeSync, existsSync, lstatSync, openSync, statSync } from 'node:fs';
import { type Home, prepareHome } from '../home.js';
import { auditUnavailable } from '../refusal.js';
import { lastAnchor } from './anchor.js';
import { archivesIn, readArchive } from './archives.js';
import { hex, inTransaction } from './chain.js';
import { type Database, type OpenDatabase, openDatabase } from './driver.js';
import { type Event, genesis, hashOf } from './event.js';
import { seqIn } from './meta.js';
import { applicationId, migrations, schemaVersion } from './schema.js';

/** An open audit.db that was what it should be when it was opened. */
export interface LogFile extends OpenDatabase {
  /** Whether the path still leads to the file that is open. */
  isStillThere(): boolean;
}

/** A row that the log is known to hold: that of a signed checkpoint, or the last one this process saw. */
export interface Head {
  readonly seq: number;
  /** Hexadecimal. */
  readonly hash: string;
}

const settings = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 0;
PRAGMA wal_autocheckpoint = 1000;
PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;`;

/**
 * Opens audit.db for writing, creating it as 0600 when there never was one. Throws AUDIT_UNAVAILABLE for
 * a file that is not ours, is damaged, newer than this program, or older than its last signed checkpoint or
 * than `known`.
 */
export function openLogFile(home: Home, known?: Head): LogFile {
  prepareHome(home);
  const isNew = !existsSync(home.auditDb);
  if (isNew) {
    if (known)
      throw auditUnavailable(
        `${home.auditDb} is gone, and it had ${known.seq} rows. Put it back, or start this program again for a new log.`,
      );
    if (lastAnchor(home))
      throw auditUnavailable(
        `${home.auditDb} is gone, but ${home.auditAnchor} says that it had rows. Restore it from a backup, or move the anchor away to start a new log.`,
      );
    createEmpty(home.auditDb);
  }
  checkOwner(home.auditDb);
  const opened = openDatabase(home.auditDb);
  try {
    opened.db.exec(settings);
    prepareSchema(opened.db, home);
    checkPages(opened.db, home);
    checkTail(opened.db, home, known);
    const identity = statSync(home.auditDb, { bigint: true });
    return {
      ...opened,
      isStillThere() {
        const now = statSync(home.auditDb, { bigint: true, throwIfNoEntry: false });
        return now?.ino === identity.ino && now.dev === identity.dev;
      },
    };
  } catch (error) {
    opened.db.close();
    throw error;
  }
}

function createEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function checkOwner(file: string): void {
  const found = lstatSync(file);
  if (!found.isFile()) throw auditUnavailable(`${file} is not a regular file.`);
  if (process.getuid && found.uid !== process.getuid())
    throw auditUnavailable(`${file} belongs to another user.`);
  if (found.mode & 0o077)
    throw auditUnavailable(`${file} can be read by others. Run \`chmod 600 ${file}\`.`);
}

function prepareSchema(db: Database, home: Home): void {
  const version = pragma(db, 'user_version');
  if (version !== 0 && pragma(db, 'application_id') !== applicationId)
    throw auditUnavailable(`${home.auditDb} is not an audit log of this program.`);
  if (version > schemaVersion)
    throw auditUnavailable(
      `${home.auditDb} has schema ${version}, newer than ${schemaVersion}. Update this program.`,
    );
  if (version < schemaVersion)
    inTransaction(db, () => {
      // Another process may have done it while we waited for the lock.
      for (const sql of migrations.slice(pragma(db, 'user_version'))) db.exec(sql);
      db.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
}

/** About 10 ms. A longer log is examined by its last rows, and as a whole by `verify`. */
const mostPages = 1_000;

/** A row could be written next to a page of garbage, and be the last good one. */
function checkPages(db: Database, home: Home): void {
  if (pragma(db, 'page_count') > mostPages) return;
  const [found] = Object.values(db.prepare('PRAGMA quick_check(1)').get() as object) as string[];
  if (found !== 'ok') throw auditUnavailable(`${home.auditDb} is damaged: ${found}`);
}

const pragma = (db: Database, name: string): number =>
  Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0] ?? 0;

/** The last rows must chain, and the rows that are known to have been in the log must still be there. */
function checkTail(db: Database, home: Home, known: Head | undefined): void {
  const rows = db
    .prepare('SELECT * FROM event ORDER BY seq DESC LIMIT 9')
    .all()
    .reverse() as Event[];
  const first = rows[0];
  let prev = first && before(db, first);
  for (const row of rows) {
    if (prev && !same(row.prev, prev)) throw broken(row.seq);
    if (!same(hashOf(row), row.hash)) throw broken(row.seq);
    prev = row.hash;
  }
  mustHold(db, home, lastAnchor(home), 'of its last signed checkpoint');
  mustHold(db, home, known, 'that this program saw');
}

/** The hash that the row before has: nothing, an archive's last row, or the row itself when it is not known. */
function before(db: Database, first: Event): Uint8Array {
  if (first.seq === 1) return genesis;
  const archive = archivesIn(db).find(({ to_seq }) => to_seq === first.seq - 1);
  return archive ? Buffer.from(archive.last_hash, 'hex') : first.prev;
}

function mustHold(db: Database, home: Home, head: Head | undefined, which: string): void {
  if (!head || head.seq <= seqIn(db, 'pruned_seq')) return;
  if (hashAt(db, home, head.seq) !== head.hash)
    throw auditUnavailable(
      `${home.auditDb} does not hold row ${head.seq} ${which}: it was cut, replaced or rewritten.`,
    );
}

function hashAt(db: Database, home: Home, seq: number): string | undefined {
  const look = (rows: Database): string | undefined => {
    const row = rows.prepare('SELECT hash FROM event WHERE seq = ?').get(seq) as
      | Pick<Event, 'hash'>
      | undefined;
    return row && hex(row.hash);
  };
  const archive = archivesIn(db).find(({ from_seq, to_seq }) => from_seq <= seq && seq <= to_seq);
  return archive ? readArchive(home, archive, look) : look(db);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const broken = (seq: number) =>
  auditUnavailable(`row ${seq} of audit.db does not match its hash: it was changed.`);
