import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { auditUnavailable } from '../refusal.js';
import { type Archive, archiveDir, archiveFiles, archiveName } from './archives.js';
import { hex } from './chain.js';
import { RowCheck } from './check-rows.js';
import { type Database, openDatabase } from './driver.js';
import { columns, type Event } from './event.js';
import { sha256Of } from './read-archives.js';
import { archiveSchema } from './schema.js';

/** Makes the folder of archives for its owner only, and clears away what a rotation that died has left. */
export function prepareArchives(home: Home, firstLive: number): void {
  const dir = archiveDir(home);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const unsealed = archiveFiles(dir)
    .filter(({ from }) => from >= firstLive)
    .map(({ file }) => file);
  const drafts = readdirSync(dir).filter((name) => name.startsWith('.draft-'));
  for (const name of [...unsealed, ...drafts]) rmSync(join(dir, name), { force: true });
}

/**
 * Copies rows of the log into an archive, which is on disk, read-only and under its name when this returns. The
 * rows are still in the log too. Throws AUDIT_UNAVAILABLE for rows that do not chain: nothing false is sealed.
 */
export function writeArchive(home: Home, db: Database, from: number, to: number): Archive {
  const dir = archiveDir(home);
  const file = archiveName(from, to);
  const draft = join(dir, `.draft-${file}`);
  copyRows(db, draft, from, to);
  const told = examine(draft, from, to);
  chmodSync(draft, 0o400);
  sync(draft);
  const archive = {
    from_seq: from,
    to_seq: to,
    file,
    bytes: statSync(draft).size,
    sha256: sha256Of(draft),
    ...told,
  };
  renameSync(draft, join(dir, file));
  sync(dir);
  return archive;
}

function copyRows(db: Database, draft: string, from: number, to: number): void {
  db.prepare('ATTACH ? AS draft').run(draft);
  try {
    db.exec('PRAGMA draft.journal_mode = DELETE; PRAGMA draft.synchronous = EXTRA; BEGIN');
    try {
      db.exec(archiveSchema('draft'));
      const list = columns.join(', ');
      db.prepare(
        `INSERT INTO draft.event(${list}) SELECT ${list} FROM main.event WHERE seq BETWEEN ? AND ? ORDER BY seq`,
      ).run(from, to);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  } finally {
    db.exec('DETACH draft');
  }
}

function examine(
  draft: string,
  from: number,
  to: number,
): Pick<Archive, 'last_hash' | 'oldest' | 'newest'> {
  const { db } = openDatabase(draft, { readonly: true });
  try {
    const rows = db.prepare('SELECT * FROM event ORDER BY seq').iterate() as Iterable<Event>;
    const check = new RowCheck({ seq: from }, new Map());
    const isGood = check.takeAll(rows);
    const { head, next, bad } = check.findings();
    if (!isGood || !head || next !== to + 1)
      throw auditUnavailable(bad?.problem ?? `rows ${from} to ${to} are not all there.`);
    const { oldest, newest } = db
      .prepare('SELECT min(ts) AS oldest, max(ts) AS newest FROM event')
      .get() as Pick<Archive, 'oldest' | 'newest'>;
    return { last_hash: hex(head), oldest, newest };
  } finally {
    db.close();
  }
}

/** Makes sure that a file, or what a folder lists, is on disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
