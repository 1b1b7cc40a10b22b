import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import type { Home } from '../home.js';
import { archiveDir, archiveName, archivesIn } from './archives.js';
import { prunable, prune } from './prune.js';
import { rotate } from './rotate.js';
import { prunedRow, type Range } from './seals.js';
import { verifyLog } from './verify.js';
import { record, withLog } from './write-log.js';

const first = archiveName(1, 10);
const second = archiveName(11, 15);
const third = archiveName(16, 19);

/** Rows 1-10 and 11-15 in archives, 16-18 live; rows 11 and 16 seal. */
const sealed = freshHome();
/** The same, then the first archive pruned by row 19, 16-19 in an archive, 20 and 21 live. */
const pruned = freshHome();

beforeAll(async () => {
  await fill(sealed, 10);
  await rotate(sealed);
  await fill(sealed, 4);
  await rotate(sealed);
  await fill(sealed, 2);
  cpSync(sealed.dir, pruned.dir, { recursive: true });
  const keep = { keepBytes: prunable(pruned, { before: '9999' }).archives.at(-1)?.bytes ?? 0 };
  await prune(pruned, keep, prunable(pruned, keep).archives);
  await rotate(pruned);
  await fill(pruned, 1);
});

/** Verifies a copy of a log after somebody has been at its archives. */
async function after({ dir }: Home, harm: (archives: string, home: Home) => unknown) {
  const home = freshHome();
  cpSync(dir, home.dir, { recursive: true });
  await harm(archiveDir(home), home);
  const { verdict, first_bad_row, problem } = verifyLog(home);
  return { verdict, first_bad_row, problem: problem?.replace(home.dir, '~') ?? null };
}

/** Appends a row about the oldest archives having been pruned, with something else said of the first. */
const sayPruned = (home: Home, archives: number, said: Partial<Range>) =>
  withLog(home, (db, patience) =>
    record(home, db, patience, (append) => {
      const ranges = archivesIn(db)
        .slice(0, archives)
        .map(({ file: archive, from_seq: from, to_seq: to, sha256, last_hash }, i) => ({
          ...{ archive, from, to, sha256, last_hash },
          ...(i === 0 ? said : {}),
        }));
      append(prunedRow(ranges));
    }),
  );

const garble = (file: string) => writeFileSync(file, Buffer.alloc(9_000, 7));

test('a log that was pruned is read from what is left of it', async () => {
  const all = { verdict: 'incomplete', problem: null, lost: [{ from: 1, to: 10, why: 'pruned' }] };
  expect(verifyLog(pruned)).toMatchObject({ ...all, rows: 11, archives: 2 });
  expect(verifyLog(pruned, { from: 5 })).toMatchObject({ ...all, rows: 11, archives: 2 });
  expect(verifyLog(pruned, { from: 16 })).toMatchObject({ ...all, rows: 6, archives: 1 });
  expect(verifyLog(pruned, { from: 20 })).toMatchObject({ verdict: 'intact', rows: 2, lost: [] });
});

test.each<[string, (dir: string) => unknown, number, string]>([
  [
    'the first that is left is garbage',
    (dir) => rmSync(join(dir, second)) ?? garble(join(dir, second)),
    11,
    `The archive ${second} can no longer be read as it was sealed: it was changed.`,
  ],
  [
    'the first row that is left was edited',
    (dir) => tamper(join(dir, second), "UPDATE event SET actor = 'bob' WHERE seq = 11"),
    11,
    'Row 11 does not match its hash: it was changed.',
  ],
  [
    'the first that is left is gone',
    (dir) => rmSync(join(dir, second)),
    1,
    'Rows 1 to 15 are missing, and no row says that they were pruned.',
  ],
  [
    'the first that is left is gone and the next is garbage',
    (dir) => rmSync(join(dir, second)) ?? rmSync(join(dir, third)) ?? garble(join(dir, third)),
    1,
    'Rows 1 to 15 are missing, and no row says that they were pruned.',
  ],
])(
  'in a log that was pruned, %s: what was pruned is not taken for it',
  async (_what, harm, row, problem) => {
    expect(await after(pruned, harm)).toEqual({ verdict: 'tampered', first_bad_row: row, problem });
  },
);

test.each<[string, Partial<Range>, number, string]>([
  ['nothing else', {}, 0, ''],
  [
    'another file',
    { sha256: 'ab'.repeat(32) },
    1,
    `The archive ${first}, which row 11 seals, is not in ~/audit-archive.`,
  ],
  [
    'other first rows',
    { from: 2 },
    1,
    `The archive ${first}, which row 11 seals, is not in ~/audit-archive.`,
  ],
  [
    'another last hash',
    { last_hash: 'ab'.repeat(32) },
    1,
    'Rows 1 to 10 are missing, and no row says that they were pruned.',
  ],
  [
    'other last rows',
    { to: 9 },
    1,
    'Rows 1 to 10 are missing, and no row says that they were pruned.',
  ],
])(
  'a row about a pruned archive that says %s counts as what it says',
  async (_what, said, row, problem) => {
    const removeAndSay = async (dir: string, home: Home) => {
      await sayPruned(home, 1, said);
      rmSync(join(dir, first));
    };
    expect(await after(sealed, removeAndSay)).toEqual(
      row === 0
        ? { verdict: 'incomplete', first_bad_row: null, problem: null }
        : { verdict: 'tampered', first_bad_row: row, problem },
    );
  },
);

test.each<[string, Partial<Range>]>([
  ['other first rows', { from: 2 }],
  ['other last rows', { to: 4 }],
  ['another file', { sha256: 'ab'.repeat(32) }],
  ['another last hash', { last_hash: 'ab'.repeat(32) }],
])(
  'of two archives that a row says were pruned, the first with %s, the first is missed',
  async (_what, said) => {
    const home = freshHome();
    await fill(home, 10);
    await rotate(home, { rows: 5 });
    await rotate(home, { rows: 3 });
    await sayPruned(home, 2, said);
    rmSync(archiveDir(home), { recursive: true });
    expect(verifyLog(home)).toMatchObject({
      verdict: 'tampered',
      first_bad_row: 1,
      problem: `The archive ${archiveName(1, 5)}, which row 11 seals, is not in ${archiveDir(home)}.`,
    });
  },
);
