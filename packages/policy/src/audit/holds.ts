import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { adminRow } from './admin.js';
import type { Archive } from './archives.js';
import type { Database } from './driver.js';
import { readLog } from './query.js';
import { record, withLog } from './write-log.js';

/** Rows of these instants are evidence: their archives cannot be pruned. */
export interface Hold {
  readonly name: string;
  readonly from_ts: string;
  readonly to_ts: string;
  readonly reason: string;
  /** The row that says so. */
  readonly placed_seq: number;
}

/** The end of a hold that has none. */
export const endless = '9999-12-31T23:59:59.999Z';

export const placeHold = (home: Home, hold: Omit<Hold, 'placed_seq'>): Promise<Hold> =>
  withLog(home, (db, patience) =>
    record(home, db, patience, (append) => {
      if (holdsIn(db).some(({ name }) => name === hold.name))
        throw new Refusal(
          'DUPLICATE_NAME',
          `There is a legal hold "${hold.name}" already.`,
          'Run `vmware-audit hold list`, and take another name.',
        );
      const { seq } = append(adminRow('place_legal_hold', 'held', { hold }));
      db.prepare(
        'INSERT INTO hold(name, from_ts, to_ts, reason, placed_seq) VALUES(?, ?, ?, ?, ?)',
      ).run(hold.name, hold.from_ts, hold.to_ts, hold.reason, seq);
      return { ...hold, placed_seq: seq };
    }),
  );

export const releaseHold = (home: Home, name: string, reason: string): Promise<Hold> =>
  withLog(home, (db, patience) =>
    record(home, db, patience, (append) => {
      const hold = holdNamed(holdsIn(db), name);
      append(adminRow('release_legal_hold', 'released', { hold, reason }));
      db.prepare('DELETE FROM hold WHERE name = ?').run(name);
      return hold;
    }),
  );

export const holds = (home: Home): Hold[] => readLog(home, holdsIn);

/** Throws NOT_FOUND for a name that no hold has. */
export function holdNamed(all: readonly Hold[], name: string): Hold {
  const hold = all.find((one) => one.name === name);
  if (hold) return hold;
  throw new Refusal(
    'NOT_FOUND',
    `There is no legal hold "${name}".`,
    'Run `vmware-audit hold list` to see their names.',
  );
}

/** A log of the first schema has none. */
export function holdsIn(db: Database): Hold[] {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'hold'").get()) return [];
  return db.prepare('SELECT * FROM hold ORDER BY name').all() as Hold[];
}

export const holding = (all: readonly Hold[], { oldest, newest }: Archive): Hold | undefined =>
  all.find(({ from_ts, to_ts }) => from_ts <= newest && oldest <= to_ts);
