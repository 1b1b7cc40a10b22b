import { existsSync } from 'node:fs';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { anchors, checkingKey, isGenuine } from './anchor.js';
import { openDatabase } from './driver.js';
import { type Event, genesis, hashOf } from './event.js';

export interface Verification {
  readonly verdict: 'intact' | 'tampered' | 'incomplete';
  readonly rows: number;
  readonly head: string | null;
  /** Signed checkpoints that agree with the log. */
  readonly checkpoints: number;
  readonly first_bad_row: number | null;
  readonly problem: string | null;
  /** Changes whose outcome is not known: dangling intents and rows marked in doubt. */
  readonly in_doubt: number;
}

/**
 * Reads the whole log once and recomputes every hash. `tampered` names the first bad row; `incomplete` is an
 * intact log with changes in doubt. Throws AUDIT_UNREADABLE when there is no log or it cannot be read.
 */
export function verifyLog(home: Home): Verification {
  if (!existsSync(home.auditDb))
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `There is no audit log at ${home.auditDb}.`,
      'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
    );
  const signed = anchors(home);
  const atSeq = new Map(signed.map((anchor) => [anchor.seq, anchor]));
  const { db } = openDatabase(home.auditDb, { readonly: true });
  let rows = 0;
  let doubts = 0;
  let checkpoints = 0;
  let prev: Uint8Array = genesis;
  const verdict = (first_bad_row: number | null, problem: string | null): Verification => ({
    verdict: problem ? 'tampered' : doubts > 0 ? 'incomplete' : 'intact',
    rows,
    head: rows > 0 ? Buffer.from(prev).toString('hex') : null,
    checkpoints,
    first_bad_row,
    problem,
    in_doubt: doubts,
  });
  try {
    const key = signed.length > 0 ? keyFor(home) : undefined;
    for (const row of db.prepare('SELECT * FROM event ORDER BY seq').iterate() as Iterable<Event>) {
      if (row.seq !== rows + 1)
        return verdict(rows + 1, `Row ${rows + 1} is missing: the next one is ${row.seq}.`);
      if (Buffer.compare(row.prev, prev) !== 0)
        return verdict(row.seq, `Row ${row.seq} does not follow the row before it.`);
      if (Buffer.compare(hashOf(row), row.hash) !== 0)
        return verdict(row.seq, `Row ${row.seq} does not match its hash: it was changed.`);
      const anchor = atSeq.get(row.seq);
      if (anchor && key) {
        if (!isGenuine(anchor, key))
          return verdict(row.seq, `The checkpoint at row ${row.seq} has a false signature.`);
        if (anchor.hash !== Buffer.from(row.hash).toString('hex'))
          return verdict(
            row.seq,
            `Row ${row.seq} is not the row that was signed: the log was rewritten.`,
          );
        checkpoints += 1;
        atSeq.delete(row.seq);
      }
      prev = row.hash;
      rows += 1;
    }
    const lost = [...atSeq.keys()].sort((a, b) => a - b)[0];
    if (lost !== undefined)
      return verdict(
        rows + 1,
        `Row ${lost} was signed but is not there: the end of the log was cut off.`,
      );
    doubts = (
      db
        .prepare(
          "SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM event WHERE phase = 'in_doubt') AS n",
        )
        .get() as { n: number }
    ).n;
    return verdict(null, null);
  } finally {
    db.close();
  }
}

function keyFor(home: Home) {
  const key = checkingKey(home);
  if (key) return key;
  throw new Refusal(
    'AUDIT_UNREADABLE',
    `${home.auditAnchor} has signed checkpoints, and ${home.auditKey}, which checks them, is gone.`,
    'Restore audit.key from a backup, then run `vmware-audit verify` again.',
  );
}
