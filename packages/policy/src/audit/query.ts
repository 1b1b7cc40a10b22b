import { existsSync } from 'node:fs';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
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
  if (!existsSync(home.auditDb))
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `There is no audit log at ${home.auditDb}.`,
      'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
    );
  const { db } = openDatabase(home.auditDb, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The last rows that match, oldest first, and how many match in all. */
export function lastEvents(
  home: Home,
  filter: Filter,
  last: number,
): { rows: Event[]; total: number } {
  const { sql, values } = where(filter);
  return readLog(home, (db) => ({
    rows: (
      db
        .prepare(`SELECT * FROM event ${sql} ORDER BY seq DESC LIMIT ?`)
        .all(...values, last) as Event[]
    ).reverse(),
    total: (db.prepare(`SELECT count(*) AS n FROM event ${sql}`).get(...values) as { n: number }).n,
  }));
}

/** Every row of one operation, given its id or the seq of one of its rows. */
export function eventsOf(home: Home, operation: string): Event[] {
  return readLog(
    home,
    (db) =>
      db
        .prepare(
          'SELECT * FROM event WHERE op_id = (SELECT op_id FROM event WHERE op_id = ? OR seq = ? LIMIT 1) ORDER BY seq',
        )
        .all(operation, /^\d+$/.test(operation) ? Number(operation) : -1) as Event[],
  );
}

/** Counts since an instant, by one column. */
export function countsBy(
  home: Home,
  column: 'status' | 'skill' | 'tool' | 'phase' | 'actor',
  since: string,
) {
  return readLog(
    home,
    (db) =>
      db
        .prepare(
          `SELECT ${column} AS name, count(*) AS count FROM event WHERE ts >= ? GROUP BY ${column} ORDER BY count DESC, name`,
        )
        .all(since) as { name: string; count: number }[],
  );
}
