import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Home, homeAt } from '../home.js';
import { Refusal } from '../refusal.js';
import { checkingKey, pem, publicKeyFile } from './anchor.js';
import { sync } from './archive-file.js';
import { archiveDir, archivesIn } from './archives.js';
import { type Database, openDatabase } from './driver.js';
import { withLease } from './lease.js';
import { sha256Of } from './read-archives.js';
import { type Known, type Verification, verifyLog } from './verify.js';
import { unreadable } from './verify-remedies.js';
import { withLog } from './write-log.js';

const manifest = z.object({
  format: z.literal(1),
  made_at: z.string(),
  /** The last row, at the time of the copy. */
  last_seq: z.int(),
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.output<typeof manifest>;

const manifestOf = (dir: string): string => join(dir, 'MANIFEST.json');

/**
 * Copies log, archives, checkpoints and the public key into a new folder while others write, with the SHA-256 of
 * each file. The folder is a home to verify; the key that signs stays where it is. Throws TARGET_EXISTS for a
 * folder that has something in it.
 */
export const backup = (home: Home, dir: string): Promise<Manifest> =>
  withLog(home, (db, patience) =>
    withLease(db, patience, async () => {
      const copy = emptyHome(dir);
      // Before the rows: a checkpoint without its row would look like a log that was cut.
      copyAnchor(home, copy);
      db.prepare('VACUUM INTO ?').run(copy.auditDb);
      chmodSync(copy.auditDb, 0o600);
      const { last_seq, archives } = readCopy(copy);
      if (archives.length > 0) mkdirSync(archiveDir(copy), { mode: 0o700 });
      for (const file of archives)
        copyFileSync(join(archiveDir(home), file), join(archiveDir(copy), file));
      const said = { format: 1 as const, made_at: new Date().toISOString(), last_seq };
      const whole = { ...said, files: filesIn(dir) };
      writeFileSync(manifestOf(dir), `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
      for (const file of [...Object.keys(whole.files), 'MANIFEST.json', '.']) sync(join(dir, file));
      return whole;
    }),
  );

function emptyHome(dir: string): Home {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (readdirSync(dir).length > 0)
    throw new Refusal(
      'TARGET_EXISTS',
      `${dir} is not empty.`,
      'Name a folder that does not exist yet: `vmware-audit backup <dir>`.',
    );
  return homeAt(dir);
}

function copyAnchor(home: Home, copy: Home): void {
  if (existsSync(home.auditAnchor)) {
    copyFileSync(home.auditAnchor, copy.auditAnchor);
    chmodSync(copy.auditAnchor, 0o600);
  }
  const key = checkingKey(home);
  if (key) writeFileSync(publicKeyFile(copy), pem(key), { mode: 0o600 });
}

/** What the copy itself says: rows that came after it was made are not in it. */
function readCopy({ auditDb }: Home): { last_seq: number; archives: string[] } {
  const { db } = openDatabase(auditDb);
  try {
    // A lease is of the program that holds it, and it would be held for ever in a copy.
    db.exec("PRAGMA journal_mode = DELETE; DELETE FROM meta WHERE k = 'keeper'");
    return { last_seq: lastSeq(db), archives: archivesIn(db).map(({ file }) => file) };
  } finally {
    db.close();
  }
}

export const lastSeq = (db: Database): number =>
  (db.prepare('SELECT max(seq) AS seq FROM event').get() as { seq: number | null }).seq ?? 0;

/** Every file below a folder but the manifest, by its path there. */
const filesIn = (dir: string): Manifest['files'] =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((file) => file !== 'MANIFEST.json' && statSync(join(dir, file)).isFile())
      .sort()
      .map((file) => {
        const path = join(dir, file);
        return [file, { bytes: statSync(path).size, sha256: sha256Of(path) }];
      }),
  );

/** Holds the files against the manifest, then verifies the log as one that was copied then. It never throws. */
export function verifyBackup(dir: string, known: Omit<Known, 'copiedAt'> = {}): Verification {
  const home = homeAt(dir);
  try {
    const { last_seq, files } = readManifest(dir);
    const wrong = differences(files, filesIn(dir));
    if (wrong.length > 0)
      return {
        ...unreadable(home, wrong.join(' ')),
        verdict: 'tampered',
        remedy: 'Use another backup; `vmware-audit backup verify` says of each whether it is good.',
      };
    return verifyLog(home, {}, { ...known, copiedAt: last_seq });
  } catch (error) {
    return unreadable(home, (error as Error).message);
  }
}

/** Throws AUDIT_UNREADABLE for a folder that is no backup. */
export function readManifest(dir: string): Manifest {
  try {
    return manifest.parse(JSON.parse(readFileSync(manifestOf(dir), 'utf8')));
  } catch {
    throw new Refusal(
      'AUDIT_UNREADABLE',
      `${manifestOf(dir)} is missing or no manifest: ${dir} is no backup of an audit log.`,
      'Name a folder that `vmware-audit backup` made.',
    );
  }
}

function differences(said: Manifest['files'], found: Manifest['files']): string[] {
  const changed = Object.entries(said).flatMap(([file, { sha256 }]) => {
    const is = found[file];
    if (!is) return [`${file} is missing from the backup.`];
    return is.sha256 === sha256 ? [] : [`${file} was changed after the backup.`];
  });
  const more = Object.keys(found).filter((file) => !said[file]);
  return [...changed, ...more.map((file) => `${file} is not part of the backup.`)];
}
