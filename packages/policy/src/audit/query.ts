import { existsSync } from 'node:fs';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { type Archive, archivesIn, readArchive } from './archives.js';
import { inSnapshot } from './chain.js';
import { type Database, openDatabase } from './driver.js';
import type { Event } from './event.js';

/** Which rows to read. `since` is an ISO instant; the rest are exact values. */
export interface Filter {
  readonly since?: string | undefined;
  readonly skill?: string | undefined;
  readonly tool?: string | undefined;
  readonly status?: string | undefined;
  readonly user?: string | undefined;
  readonly target?: string | undefined;
}

const fields = {
  since: 'ts >= ?',
  skill: 'skill = ?',
  tool: 'tool = ?',
  status: 'status = ?',
  user: 'actor = ?',
  target: 'target = ?',
} as const;

const where = (filter: Filter): { sql: string; values: string[] } => {
  const used = (Object.keys(fields) as (keyof Filter)[]).filter((key) => filter[key] !== undefined);
  return {
    sql: used.length > 0 ? `WHERE ${used.map((key) => fields[key]).join(' AND ')}` : '',
    values: used.map((key) => filter[key] as string),
  };
};

/** Reads the log without being able to write it. Throws AUDIT_UNREADABLE when there is none. */
export function readLog<T>(home: Home, read: (db: Database) => T): T {
  if (!existsSync(home.auditDb)) throw noLog(home);
  const { db } = openDatabase(home.auditDb, { readonly: true });
  try {
    // The Python programs have a file of this name too.
    if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'event'").get()) throw noLog(home);
    return read(db);
  } finally {
    db.close();
  }
}

const noLog = ({ auditDb }: Home) =>
  new Refusal(
    'AUDIT_UNREADABLE',
    `There is no audit log at ${auditDb}.`,
    'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
  );

/** The live rows, then the archives from the newest back, as far as any may hold a row since an instant. */
function* parts(home: Home, db: Database, since = ''): Generator<Part> {
  yield { read: (work) => work(db) };
  for (const archive of archivesIn(db).reverse())
    if (archive.newest >= since)
      yield { archive, read: (work) => readArchive(home, archive, work) };
}

interface Part {
  readonly archive?: Archive;
  read<T>(work: (rows: Database) => T): T;
}

/** The last rows that match, oldest first, and how many match in all. */
export function lastEvents(
  home: Home,
  filter: Filter,
  last: number,
): { rows: Event[]; total: number } {
  const { sql, values } = where(filter);
  const newestOf = (rows: Database, limit: number) =>
    rows
      .prepare(`SELECT * FROM event ${sql} ORDER BY seq DESC LIMIT ?`)
      .all(...values, limit) as Event[];
  const countOf = (rows: Database) =>
    (rows.prepare(`SELECT count(*) AS n FROM event ${sql}`).get(...values) as { n: number }).n;
  return readSnapshot(home, (db) => {
    const found: Event[] = [];
    let total = 0;
    for (const { archive, read } of parts(home, db, filter.since)) {
      // Of an archive that is not read, everything matches.
      if (archive && sql === '' && found.length === last)
        total += archive.to_seq - archive.from_seq + 1;
      else
        read((rows) => {
          if (found.length < last) found.push(...newestOf(rows, last - found.length));
          total += countOf(rows);
        });
    }
    return { rows: found.reverse(), total };
  });
}

/** The rows after one, oldest first, `limit` at most. */
export function eventsAfter(home: Home, after: number, limit: number): Event[] {
  return readSnapshot(home, (db) => {
    const found: Event[] = [];
    const take = (rows: Database) =>
      found.push(
        ...(rows
          .prepare('SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?')
          .all(after, limit - found.length) as Event[]),
      );
    for (const archive of archivesIn(db))
      if (archive.to_seq > after && found.length < limit) readArchive(home, archive, take);
    if (found.length < limit) take(db);
    return found;
  });
}

/** Every row of one operation, given its id or the seq of one of its rows. */
export function eventsOf(home: Home, operation: string): Event[] {
  const seq = /^\d+$/.test(operation) ? Number(operation) : -1;
  return readSnapshot(home, (db) => {
    const all = [...parts(home, db)];
    const id = all
      .map(({ read }) =>
        read(
          (rows) =>
            rows
              .prepare('SELECT op_id FROM event WHERE op_id = ? OR seq = ? LIMIT 1')
              .get(operation, seq) as Pick<Event, 'op_id'> | undefined,
        ),
      )
      .find((row) => row !== undefined)?.op_id;
    if (id === undefined) return [];
    return all
      .flatMap(({ read }) =>
        read(
          (rows) =>
            rows.prepare('SELECT * FROM event WHERE op_id = ? ORDER BY seq').all(id) as Event[],
        ),
      )
      .sort((a, b) => a.seq - b.seq);
  });
}

/** Operations that were meant to take this one back, archived or not. */
export function undoingsOf(home: Home, operation: string): string[] {
  const meant =
    "SELECT op_id FROM event WHERE phase = 'intent' AND json_extract(body, '$.undoes') = ?";
  return readSnapshot(home, (db) =>
    [...parts(home, db)].flatMap(({ read }) =>
      read((rows) => rows.prepare(meant).all(operation) as Pick<Event, 'op_id'>[]).map(
        ({ op_id }) => op_id,
      ),
    ),
  );
}

/** Changes that were marked in doubt and got no outcome since, oldest first. */
export function changesInDoubt(home: Home): Event[] {
  const doubtful = `SELECT * FROM event WHERE phase = 'in_doubt' ORDER BY seq DESC`;
  return readSnapshot(home, (db) => {
    const rows = [...parts(home, db)].flatMap(({ read }) =>
      read((part) => part.prepare(doubtful).all() as Event[]),
    );
    // An outcome of the same change may be in another part.
    const hasOutcome = (id: string) =>
      [...parts(home, db)].some(({ read }) =>
        read(
          (part) =>
            part.prepare("SELECT 1 FROM event WHERE op_id = ? AND phase = 'outcome'").get(id) !==
            undefined,
        ),
      );
    return rows.filter(({ op_id }) => !hasOutcome(op_id)).reverse();
  });
}

/** Counts since an instant, by one column. */
export function countsBy(
  home: Home,
  column: 'status' | 'skill' | 'tool' | 'phase' | 'actor',
  since: string,
): { name: string; count: number }[] {
  const sum = new Map<string, number>();
  readSnapshot(home, (db) => {
    for (const { read } of parts(home, db, since))
      for (const { name, count } of read(
        (rows) =>
          rows
            .prepare(
              `SELECT ${column} AS name, count(*) AS count FROM event WHERE ts >= ? GROUP BY ${column}`,
            )
            .all(since) as { name: string; count: number }[],
      ))
        sum.set(name, (sum.get(name) ?? 0) + count);
  });
  return [...sum]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const readSnapshot = <T>(home: Home, read: (db: Database) => T): T =>
  readLog(home, (db) => inSnapshot(db, () => read(db)));
