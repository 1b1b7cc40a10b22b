import { setTimeout as sleep } from 'node:timers/promises';
import { auditUnavailable } from '../refusal.js';

const longest = 2_000;

/**
 * Tries again while another process holds the lock, 2 s at most. SQLite's own busy handler sleeps up to
 * 100 ms at a time and starves waiters; short random pauses do not.
 */
export class Patience {
  #waitedInVainAt = Number.NEGATIVE_INFINITY;

  /** Throws AUDIT_UNAVAILABLE when the lock stays taken, and whatever else `work` throws. */
  async wait<T>(work: () => T): Promise<T> {
    const end = this.#end();
    for (;;) {
      const done = this.#attempt(work, end);
      if (done) return done.result;
      await sleep(pause());
    }
  }

  /** The same for work that is small and seldom: the whole program waits. */
  waitSync<T>(work: () => T): T {
    const end = this.#end();
    for (;;) {
      const done = this.#attempt(work, end);
      if (done) return done.result;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause());
    }
  }

  #end(): number {
    // Whoever has just waited in vain does not wait as long again: one call is refused within 2 s, not 4.
    const justWaited = performance.now() - this.#waitedInVainAt < 1_000;
    return performance.now() + (justWaited ? 50 : longest);
  }

  #attempt<T>(work: () => T, end: number): { readonly result: T } | undefined {
    try {
      return { result: work() };
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() <= end) return undefined;
      this.#waitedInVainAt = performance.now();
      throw auditUnavailable('another process held its lock for 2 s.');
    }
  }
}

const pause = (): number => 0.1 + Math.random() * 4;

/** SQLITE_BUSY from better-sqlite3, and from node:sqlite, which puts the code in `errcode`. */
const isBusy = (error: unknown): boolean => {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return (
    code?.startsWith('SQLITE_BUSY') === true ||
    code?.startsWith('SQLITE_LOCKED') === true ||
    (errcode !== undefined && [5, 6].includes(errcode & 0xff))
  );
};
