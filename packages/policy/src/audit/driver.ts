import { createRequire } from 'node:module';
import { Refusal } from '../refusal.js';

export interface Statement {
  run(...values: unknown[]): { changes: number | bigint };
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
  iterate(...values: unknown[]): IterableIterator<unknown>;
}

/** The part of a SQLite driver that better-sqlite3 and node:sqlite have in common. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

export type DriverName = 'better-sqlite3' | 'node:sqlite';
export interface OpenDatabase {
  readonly db: Database;
  readonly driver: DriverName;
  readonly version: string;
}

const require = createRequire(import.meta.url);

/** Milliseconds. A reader waits only while the log is made or its WAL is recovered; writers see to it themselves. */
const readPatience = 2_000;

/**
 * Opens a database file with better-sqlite3, or with node:sqlite where its native binary is missing.
 * Throws NO_SQLITE_DRIVER when neither loads, and SQLITE_TOO_OLD for an engine with the WAL-reset bug
 * (sqlite.org/wal.html: fixed in 3.51.3, 3.50.7 and 3.44.6).
 */
export function openDatabase(file: string, { readonly = false } = {}): OpenDatabase {
  const opened = withBetterSqlite(file, readonly) ?? withNodeSqlite(file, readonly);
  if (!opened)
    throw new Refusal(
      'NO_SQLITE_DRIVER',
      'No SQLite driver: better-sqlite3 has no binary for this Node, and this Node has no node:sqlite.',
      'Run `npm rebuild better-sqlite3` in the folder of this installation, or use Node 22.13 or newer.',
    );
  if (!isSafeEngine(opened.version)) {
    opened.db.close();
    throw new Refusal(
      'SQLITE_TOO_OLD',
      `SQLite ${opened.version} can corrupt a log that several processes write.`,
      'Run `npm rebuild better-sqlite3`, or use a Node whose process.versions.sqlite is 3.51.3 or newer.',
    );
  }
  return opened;
}

function withBetterSqlite(file: string, readonly: boolean): OpenDatabase | undefined {
  let Sqlite: new (file: string, options: object) => Database;
  let nativeBinding: string;
  let version: string;
  try {
    Sqlite = require('better-sqlite3');
    // Left to itself it looks for its binary in a dozen places, which takes a tenth of a start.
    nativeBinding = require.resolve('better-sqlite3/build/Release/better_sqlite3.node');
    const empty = new Sqlite(':memory:', { nativeBinding });
    version = versionOf(empty);
    empty.close();
  } catch {
    return undefined;
  }
  const db = new Sqlite(file, { nativeBinding, readonly, timeout: readonly ? readPatience : 0 });
  return { db, driver: 'better-sqlite3', version };
}

function withNodeSqlite(file: string, readOnly: boolean): OpenDatabase | undefined {
  const warn = process.emitWarning;
  let DatabaseSync: new (file: string, options: object) => Database;
  try {
    // Node 22 prints an ExperimentalWarning on load, which would look like a fault of ours.
    process.emitWarning = () => {};
    ({ DatabaseSync } = require('node:sqlite'));
  } catch {
    return undefined;
  } finally {
    process.emitWarning = warn;
  }
  const empty = new DatabaseSync(':memory:', {});
  const version = versionOf(empty);
  empty.close();
  const db = new DatabaseSync(file, { readOnly });
  db.exec(`PRAGMA busy_timeout = ${readOnly ? readPatience : 0}`);
  return { db, driver: 'node:sqlite', version };
}

const versionOf = (db: Database): string =>
  (db.prepare('SELECT sqlite_version() AS v').get() as { v: string }).v;

/** Whether a SQLite version is free of the WAL-reset bug. */
export function isSafeEngine(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3) return major > 3;
  if (minor === 50) return patch >= 7;
  if (minor === 44) return patch >= 6;
  return minor > 51 || (minor === 51 && patch >= 3);
}
