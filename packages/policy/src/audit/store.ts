import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from '../home.js';
import { auditUnavailable, Refusal } from '../refusal.js';
import { uuidv7 } from '../uuid.js';
import { appendAnchor } from './anchor.js';
import type { Statement } from './driver.js';
import { canonical, columns, type Draft, type Event, genesis, hashOf } from './event.js';
import { type Head, type LogFile, openLogFile } from './file.js';
import { boot, isAlive, owner } from './process.js';

/** A row to append. With `nonce`, nothing is written when that nonce was spent before. */
interface Entry {
  readonly draft: Draft;
  readonly nonce: string | undefined;
  resolve(written: boolean): void;
  reject(error: unknown): void;
}

interface Statements {
  readonly head: Statement;
  readonly insert: Statement;
  readonly spend: Statement;
  readonly expect: Statement;
  readonly settle: Statement;
  readonly meta: Statement;
}

const patience = 2_000;
const rowsPerAnchor = 1_000;
const secondsPerAnchor = 60;

/** The only writer of audit.db in this process. Rows queued together are committed together. */
export class Store {
  readonly #home: Home;
  #file: LogFile | undefined;
  #sql: Statements | undefined;
  /** The last row this process saw: a log without it is another one. */
  #known: Head | undefined;
  #waitedInVainAt = Number.NEGATIVE_INFINITY;
  #queue: Entry[] = [];
  #draining = false;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Opens the log, or makes sure that the open one is still the one at its path. */
  async ready(): Promise<void> {
    await this.#patiently(async () => this.#open());
  }

