import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { anchors, checkingKey } from './anchor.js';
import { archiveDir, archiveFiles } from './archives.js';
import { hex } from './chain.js';
import { type Bad, beginning, type Findings, RowCheck } from './check-rows.js';
import { type Database, openDatabase } from './driver.js';
import type { Event } from './event.js';
import { ReadArchives } from './read-archives.js';
import {
  type Demands,
  demandsOf,
  type Lost,
  type SignedRows,
  together,
  upTo,
} from './signed-rows.js';
import { remedyFor, unreadable } from './verify-remedies.js';

export const verdicts = ['intact', 'tampered', 'incomplete', 'unreadable'] as const;

export interface Verification {
  /**
   * `incomplete`: what is there is intact, but changes are in doubt, or rows were pruned or lost in a declared
   * restore. `unreadable`: there is no telling.
   */
  readonly verdict: (typeof verdicts)[number];
  /** Rows that are good, up to the first bad one. */
  readonly rows: number;
  /** Archives that were read. */
  readonly archives: number;
  /** Hash of the last good row. */
  readonly head: string | null;
  /** Signed checkpoints that agree with the log. */
  readonly checkpoints: number;
  readonly first_bad_row: number | null;
  readonly problem: string | null;
  readonly remedy: string | null;
  /** Changes whose outcome is not known: dangling intents and rows marked in doubt. */
  readonly in_doubt: number;
  /** Rows that are gone, and it is recorded why. */
  readonly lost: readonly (Lost & { readonly why: 'pruned' | 'restored' })[];
}

export interface VerifyOptions {
  /** The first row to check; those before are taken for granted. */
  readonly from?: number | undefined;
  /** An anchor file that was kept elsewhere, beside the log's own. */
  readonly anchor?: string | undefined;
  /** Where the archives are, if not beside the log. */
  readonly archiveDir?: string | undefined;
}

/** What more is known of the log than what lies beside it. */
export interface Known {
  /** The key that checks signatures, if not the one beside the log. */
  readonly key?: KeyObject | undefined;
  readonly demands?: readonly Demands[];
  /** The last row that was there when the log was copied: what was signed of later ones says nothing of it. */
  readonly copiedAt?: number;
}

/** Reads the whole log once, archives first, and recomputes every hash. It never throws. */
export function verifyLog(
  home: Home,
  options: VerifyOptions = {},
  known: Known = {},
): Verification {
  const dir = options.archiveDir ?? archiveDir(home);
  for (let left = 3; ; left -= 1) {
    try {
      const listed = archiveFiles(dir);
      const said = verifyOnce(home, dir, options, known);
      // Archives that come or go while they are read look like tampering. They do so seldom.
      const isSure = said.verdict !== 'tampered' || left === 1;
      if (isSure || same(listed, archiveFiles(dir))) return said;
    } catch (error) {
      const { message, remedy } = error as Partial<Refusal>;
      return remedy
        ? { ...unreadable(home, message ?? ''), remedy }
        : unreadable(home, `${home.auditDb} cannot be read: ${message}.`);
    }
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function verifyOnce(
  home: Home,
  dir: string,
  { from = 1, anchor }: VerifyOptions,
  known: Known,
): Verification {
  if (!existsSync(home.auditDb))
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `There is no audit log at ${home.auditDb}.`,
      'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
    );
  const signed = signedBy(home, anchor, known);
  const { db } = openDatabase(home.auditDb, { readonly: true });
  try {
    db.exec('BEGIN');
    const live = firstRow(db);
    const archives = new ReadArchives(dir, live, from);
    const first = Math.max(from, archives.first ?? live ?? 1);
    const check = new RowCheck(first === 1 ? beginning : { seq: first }, signed.rows);
    const bad =
      archives.takeAll(check) ??
      (check.takeAll(rowsFrom(db, first)) ? undefined : check.findings().bad);
    const found = { ...check.findings(), bad };
    const wrong =
      archives.missingBefore(first, found, db) ??
      prunedFalsely(found, signed) ??
      bad ??
      archives.against(found) ??
      cutOff(found, signed) ??
      archives.unsealed(found) ??
      damage(db);
    return verdictOf(home, found, signed, { bad: wrong, archives: archives.read, from: first });
  } finally {
    db.close();
  }
}

const firstRow = (db: Database): number | undefined =>
  (db.prepare('SELECT min(seq) AS seq FROM event').get() as { seq: number | null }).seq ??
  undefined;

const rowsFrom = (db: Database, seq: number): Iterable<Event> =>
  db
    .prepare('SELECT * FROM event WHERE seq >= ? ORDER BY seq')
    .iterate(seq) as IterableIterator<Event>;

function signedBy(home: Home, elsewhere: string | undefined, known: Known): SignedRows {
  const { demands = [], copiedAt = Number.POSITIVE_INFINITY } = known;
  const files = [anchors(home), ...(elsewhere === undefined ? [] : [anchors(home, elsewhere)])];
  const key = known.key ?? checkingKey(home);
  if (key)
    return together([...files.map((lines) => upTo(demandsOf(lines, key), copiedAt)), ...demands]);
  if (files.every((lines) => lines.length === 0)) return together(demands);
  throw new Refusal(
    'AUDIT_UNREADABLE',
    `${home.auditAnchor} has signed checkpoints, and ${home.auditKey}, which checks them, is gone.`,
    'Restore audit.key from a backup, then run `vmware-audit verify` again.',
  );
}

function cutOff({ next }: Findings, { rows }: SignedRows): Bad | undefined {
  const missing = [...rows.keys()].filter((seq) => seq >= next).sort((a, b) => a - b)[0];
  return missing === undefined
    ? undefined
    : {
        seq: next,
        problem: `Row ${missing} was signed but is not there: the end of the log was cut off.`,
      };
}

/** The last row of a range that was pruned is known by its hash, and may have been signed. */
function prunedFalsely({ pruned }: Findings, { rows }: SignedRows): Bad | undefined {
  const wrong = pruned.find(({ to, last_hash }) =>
    (rows.get(to) ?? []).some(({ hash }) => hash !== last_hash),
  );
  return (
    wrong && {
      seq: wrong.to,
      problem: `Row ${wrong.to}, which row ${wrong.seq} says was pruned, is not the row that was signed.`,
    }
  );
}

/** Rows can be good in a file that is not: a page of an index, or of the free list. */
function damage(db: Database): undefined {
  const [found] = Object.values(db.prepare('PRAGMA quick_check(1)').get() as object) as string[];
  if (found === 'ok') return undefined;
  throw new Error(`its rows are intact, but the file is damaged: ${found}`);
}

function verdictOf(
  home: Home,
  found: Findings,
  signed: SignedRows,
  { bad, archives, from }: { bad: Bad | undefined; archives: number; from: number },
): Verification {
  const pruned = found.pruned.reduce((last, { to }) => (to < from ? Math.max(last, to) : last), 0);
  const lost = [
    ...(pruned > 0 ? [{ from: 1, to: pruned, why: 'pruned' as const }] : []),
    ...signed.lost.map((range) => ({ ...range, why: 'restored' as const })),
  ];
  const isComplete = found.in_doubt === 0 && lost.length === 0;
  const verdict = bad ? 'tampered' : isComplete ? 'intact' : 'incomplete';
  return {
    verdict,
    rows: found.rows,
    archives,
    head: found.head ? hex(found.head) : null,
    checkpoints: found.checkpoints,
    first_bad_row: bad?.seq ?? null,
    problem: bad?.problem ?? null,
    remedy: remedyFor(home, verdict, found.in_doubt),
    in_doubt: found.in_doubt,
    lost,
  };
}
