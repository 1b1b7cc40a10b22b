import type { Home } from '../home.js';
import { auditUnavailable, Refusal } from '../refusal.js';
import { archivesIn, readArchive } from './archives.js';
import { Chain, hex, inSnapshot, type Last, Transaction } from './chain.js';
import { checkpoint } from './checkpoint.js';
import type { Database, Statement } from './driver.js';
import type { Draft, Event } from './event.js';
import { type Head, type LogFile, openLogFile } from './file.js';
import { metaOf, setMeta } from './meta.js';
import { Patience } from './patience.js';
import { isAlive, owner } from './process.js';
import { RefusedIntents } from './refused-intents.js';

/** A row to append. Nothing is written when one of its nonces was spent before. */
interface Entry {
  readonly draft: Draft;
  readonly nonces: readonly string[];
  resolve(written: boolean): void;
  reject(error: unknown): void;
}

/** The open log, with what is said to it at every row. */
interface Open {
  readonly file: LogFile;
  readonly chain: Chain;
  readonly transaction: Transaction;
  readonly spent: Statement;
  readonly spend: Statement;
  readonly expect: Statement;
  readonly settle: Statement;
}

/** Writes the rows of calls into audit.db. Rows queued together are committed together. */
export class Store {
  readonly #home: Home;
  readonly #patience = new Patience();
  readonly #refused = new RefusedIntents();
  #opened: Open | undefined;
  /** The last row this process saw: a log without it is another one. */
  #known: Head | undefined;
  #queue: Entry[] = [];
  #draining = false;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Opens the log, or makes sure that the open one is still the one at its path. */
  async ready(): Promise<void> {
    await this.#patiently(() => this.#open());
  }

  /**
   * Resolves when the row is on disk; false when nothing was written because a nonce was spent before, or
   * because the change it calls in doubt is pending no more.
   */
  append(draft: Draft, nonces: readonly string[] = []): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ draft, nonces, resolve, reject });
      if (!this.#draining) void this.#drain();
    });
  }

  /** Writes a signed checkpoint when one is due: 1,000 rows or 60 s since the last, or `always` with new rows. */
  anchor(how?: { readonly always?: boolean }): void {
    checkpoint(this.#home, this.#db(), this.#patience, how);
  }

  meta(key: string): string | undefined {
    return metaOf(this.#db(), key);
  }

  setMeta(key: string, value: string): void {
    this.#patience.waitSync(() => setMeta(this.#db(), key, value));
  }

  /** Whether a change was made with the consent of this nonce. */
  isSpent(nonce: string): boolean {
    return this.#db().prepare('SELECT 1 FROM consent WHERE nonce = ?').get(nonce) !== undefined;
  }

  /** Reads the rows since an instant: those of audit.db first, then of each archive that has any. */
  since<T>(instant: Date, read: (rows: Database, from: string) => T): T[] {
    const from = instant.toISOString();
    const db = this.#db();
    return inSnapshot(db, () => [
      read(db, from),
      ...archivesIn(db)
        .filter(({ newest }) => newest >= from)
        .map((archive) => readArchive(this.#home, archive, (rows) => read(rows, from))),
    ]);
  }

  /** Intents whose writer is gone and that have no outcome. */
  abandoned(): Event[] {
    const db = this.#db();
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
    this.#opened?.file.db.close();
    this.#opened = undefined;
  }

  #db(): Database {
    return this.#open().file.db;
  }

  #open(): Open {
    if (this.#opened?.file.isStillThere() === false) {
      this.close();
      throw auditUnavailable(`${this.#home.auditDb} was removed or replaced while it was open.`);
    }
    if (!this.#opened) {
      const file = openLogFile(this.#home, this.#known);
      this.#opened = {
        file,
        chain: new Chain(file.db),
        transaction: new Transaction(file.db),
        spent: file.db.prepare('SELECT 1 FROM consent WHERE nonce = ?'),
        spend: file.db.prepare('INSERT INTO consent(nonce, op_id, used_seq) VALUES(?, ?, ?)'),
        expect: file.db.prepare('INSERT INTO pending(op_id, seq, owner) VALUES(?, ?, ?)'),
        settle: file.db.prepare('DELETE FROM pending WHERE op_id = ?'),
      };
      this.#remember(this.#opened.chain.last());
    }
    return this.#opened;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    // One turn of the event loop lets calls that are in flight together share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const entries = this.#queue.splice(0, 256);
      try {
        const written = await this.#patiently(() => this.#commit(entries));
        for (const [i, entry] of entries.entries()) entry.resolve(written[i] ?? false);
      } catch (error) {
        for (const entry of entries) {
          this.#refused.add(entry.draft);
          entry.reject(error);
        }
      }
    }
    // Set before anyone who waited for a row goes on and appends the next.
    this.#draining = false;
  }

  #commit(entries: readonly Entry[]): boolean[] {
    const { chain, transaction, spent, spend, expect, settle } = this.#open();
    let last: Last | undefined;
    const written = transaction.run(() => {
      last = chain.last();
      for (const draft of this.#refused.outcomes(settle)) last = chain.append(draft, last);
      return entries.map(({ draft, nonces }) => {
        const seq = (last?.seq ?? 0) + 1;
        if (nonces.some((nonce) => spent.get(nonce) !== undefined)) return false;
        for (const nonce of nonces) spend.run(nonce, draft.op_id, seq);
        // Two programs that start at once find the same change abandoned; one of them says so.
        if (draft.phase === 'in_doubt' && Number(settle.run(draft.op_id).changes) === 0)
          return false;
        last = chain.append(draft, last);
        if (draft.phase === 'intent') expect.run(draft.op_id, seq, owner);
        if (draft.phase === 'outcome') settle.run(draft.op_id);
        return true;
      });
    });
    this.#refused.clear();
    this.#remember(last);
    return written;
  }

  #remember(last: Last | undefined): void {
    if (last) this.#known = { seq: last.seq, hash: hex(last.hash) };
  }

  async #patiently<T>(work: () => T): Promise<T> {
    try {
      return await this.#patience.wait(work);
    } catch (error) {
      throw this.#told(error);
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
