import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { type Database, openDatabase } from './driver.js';

/** Rows that were moved out of audit.db, oldest archive first. Instants are those of the rows' clocks. */
export interface Archive {
  readonly from_seq: number;
  readonly to_seq: number;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly last_hash: string;
  readonly oldest: string;
  readonly newest: string;
}

export const archiveDir = (home: Home): string => join(home.dir, 'audit-archive');

const padded = (seq: number): string => String(seq).padStart(10, '0');
export const archiveName = (from: number, to: number): string => `${padded(from)}-${padded(to)}.db`;

const named = /^(\d{10,})-(\d{10,})\.db$/;

/** The archives that a folder holds, by their names alone, in the order of their rows. */
export function archiveFiles(dir: string): { from: number; to: number; file: string }[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((file) => {
      const [, from, to] = named.exec(file) ?? [];
      return from === undefined ? [] : [{ from: Number(from), to: Number(to), file }];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** What the log itself says of its archives. A log of the first schema has none. */
export function archivesIn(db: Database): Archive[] {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'archive'").get()) return [];
  return db.prepare('SELECT * FROM archive ORDER BY from_seq').all() as Archive[];
}

/** Reads one archive. Throws AUDIT_UNREADABLE when it is not where it was put. */
export function readArchive<T>(home: Home, { file }: Archive, read: (db: Database) => T): T {
  const path = join(archiveDir(home), file);
  let opened: { readonly db: Database };
  try {
    opened = openDatabase(path, { readonly: true });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `The archive ${path} cannot be opened: ${(error as Error).message}.`,
      'Put it back where it was, then run `vmware-audit verify`.',
    );
  }
  try {
    return read(opened.db);
  } finally {
    opened.db.close();
  }
}
