import { Refusal } from '../refusal.js';
import { inTransaction } from './chain.js';
import type { Database } from './driver.js';
import { metaOf, setMeta } from './meta.js';
import type { Patience } from './patience.js';
import { isAlive, owner } from './process.js';

const key = 'keeper';
const mine = new Set<string>();
let count = 0;

/**
 * Runs work on the archives while nobody else does. A lease whose process is gone is taken over. Throws BUSY when
 * somebody alive has it. `check` throws when the lease was lost meanwhile; ask it before what cannot be undone.
 */
export async function withLease<T>(
  db: Database,
  patience: Patience,
  work: (check: () => void) => Promise<T>,
): Promise<T> {
  count += 1;
  const lease = `${owner}/${count}`;
  await patience.wait(() => inTransaction(db, () => take(db, lease)));
  mine.add(lease);
  try {
    return await work(() => {
      if (metaOf(db, key) !== lease) throw busy();
    });
  } finally {
    mine.delete(lease);
    await patience.wait(() => db.prepare('DELETE FROM meta WHERE k = ? AND v = ?').run(key, lease));
  }
}

function take(db: Database, lease: string): void {
  const held = metaOf(db, key);
  if (held !== undefined && isHeld(held)) throw busy();
  setMeta(db, key, lease);
}

/** A lease of this process that nobody works under was left behind by a failure. */
const isHeld = (lease: string): boolean =>
  lease.startsWith(`${owner}/`) ? mine.has(lease) : isAlive(lease);

const busy = () =>
  new Refusal(
    'BUSY',
    'Another program is rotating, pruning or copying the audit log.',
    'Wait until it has ended, then run the same command again; `vmware-audit archives` shows what it made.',
  );
