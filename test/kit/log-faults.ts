import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { type Harness, openDatabase } from '@vmware/policy/testing';

type Home = Harness<unknown>['home'];

/** What befalls an audit log, and how it is mended. It needs no special shell and no other user. */
export interface LogFault {
  /** What audit.db is or has: the end of a sentence. */
  readonly what: string;
  /** Whether it happens while a program has the log open. What is damaged at rest is looked at when it is opened. */
  readonly whileOpen: boolean;
  /** Lets it happen; what it gives mends it. */
  strike(home: Home): () => void;
}

/**
 * Milliseconds in which a call without a log is refused. The product waits 2 s for a lock at most; the rest is for a
 * machine that is busy with other tests.
 */
export const soonRefused = 4_000;

/** Milliseconds after the mend in which a call goes through: 1 s, and as much again for a busy machine. */
export const soonBack = 2_000;

const kept = ({ dir }: Home): string => `${dir}.kept`;

/** Writes over a part of the file, and puts it back. */
function overwrite({ auditDb }: Home, from: number, bytes: number): () => void {
  const whole = readFileSync(auditDb);
  const spoilt = Buffer.from(whole);
  randomBytes(bytes).copy(spoilt, from);
  writeFileSync(auditDb, spoilt);
  return () => writeFileSync(auditDb, whole);
}

function withDatabase<T>({ auditDb }: Home, work: (db: Database) => T): T {
  const { db } = openDatabase(auditDb);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
type Database = ReturnType<typeof openDatabase>['db'];

export const logFaults: readonly LogFault[] = [
  {
    what: 'is in a folder that was moved away',
    whileOpen: true,
    strike(home) {
      renameSync(home.dir, kept(home));
      return () => {
        rmSync(home.dir, { recursive: true, force: true });
        renameSync(kept(home), home.dir);
      };
    },
  },
  {
    what: 'was removed while it was open',
    whileOpen: true,
    strike(home) {
      linkSync(home.auditDb, kept(home));
      unlinkSync(home.auditDb);
      return () => renameSync(kept(home), home.auditDb);
    },
  },
  {
    what: 'was replaced while it was open',
    whileOpen: true,
    strike(home) {
      const files = ['', '-wal', '-shm'].map((end) => `${home.auditDb}${end}`);
      const aside = files.map((file) => [file, `${file}.kept`] as const);
      for (const [file, other] of aside) renameSync(file, other);
      writeFileSync(home.auditDb, '', { mode: 0o600 });
      return () => {
        for (const [file, other] of aside) {
          rmSync(file, { force: true });
          renameSync(other, file);
        }
      };
    },
  },
  {
    what: 'is locked by somebody else',
    whileOpen: true,
    strike({ auditDb }) {
      const { db } = openDatabase(auditDb);
      db.exec('BEGIN EXCLUSIVE');
      return () => void db.close();
    },
  },
  {
    what: 'has garbage for a header',
    whileOpen: false,
    strike: (home) => overwrite(home, 0, 100),
  },
  {
    what: 'has a page of garbage',
    whileOpen: false,
    strike: (home) => overwrite(home, 2 * 4096, 4096),
  },
  {
    what: 'has a newer schema',
    whileOpen: false,
    strike(home) {
      const version = withDatabase(
        home,
        (db) => (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version,
      );
      withDatabase(home, (db) => db.exec('PRAGMA user_version = 99'));
      return () => void withDatabase(home, (db) => db.exec(`PRAGMA user_version = ${version}`));
    },
  },
];