  /**
   * Resolves when the row is on disk; false when nothing was written because its nonce was spent before, or
   * because the change it calls in doubt is pending no more.
   */
  append(draft: Draft, nonce?: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ draft, nonce, resolve, reject });
      if (!this.#draining) void this.#drain();
    });
  }

  /** Writes a signed checkpoint when one is due: 1,000 rows or 60 s since the last, or `always` with new rows. */
  anchor({ always = false } = {}): void {
    const { db } = this.#open();
    const head = db.prepare('SELECT seq, hash, ts FROM event ORDER BY seq DESC LIMIT 1').get() as
      | Pick<Event, 'seq' | 'hash' | 'ts'>
      | undefined;
    if (!head) return;
    const last = this.meta('anchored')?.split(' ') ?? ['0', '1970-01-01T00:00:00.000Z'];
    const rows = head.seq - Number(last[0]);
    const seconds = (Date.parse(head.ts) - Date.parse(last[1] ?? '')) / 1000;
    if (rows === 0 || !(always || rows >= rowsPerAnchor || Math.abs(seconds) >= secondsPerAnchor))
      return;
    const hash = Buffer.from(head.hash).toString('hex');
    appendAnchor(this.#home, { seq: head.seq, hash, ts: head.ts }, 'vmware-audit');
    this.setMeta('anchored', `${head.seq} ${head.ts}`);
  }

  meta(key: string): string | undefined {
    this.#open();
    return (this.#sql?.meta.get(key) as { v: string } | undefined)?.v;
  }

  setMeta(key: string, value: string): void {
    const { db } = this.#open();
    db.prepare(
      'INSERT INTO meta(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v',
    ).run(key, value);
  }

  /** Whether a change was made with the consent of this nonce. */
  isSpent(nonce: string): boolean {
    const { db } = this.#open();
    return db.prepare('SELECT 1 FROM consent WHERE nonce = ?').get(nonce) !== undefined;
  }

  /** How many changes a user intended since an instant, of the tools that count. */
  countIntents(actor: string, counts: (tool: string) => boolean, since: Date): number {
    const { db } = this.#open();
    const rows = db
      .prepare(
        "SELECT tool, count(*) AS n FROM event WHERE phase = 'intent' AND actor = ? AND ts >= ? GROUP BY tool",
      )
      .all(actor, since.toISOString()) as { tool: string; n: number }[];
    return rows.reduce((sum, { tool, n }) => sum + (counts(tool) ? n : 0), 0);
  }

  /** Intents whose writer is gone and that have no outcome. */
  abandoned(): Event[] {
    const { db } = this.#open();
    const rows = db.prepare('SELECT op_id, seq, owner FROM pending').all() as {
      op_id: string;
      seq: number;
      owner: string;
    }[];
    const event = db.prepare('SELECT * FROM event WHERE seq = ?');
    return rows
      .filter((row) => !isAlive(row.owner))
      .map((row) => event.get(row.seq) as Event)
      .filter((row) => row !== undefined);
  }

  close(): void {
    this.#file?.db.close();
    this.#file = undefined;
    this.#sql = undefined;
  }

  #open(): LogFile {
    if (this.#file && !this.#file.isStillThere()) {
      this.close();
      throw auditUnavailable(`${this.#home.auditDb} was removed or replaced while it was open.`);
    }
    if (!this.#file) {
      const file = openLogFile(this.#home, this.#known);
      this.#file = file;
      this.#sql = {
        head: file.db.prepare('SELECT seq, ts, hash FROM event ORDER BY seq DESC LIMIT 1'),
        insert: file.db.prepare(
          `INSERT INTO event(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`,
        ),
        spend: file.db.prepare(
          'INSERT OR IGNORE INTO consent(nonce, op_id, used_seq) VALUES(?, ?, ?)',
        ),
        expect: file.db.prepare('INSERT INTO pending(op_id, seq, owner) VALUES(?, ?, ?)'),
        settle: file.db.prepare('DELETE FROM pending WHERE op_id = ?'),
        meta: file.db.prepare('SELECT v FROM meta WHERE k = ?'),
      };
      this.#remember(this.#sql.head.get() as Event | undefined);
    }
    return this.#file;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    // One turn of the event loop lets calls that are in flight together share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const entries = this.#queue.splice(0, 256);
      try {
        const written = await this.#patiently(async () => this.#commit(entries));
        for (const [i, entry] of entries.entries()) entry.resolve(written[i] ?? false);
      } catch (error) {
        for (const entry of entries) entry.reject(error);
      }
    }
    // Set before anyone who waited for a row goes on and appends the next.
    this.#draining = false;
  }

  #commit(entries: readonly Entry[]): boolean[] {
    const { db } = this.#open();
    const sql = this.#sql as Statements;
    db.exec('BEGIN IMMEDIATE');
    try {
      let head = sql.head.get() as Pick<Event, 'seq' | 'ts' | 'hash'> | undefined;
      const written = entries.map(({ draft, nonce }) => {
        const seq = (head?.seq ?? 0) + 1;
        if (nonce !== undefined && Number(sql.spend.run(nonce, draft.op_id, seq).changes) === 0)
          return false;
        // Two programs that start at once find the same change abandoned; one of them says so.
        if (draft.phase === 'in_doubt' && Number(sql.settle.run(draft.op_id).changes) === 0)
          return false;
        const event = chained(draft, seq, head);
        sql.insert.run(...columns.map((column) => event[column]));
        if (draft.phase === 'intent') sql.expect.run(draft.op_id, seq, owner);
        if (draft.phase === 'outcome') sql.settle.run(draft.op_id);
        head = event;
        return true;
      });
      db.exec('COMMIT');
      this.#remember(head);
      return written;
    } catch (error) {
      try {
        db.exec('ROLLBACK');
      } catch {
        // The error that brought us here is the one to tell.
      }
      throw error;
    }
  }

  #remember(head: Pick<Event, 'seq' | 'hash'> | undefined): void {
    if (head) this.#known = { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') };
  }

  /**
   * Tries again while another process holds the lock, 2 s at most. SQLite's own busy handler sleeps up to
   * 100 ms at a time and starves waiters; short random pauses do not.
   */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    // Whoever has just waited in vain does not wait as long again: one call is refused within 2 s, not 4.
    const justWaited = performance.now() - this.#waitedInVainAt < 1_000;
    const end = performance.now() + (justWaited ? 50 : patience);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error)) throw this.#told(error);
        if (performance.now() > end) {
          this.#waitedInVainAt = performance.now();
          throw auditUnavailable('another process held its lock for 2 s.');
        }
        await sleep(0.1 + Math.random() * 4);
      }
    }
  }

  /** A damaged or replaced file is opened afresh next time, so that mending it needs no restart. */
  #told(error: unknown): unknown {
    if (error instanceof Refusal) return error;
    try {
      this.close();
    } catch {
      // A handle that cannot be closed is as good as closed.
    }
    const { code, message } = error as { code?: string; message?: string };
    return auditUnavailable(
      `${this.#home.auditDb}: ${message ?? 'unknown error'}${code ? ` (${code})` : ''}`,
    );
  }
}

function chained(draft: Draft, seq: number, head: Pick<Event, 'ts' | 'hash'> | undefined): Event {
  const now = Date.now();
  const ts = new Date(now).toISOString();
  const event = {
    ...draft,
    seq,
    event_id: uuidv7(now),
    ts,
    clock_regress: head && ts < head.ts ? 1 : 0,
    boot,
    pid: process.pid,
    body: canonical(draft.body),
    prev: head?.hash ?? genesis,
  };
  return { ...event, hash: hashOf(event) };
}

/** SQLITE_BUSY from better-sqlite3, and from node:sqlite, which puts the code in `errcode`. */
const isBusy = (error: unknown): boolean => {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return (
    code?.startsWith('SQLITE_BUSY') === true ||
    code?.startsWith('SQLITE_LOCKED') === true ||
    (errcode !== undefined && [5, 6].includes(errcode & 0xff))
  );
};
