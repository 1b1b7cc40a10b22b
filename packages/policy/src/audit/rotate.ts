import type { Home } from '../home.js';
import { appendAnchor } from './anchor.js';
import { prepareArchives, writeArchive } from './archive-file.js';
import type { Archive } from './archives.js';
import { Chain, hex, inTransaction } from './chain.js';
import type { Database } from './driver.js';
import type { Event } from './event.js';
import { openLogFile } from './file.js';
import { withLease } from './lease.js';
import { setMeta } from './meta.js';
import { Patience } from './patience.js';
import { sealRow } from './seals.js';

/** Which rows stay in audit.db: the newest so many, and all that are not older than an ISO instant. */
export interface Keep {
  readonly rows?: number | undefined;
  readonly since?: string | undefined;
}

/** An archive is sealed in one transaction, and whoever writes meanwhile waits for it. */
const rowsPerArchive = 20_000;

/** What audit.db may have before a program that ends rotates it. */
export interface Size {
  readonly rows: number;
  readonly bytes: number;
}

const largest: Size = { rows: 100_000, bytes: 100 * 1024 * 1024 };

/**
 * Moves the oldest rows from audit.db into archives, and resolves to these. The rows of a change that is under way
 * stay, and so does everything after them. Rows are copied first and removed in the transaction that seals the
 * copy; a rotation that dies before is done again by the next one.
 */
export async function rotate(home: Home, keep: Keep = {}): Promise<Archive[]> {
  const patience = new Patience();
  const { db } = await patience.wait(() => openLogFile(home));
  try {
    return await withLease(db, patience, async (check) => {
      const sealed: Archive[] = [];
      // Each seal is a row too, and is not a reason to go on.
      const end = ends(db).last;
      for (;;) {
        const range = oldestRange(db, end, keep);
        prepareArchives(home, range.first);
        if (range.last < range.first) return sealed;
        const archive = writeArchive(home, db, range.first, range.last);
        const row = await patience.wait(() => seal(db, archive, check));
        appendAnchor(home, { seq: row.seq, hash: hex(row.hash), ts: row.ts });
        await patience.wait(() => setMeta(db, 'anchored', `${row.seq} ${row.ts}`));
        sealed.push(archive);
      }
    });
  } finally {
    db.close();
  }
}

/** Rotates a log that is too large, and keeps half of its rows. Resolves to how many archives it made. */
export async function rotateWhenDue(home: Home, { rows, bytes } = largest): Promise<number> {
  const has = await sizeOf(home);
  const isDue = has.rows > rows || has.bytes > bytes;
  return isDue ? (await rotate(home, { rows: Math.ceil(has.rows / 2) })).length : 0;
}

/** Pages that are free are not counted: they are used before the file grows. */
async function sizeOf(home: Home): Promise<Size> {
  const { db } = await new Patience().wait(() => openLogFile(home));
  try {
    const { first, last } = ends(db);
    const { bytes } = db
      .prepare(
        'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
      )
      .get() as Pick<Size, 'bytes'>;
    return { rows: last - first + 1, bytes };
  } finally {
    db.close();
  }
}

function ends(db: Database): { first: number; last: number } {
  const { first, last } = db
    .prepare('SELECT min(seq) AS first, max(seq) AS last FROM event')
    .get() as { first: number | null; last: number | null };
  return { first: first ?? 1, last: last ?? 0 };
}

/** The oldest rows that may go, an archive of them at most; `last` before `first` when there is none. */
function oldestRange(
  db: Database,
  end: number,
  { rows = 0, since }: Keep,
): { first: number; last: number } {
  const { first, last } = ends(db);
  const oldest = (sql: string, ...values: string[]): number =>
    (db.prepare(sql).get(...values) as { seq: number | null }).seq ?? last + 1;
  return {
    first,
    last: Math.min(
      first + rowsPerArchive - 1,
      end - rows,
      oldest('SELECT min(seq) AS seq FROM pending') - 1,
      since === undefined
        ? last
        : oldest('SELECT min(seq) AS seq FROM event WHERE ts >= ?', since) - 1,
    ),
  };
}

function seal(db: Database, archive: Archive, check: () => void): Event {
  return inTransaction(db, () => {
    check();
    const { from_seq: from, to_seq: to, file, sha256, last_hash } = archive;
    const chain = new Chain(db);
    const row = chain.append(sealRow({ archive: file, from, to, sha256, last_hash }), chain.last());
    db.prepare(
      'INSERT INTO archive(from_seq, to_seq, file, bytes, sha256, last_hash, oldest, newest) VALUES(?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(from, to, file, archive.bytes, sha256, last_hash, archive.oldest, archive.newest);
    setMeta(db, 'sealed_seq', String(to));
    db.prepare('DELETE FROM event WHERE seq <= ?').run(to);
    return row;
  });
}
