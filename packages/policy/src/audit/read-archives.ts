import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFiles } from './archives.js';
import { hex } from './chain.js';
import type { Bad, Findings, RowCheck } from './check-rows.js';
import { type Database, openDatabase } from './driver.js';
import type { Event } from './event.js';
import { prunedIn, type Seal } from './seals.js';

/** The archives of a log as they lie in a folder, held against what its rows say of them. */
export class ReadArchives {
  readonly #dir: string;
  readonly #files: ReturnType<typeof archiveFiles>;
  readonly #from: number;
  readonly #sha256 = new Map<string, string>();

  /** `live` is the first row of audit.db: an archive of rows that are still there is not finished, and none. */
  constructor(dir: string, live: number | undefined, from: number) {
    this.#dir = dir;
    this.#from = from;
    this.#files = archiveFiles(dir).filter(
      (file) => file.from < (live ?? Number.POSITIVE_INFINITY) && file.to >= from,
    );
  }

  /** The first row of the first archive. */
  get first(): number | undefined {
    return this.#files[0]?.from;
  }

  get read(): number {
    return this.#sha256.size;
  }

  /** Takes every row of every archive up to the first bad one. */
  takeAll(check: RowCheck): Bad | undefined {
    for (const { file, to } of this.#files) {
      if (!this.#take(check, file)) return check.findings().bad ?? this.#unread(check, file);
      const { next } = check.findings();
      if (next !== to + 1)
        return {
          seq: Math.min(next, to + 1),
          problem: `The archive ${file} holds other rows than its name says: it was renamed or replaced.`,
        };
    }
    return undefined;
  }

  #take(check: RowCheck, file: string): boolean {
    const path = join(this.#dir, file);
    this.#sha256.set(file, sha256Of(path));
    try {
      return reading(path, (db) =>
        check.takeAll(
          db
            .prepare('SELECT * FROM event WHERE seq >= ? ORDER BY seq')
            .iterate(this.#from) as IterableIterator<Event>,
        ),
      );
    } catch (error) {
      if (isDamage(error)) return false;
      throw error;
    }
  }

  #unread(check: RowCheck, file: string): Bad {
    return {
      seq: check.findings().next,
      problem: `The archive ${file} can no longer be read as it was sealed: it was changed.`,
    };
  }

  /** Rows before the first one that is there, unless some row says that they were pruned. */
  missingBefore(first: number, { before, pruned, bad }: Findings, live: Database): Bad | undefined {
    if (first <= this.#from) return undefined;
    const all = bad ? [...pruned, ...this.#prunedAnywhere(live)] : pruned;
    return all.some((one) => endsBefore(one, first, before))
      ? undefined
      : {
          seq: this.#from,
          problem: `Rows ${this.#from} to ${first - 1} are missing, and no row says that they were pruned.`,
        };
  }

  /** Rows about pruning may be after a bad one. */
  #prunedAnywhere(live: Database): Seal[] {
    const said = (db: Database) =>
      (db.prepare("SELECT * FROM event WHERE status = 'pruned'").all() as Event[]).flatMap(
        prunedIn,
      );
    return [
      ...said(live),
      ...this.#files.flatMap(({ file }) => {
        try {
          return reading(join(this.#dir, file), said);
        } catch {
          return [];
        }
      }),
    ];
  }

  /** What is wrong with the archives by the rows that seal them. */
  against({ seals, pruned }: Findings): Bad | undefined {
    for (const seal of seals) {
      const bad = this.#againstSeal(seal, pruned);
      if (bad) return bad;
    }
    return undefined;
  }

  /** An archive that no row seals. Where the end of the log was cut off, the row may be among what is gone. */
  unsealed({ seals }: Findings): Bad | undefined {
    const sealed = new Set(seals.map(({ archive }) => archive));
    const loose = this.#files.find(({ file }) => !sealed.has(file));
    return loose && { seq: loose.from, problem: `No row seals the archive ${loose.file}.` };
  }

  #againstSeal(seal: Seal, pruned: readonly Seal[]): Bad | undefined {
    const { archive, from, to, sha256 } = seal;
    if (to < this.#from) return undefined;
    const is = this.#sha256.get(archive);
    if (is === sha256 || (is === undefined && pruned.some((one) => isSame(one, seal))))
      return undefined;
    return {
      seq: from,
      problem:
        is === undefined
          ? `The archive ${archive}, which row ${seal.seq} seals, is not in ${this.#dir}.`
          : `The archive ${archive} is not the file that row ${seal.seq} seals: it was changed.`,
    };
  }
}

function reading<T>(path: string, read: (db: Database) => T): T {
  const { db } = openDatabase(path, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Where the first row that is there is bad itself, its `prev` says nothing. */
const endsBefore = ({ to, last_hash }: Seal, first: number, before: Uint8Array | undefined) =>
  to === first - 1 && (before === undefined || last_hash === hex(before));

const isSame = (a: Seal, b: Seal): boolean =>
  a.from === b.from && a.to === b.to && a.sha256 === b.sha256 && a.last_hash === b.last_hash;

/** SQLITE_CORRUPT, SQLITE_NOTADB, or a table that is not there: the bytes are not those that were sealed. */
const isDamage = (error: unknown): boolean => {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return (
    /^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code ?? '') ||
    (errcode !== undefined && [1, 11, 26].includes(errcode & 0xff))
  );
};

/** SHA-256 of a file, hexadecimal, a piece at a time. */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (let n = readSync(file, piece); n > 0; n = readSync(file, piece))
      hash.update(piece.subarray(0, n));
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
