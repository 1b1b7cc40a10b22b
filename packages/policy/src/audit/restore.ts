import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Home, homeAt, prepareHome } from '../home.js';
import { Refusal } from '../refusal.js';
import { adminRow } from './admin.js';
import { anchors, appendRestored, checkingKey } from './anchor.js';
import { sync } from './archive-file.js';
import { archiveDir, archiveFiles } from './archives.js';
import { lastSeq, readManifest, verifyBackup } from './backup.js';
import { Chain, hex, inTransaction } from './chain.js';
import { openDatabase } from './driver.js';
import type { Event } from './event.js';
import { demandsOf, type Lost, upTo } from './signed-rows.js';
import type { Verification } from './verify.js';

/** What a restore would do, for a person to agree to. */
export interface RestorePlan {
  readonly summary: string;
  readonly changes: readonly string[];
  /** Why it cannot be done. */
  readonly blockers: readonly string[];
  readonly backup: Verification;
  readonly last_seq: number;
  /** Rows that are known to have been written and are not in the backup. */
  readonly lost: Lost | null;
}

/**
 * Says what putting a backup back would mean. Works on a home whose log is broken or gone. The backup is checked
 * with the key and the checkpoints of this home as well as with its own. Throws AUDIT_UNREADABLE for no backup.
 */
export function planRestore(home: Home, dir: string): RestorePlan {
  const { last_seq, made_at } = readManifest(dir);
  const key = checkingKey(home);
  const lines = readAnchors(home);
  const own = key ? [upTo(demandsOf(lines, key), last_seq)] : [];
  const backup = verifyBackup(dir, { key, demands: own });
  const known = Math.max(0, ...lines.map(({ seq }) => seq), lastKnown(home));
  const lost = known > last_seq ? { from: last_seq + 1, to: known } : null;
  const isGood = backup.verdict === 'intact' || backup.verdict === 'incomplete';
  const kept = join(home.dir, 'audit-replaced');
  return {
    summary: `Put the audit log of ${made_at} back from ${dir}: ${last_seq} rows`,
    changes: [
      lost
        ? `rows ${lost.from} to ${lost.to} are not in it, and will be declared lost`
        : 'no row is lost that is known of',
      `the files that are there now are kept below ${kept}`,
      'the restored log begins with a row that says so, and its signed line voids later checkpoints',
    ],
    blockers: [
      ...(isGood ? [] : [`The backup is ${backup.verdict}: ${backup.problem}`]),
      ...(existsSync(home.auditKey)
        ? []
        : [`${home.auditKey}, which signs that the log was restored, is gone: put it back first.`]),
    ],
    backup,
    last_seq,
    lost,
  };
}

function readAnchors(home: Home): ReturnType<typeof anchors> {
  try {
    return anchors(home);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** The last row of the log that is there now, as far as it can be read. */
function lastKnown(home: Home): number {
  const archived = archiveFiles(archiveDir(home)).at(-1)?.to ?? 0;
  try {
    const { db } = openDatabase(home.auditDb, { readonly: true });
    try {
      return Math.max(archived, lastSeq(db));
    } finally {
      db.close();
    }
  } catch {
    return archived;
  }
}

/**
 * Puts a backup in the place of the log. Nothing is deleted: what was there is below `audit-replaced`. Programs that
 * have the log open refuse calls until they are started again. Throws CONFLICT when the plan has blockers.
 */
export function restore(home: Home, dir: string): RestorePlan & { readonly kept: string } {
  const plan = planRestore(home, dir);
  if (plan.blockers.length > 0)
    throw new Refusal(
      'BLOCKED',
      plan.blockers.join(' '),
      'Run `vmware-audit backup verify` on another backup, and restore that one.',
    );
  prepareHome(home);
  const now = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const kept = join(home.dir, 'audit-replaced', now);
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  const staged = homeAt(join(kept, 'staged'));
  stage(dir, staged);
  const row = declare(staged, dir, plan);
  for (const file of ['audit.db', 'audit.db-wal', 'audit.db-shm', 'audit-archive'])
    move(join(home.dir, file), join(kept, file));
  keepAnchor(home, dir, kept);
  for (const path of [archiveDir(staged), staged.auditDb])
    move(path, join(home.dir, basename(path)));
  sync(home.dir);
  appendRestored(home, {
    seq: row.seq,
    hash: hex(row.hash),
    ts: row.ts,
    lost_to: plan.lost?.to ?? 0,
  });
  return { ...plan, kept };
}

function stage(dir: string, staged: Home): void {
  mkdirSync(staged.dir, { mode: 0o700 });
  copyFileSync(join(dir, 'audit.db'), staged.auditDb);
  chmodSync(staged.auditDb, 0o600);
  const from = archiveDir(homeAt(dir));
  if (!existsSync(from)) return;
  mkdirSync(archiveDir(staged), { mode: 0o700 });
  for (const { file } of archiveFiles(from)) {
    const to = join(archiveDir(staged), file);
    copyFileSync(join(from, file), to);
    chmodSync(to, 0o400);
    sync(to);
  }
}

/** The row that begins the restored log anew is in it before it is put in place. */
function declare(staged: Home, dir: string, { last_seq, lost }: RestorePlan): Event {
  const { db } = openDatabase(staged.auditDb);
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA');
    return inTransaction(db, () => {
      const chain = new Chain(db);
      const body = { backup: dir, last_seq, lost };
      return chain.append(adminRow('restore_audit_log', 'restored', body), chain.last());
    });
  } finally {
    db.close();
  }
}

/** The checkpoints stay and are continued; a copy is kept. Garbled ones give way to those of the backup. */
function keepAnchor(home: Home, dir: string, kept: string): void {
  if (existsSync(home.auditAnchor)) copyFileSync(home.auditAnchor, join(kept, 'audit.anchor'));
  try {
    if (anchors(home).length > 0) return;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const theirs = homeAt(dir).auditAnchor;
  if (!existsSync(theirs)) return;
  copyFileSync(theirs, home.auditAnchor);
  chmodSync(home.auditAnchor, 0o600);
}

function move(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
