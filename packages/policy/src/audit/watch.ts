import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as z from 'zod';
import type { Home } from '../home.js';
import { Refusal } from '../refusal.js';
import { anchors, checkingKey, isRestored, pem } from './anchor.js';
import { archivesIn } from './archives.js';
import { hex, inSnapshot } from './chain.js';
import type { Event } from './event.js';
import { readLog } from './query.js';
import type { Demands } from './signed-rows.js';
import { type Verification, verifyLog } from './verify.js';
import { remedyFor } from './verify-remedies.js';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What an auditor keeps of a log. It is trusted, so it is kept where the log's owner cannot write. */
const state = z.object({
  format: z.literal(1),
  /** The last row of each archive, and the last row of all. */
  rows: z.array(z.object({ seq: z.int(), hash })),
  /** Signatures of the restores that were declared by then. */
  restores: z.array(z.string()),
  public_key: z.string().nullable(),
});
type State = z.output<typeof state>;

export interface Watched {
  readonly verification: Verification;
  /** The last row of the run before; null for the first run. */
  readonly known: number | null;
}

/**
 * Verifies the log against what was noted of it before, and notes anew unless it was tampered with or unreadable.
 * Finds what nothing beside the log can show: a cut, a rewrite or another key by somebody who can sign.
 */
export function watch(home: Home, file: string): Watched {
  const path = outside(home, file);
  const before = read(path);
  const known = before?.rows.at(-1)?.seq ?? null;
  let noted: State;
  try {
    noted = note(home);
  } catch {
    return { verification: verifyLog(home), known };
  }
  const verification =
    keyProblem(home, before, noted) ??
    verifyLog(home, {}, { demands: [...(before ? [before] : []), noted].map(demands) });
  if (verification.verdict === 'intact' || verification.verdict === 'incomplete')
    write(path, noted);
  return { verification, known };
}

const demands = ({ rows, restores }: State): Demands => ({
  rows: new Map(rows.map(({ seq, hash }) => [seq, [{ hash }]])),
  restores: [],
  knownRestores: new Set(restores),
});

function keyProblem(home: Home, before: State | undefined, noted: State): Verification | undefined {
  if (!before?.public_key || before.public_key === noted.public_key) return undefined;
  return {
    ...verifyLog(home),
    verdict: 'tampered',
    first_bad_row: null,
    problem: `The key that signs checkpoints is ${noted.public_key ? 'another one' : 'gone'} since the last look.`,
    remedy: remedyFor(home, 'tampered'),
  };
}

/** A file below the home would be forged along with the log. */
function outside(home: Home, file: string): string {
  const path = resolve(file);
  const real = join(realOf(dirname(path)), basename(path));
  const way = relative(realOf(home.dir), real);
  if (way.startsWith('..')) return real;
  throw new Refusal(
    'INVALID_INPUT',
    `${file} is in ${home.dir}, whose owner could forge it with the log.`,
    'Name a file elsewhere, best on another machine: `vmware-audit watch --state /mnt/auditor/state.json`.',
  );
}

function realOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    throw new Refusal(
      'NOT_FOUND',
      `There is no folder ${dir}.`,
      `Run \`mkdir -p ${dir}\`, or name another.`,
    );
  }
}

function read(path: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return state.parse(JSON.parse(text));
  } catch {
    throw new Refusal(
      'INVALID_INPUT',
      `${path} is not what \`vmware-audit watch\` writes.`,
      'Restore it from a copy; a new file would trust the log as it is now.',
    );
  }
}

/** Taken before the log is verified: what is noted was verified with the rest. */
function note(home: Home): State {
  const key = checkingKey(home);
  const rows = readLog(home, (db) =>
    inSnapshot(db, () => {
      const last = db.prepare('SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1').get() as
        | Pick<Event, 'seq' | 'hash'>
        | undefined;
      const ends = archivesIn(db).map(({ to_seq, last_hash }) => ({
        seq: to_seq,
        hash: last_hash,
      }));
      return last ? [...ends, { seq: last.seq, hash: hex(last.hash) }] : ends;
    }),
  );
  const restores = anchors(home).filter(isRestored);
  return {
    format: 1,
    rows,
    restores: restores.map(({ sig }) => sig),
    public_key: key ? pem(key) : null,
  };
}

/** Whole or not at all. */
function write(path: string, noted: State): void {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(noted, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
