import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { type Home, homeAt } from '../home.js';
import { archiveDir, archiveName } from './archives.js';
import { sha256Hex } from './event.js';
import { sha256Of } from './read-archives.js';
import { rotate } from './rotate.js';
import { type VerifyOptions, verifyLog } from './verify.js';

const first = archiveName(1, 10);
const second = archiveName(11, 15);

/** Rows 1-10 and 11-15 in archives, 16-18 live; rows 11 and 16 seal. */
let sealed: string;

beforeAll(async () => {
  const home = freshHome();
  await fill(home, 10);
  await rotate(home);
  await fill(home, 4);
  await rotate(home);
  await fill(home, 2);
  sealed = home.dir;
});

function copyOf(dir: string) {
  const home = freshHome();
  cpSync(dir, home.dir, { recursive: true });
  return home;
}

/** Verifies a copy of a log after somebody has been at its archives. */
async function after(
  dir: string,
  harm: (archives: string, home: Home) => unknown,
  options: VerifyOptions = {},
) {
  const home = copyOf(dir);
  await harm(archiveDir(home), home);
  const { verdict, first_bad_row, problem, remedy } = verifyLog(home, options);
  const said = { verdict, first_bad_row, problem: problem?.replaceAll(home.dir, '~') ?? null };
  return { ...said, remedy: remedy?.replaceAll(home.dir, '~') ?? null };
}

const tampered = (first_bad_row: number, problem: string) => ({
  verdict: 'tampered',
  first_bad_row,
  problem,
  remedy:
    'Keep a copy of ~ as evidence, then run `vmware-audit restore` with the last good backup.',
});
const unread = (file: string) =>
  `The archive ${file} can no longer be read as it was sealed: it was changed.`;
const renamed = (file: string) =>
  `The archive ${file} holds other rows than its name says: it was renamed or replaced.`;
const touch = (file: string) => (dir: string) => tamper(join(dir, file), 'PRAGMA user_version = 7');
const garble = (file: string) => (dir: string) => {
  rmSync(join(dir, file));
  writeFileSync(join(dir, file), Buffer.alloc(9_000, 7));
};
const becomes = (file: string, name: string) => (dir: string) =>
  renameSync(join(dir, file), join(dir, name));

test.each<[string, (dir: string) => unknown, number, string]>([
  [
    'the first is gone',
    (dir) => rmSync(join(dir, first)),
    1,
    'Rows 1 to 10 are missing, and no row says that they were pruned.',
  ],
  [
    'the last is gone',
    (dir) => rmSync(join(dir, second)),
    11,
    'Row 11 is missing: the next one is 16.',
  ],
  [
    'all are gone',
    (dir) => rmSync(dir, { recursive: true }),
    1,
    'Rows 1 to 15 are missing, and no row says that they were pruned.',
  ],
  ['one is garbage', garble(second), 11, unread(second)],
  [
    'one is empty',
    (dir) => rmSync(join(dir, first)) ?? writeFileSync(join(dir, first), ''),
    1,
    unread(first),
  ],
  [
    'one has lost its rows',
    (dir) => tamper(join(dir, first), 'DROP TABLE event'),
    1,
    unread(first),
  ],
  [
    'a row of one was edited',
    (dir) => tamper(join(dir, first), "UPDATE event SET actor = 'bob' WHERE seq = 7"),
    7,
    'Row 7 does not match its hash: it was changed.',
  ],
  [
    'the last row of one was removed',
    (dir) => tamper(join(dir, first), 'DELETE FROM event WHERE seq = 10'),
    10,
    renamed(first),
  ],
  [
    'one is named for fewer rows',
    becomes(second, archiveName(11, 13)),
    14,
    renamed(archiveName(11, 13)),
  ],
  [
    'one is named for more rows',
    becomes(second, archiveName(11, 17)),
    16,
    renamed(archiveName(11, 17)),
  ],
  [
    'the bytes of the first changed, and no row',
    touch(first),
    1,
    `The archive ${first} is not the file that row 11 seals: it was changed.`,
  ],
  [
    'the bytes of the last changed, and no row',
    touch(second),
    11,
    `The archive ${second} is not the file that row 16 seals: it was changed.`,
  ],
])(
  'archives of which %s are tampered with, and that is said whole',
  async (_what, harm, row, problem) => {
    expect(await after(sealed, harm)).toEqual(tampered(row, problem));
  },
);

test('an archive that SQLite cannot open is unreadable: nobody can tell what was done to it', async () => {
  expect(await after(sealed, (dir) => mkdirSync(join(dir, `${first}-journal`)))).toEqual({
    verdict: 'unreadable',
    first_bad_row: null,
    problem: expect.stringMatching(/^~\/audit\.db cannot be read: .+\.$/),
    remedy:
      'Keep a copy of ~, mend what is named, or run `vmware-audit restore` with the last good backup.',
  });
});

test('an archive that no row seals is named, where nothing signed says that the end was cut off', async () => {
  const cut = (_dir: string, home: Home) => {
    rmSync(home.auditAnchor);
    tamper(home.auditDb, 'DELETE FROM event');
  };
  expect(await after(sealed, cut)).toEqual(tampered(11, `No row seals the archive ${second}.`));
});

test.each([
  [1, 18, 2],
  [10, 9, 2],
  [11, 8, 1],
  [13, 6, 1],
  [15, 4, 1],
  [16, 3, 0],
  [18, 1, 0],
])(
  'from row %i on there are %i rows to check, in %i archives and the log',
  (from, rows, archives) => {
    expect(verifyLog(homeAt(sealed), { from })).toMatchObject({
      verdict: 'intact',
      rows,
      archives,
    });
  },
);

test('from a row on, archives are held against their seals as far as they have rows to check', async () => {
  const said = tampered(
    11,
    `The archive ${second} is not the file that row 16 seals: it was changed.`,
  );
  expect(await after(sealed, touch(second), { from: 15 })).toEqual(said);
  expect(await after(sealed, touch(second), { from: 16 })).toMatchObject({ verdict: 'intact' });
  expect(await after(sealed, (dir) => rmSync(join(dir, first)), { from: 4 })).toEqual(
    tampered(4, 'Rows 4 to 10 are missing, and no row says that they were pruned.'),
  );
});

test('archives that were moved are read where they are said to be, and missed there', async () => {
  const home = copyOf(sealed);
  const moved = join(freshHome().dir, 'archives');
  renameSync(archiveDir(home), moved);
  const said = verifyLog(home, { archiveDir: moved });
  expect(said).toMatchObject({ verdict: 'intact', rows: 18, archives: 2 });
  rmSync(moved, { recursive: true });
  expect(verifyLog(home, { archiveDir: moved })).toMatchObject({ first_bad_row: 1 });
});

test('the SHA-256 of a file is of all of its bytes, however many pieces it is read in', () => {
  const file = join(freshHome().dir, 'file');
  for (const size of [0, 1, 1 << 20, (1 << 20) + 5]) {
    const bytes = Buffer.from(Array.from({ length: 64 }, (_, i) => i));
    const all = Buffer.alloc(size, bytes);
    writeFileSync(file, all);
    expect(sha256Of(file)).toBe(sha256Hex(all));
  }
});
