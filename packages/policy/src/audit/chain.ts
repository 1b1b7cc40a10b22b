import { uuidv7 } from '../uuid.js';
import type { Database, Statement } from './driver.js';
import { canonical, columns, type Draft, type Event, genesis, hashOf } from './event.js';
import { boot } from './process.js';

/** The last row, as far as the next one depends on it. */
export type Last = Pick<Event, 'seq' | 'ts' | 'hash'>;

const lastRow = 'SELECT seq, ts, hash FROM event ORDER BY seq DESC LIMIT 1';
const insertRow = `INSERT INTO event(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`;

/** The end of the log. Both methods are for use within a transaction that has the write lock. */
export class Chain {
  readonly #last: Statement;
  readonly #insert: Statement;

  constructor(db: Database) {
    this.#last = db.prepare(lastRow);
    this.#insert = db.prepare(insertRow);
  }

  last(): Last | undefined {
    return this.#last.get() as Last | undefined;
  }

  append(draft: Draft, last: Last | undefined): Event {
    const event = follow(draft, last);
    this.#insert.run(...columns.map((column) => event[column]));
    return event;
  }
}

function follow(draft: Draft, last: Last | undefined): Event {
  const now = Date.now();
  const ts = new Date(now).toISOString();
  const event = {
    ...wellFormed(draft),
    seq: (last?.seq ?? 0) + 1,
    event_id: uuidv7(now),
    ts,
    clock_regress: last && ts < last.ts ? 1 : 0,
    boot,
    pid: process.pid,
    body: canonical(draft.body),
    prev: last?.hash ?? genesis,
  };
  return { ...event, hash: hashOf(event) };
}

/** SQLite keeps text as UTF-8, which has no half of a surrogate pair; the hash is of what is kept. */
function wellFormed(draft: Draft): Draft {
  const texts = Object.entries(draft).filter(([, value]) => typeof value === 'string');
  if (!texts.some(([, text]) => /[\ud800-\udfff]/.test(text))) return draft;
  const kept = texts.map(([column, text]) => [column, Buffer.from(text).toString()]);
  return { ...draft, ...Object.fromEntries(kept) };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The statements of a transaction, compiled once for a database that has many. */
export class Transaction {
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;

  constructor(db: Database) {
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  /** Runs work with the write lock: all of it is in the log afterwards, or none. */
  run<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      try {
        this.#rollback.run();
      } catch {
        // The error that brought us here is the one to tell.
      }
      throw error;
    }
  }
}

export const inTransaction = <T>(db: Database, work: () => T): T => new Transaction(db).run(work);

/** Runs reads that belong together on one state of the log, whatever others write meanwhile. */
export function inSnapshot<T>(db: Database, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('ROLLBACK');
  }
}
