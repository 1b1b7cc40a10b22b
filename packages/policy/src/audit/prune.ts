import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { sync } from './archive-file.js';
import { type Archive, archiveDir, archiveFiles, archivesIn } from './archives.js';
import { inSnapshot } from './chain.js';
import type { Database } from './driver.js';
import { type Hold, holding, holdsIn } from './holds.js';
import { withLease } from './lease.js';
import { seqIn, setMeta } from './meta.js';
import { readLog } from './query.js';
import { prunedRow } from './seals.js';
import { record, withLog } from './write-log.js';

/** Which archives may go: those with rows of before an instant only, and the oldest until so many bytes are left. */
export interface Retention {
  readonly before?: string | undefined;
  readonly keepBytes?: number | undefined;
}

export interface Prunable {
  /** The oldest archives, one after another. */
  readonly archives: readonly Archive[];
  /** What a legal hold keeps of them. */
  readonly held: readonly { readonly archive: Archive; readonly hold: Hold }[];
}

export const prunable = (home: Home, retention: Retention): Prunable =>
  readLog(home, (db) => inSnapshot(db, () => prunableIn(db, retention)));

function prunableIn(db: Database, { before, keepBytes }: Retention): Prunable {
  const all = archivesIn(db);
  let bytes = all.reduce((sum, archive) => sum + archive.bytes, 0);
  const archives: Archive[] = [];
  for (const archive of all) {
    const isOld = before !== undefined && archive.newest < before;
    const isTooMuch = keepBytes !== undefined && bytes > keepBytes;
    if (!isOld && !isTooMuch) break;
    archives.push(archive);
    bytes -= archive.bytes;
  }
  const holds = holdsIn(db);
  const held = archives.flatMap((archive) => {
    const hold = holding(holds, archive);
    return hold ? [{ archive, hold }] : [];
  });
  return { archives, held };
}

/**
 * Removes archives for good. A row that names each with its SHA-256 and last hash is on disk and signed before the
 * first file goes, and files that a prune that died has left go too. Throws CONFLICT when what may go has changed
 * since, and a legal hold is among that.
 */
export const prune = (
  home: Home,
  retention: Retention,
  agreed: readonly Pick<Archive, 'file'>[],
): Promise<Prunable> =>
  withLog(home, (db, patience) =>
    withLease(db, patience, async (check) => {
      const found = await record(home, db, patience, (append) => {
        check();
        const now = prunableIn(db, retention);
        if (now.held.length > 0 || !isSame(now.archives, agreed)) throw changed();
        const last = now.archives.at(-1);
        if (!last) return now;
        append(prunedRow(now.archives.map(rangeOf)));
        db.prepare('DELETE FROM archive WHERE to_seq <= ?').run(last.to_seq);
        setMeta(db, 'pruned_seq', String(last.to_seq));
        return now;
      });
      const dir = archiveDir(home);
      const gone = archiveFiles(dir).filter(({ to }) => to <= seqIn(db, 'pruned_seq'));
      // The oldest first, and on disk before the next: what is left is always one piece.
      for (const { file } of gone) {
        rmSync(join(dir, file));
        sync(dir);
      }
      return found;
    }),
  );

const rangeOf = ({ file, from_seq, to_seq, sha256, last_hash }: Archive) => ({
  archive: file,
  from: from_seq,
  to: to_seq,
  sha256,
  last_hash,
});

const isSame = (a: readonly Pick<Archive, 'file'>[], b: readonly Pick<Archive, 'file'>[]) =>
  a.length === b.length && a.every(({ file }, i) => file === b[i]?.file);

const changed = () =>
  new Refusal(
    'CONFLICT',
    'The archives or legal holds changed since this was planned. Nothing was removed.',
    'Run `vmware-audit prune --dry-run` with the same flags, and agree to the new plan.',
  );
