import type { Database } from './driver.js';

/** Working state of the log that is no evidence: what was anchored, sealed, pruned, who rotates. */
export const metaOf = (db: Database, key: string): string | undefined =>
  (db.prepare('SELECT v FROM meta WHERE k = ?').get(key) as { v: string } | undefined)?.v;

export function setMeta(db: Database, key: string, value: string): void {
  db.prepare('INSERT INTO meta(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v').run(
    key,
    value,
  );
}

export const seqIn = (db: Database, key: 'sealed_seq' | 'pruned_seq'): number =>
  Number(metaOf(db, key) ?? 0);
