import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { prepareArchives, sync, writeArchive } from './archive-file.js';
import { archiveDir, readArchive } from './archives.js';
import { openDatabase } from './driver.js';
import { sha256Of } from './read-archives.js';

/** A log of eight rows, and the database as a rotation has it. */
async function eightRows(spoil = '') {
  const home = freshHome();
  await fill(home, 8);
  if (spoil !== '') tamper(home.auditDb, spoil);
  prepareArchives(home, 1);
  const { db } = openDatabase(home.auditDb);
  onTestFinished(() => {
    db.close();
    rmSync(home.dir, { recursive: true });
  });
  return {
    home,
    db,
    dir: archiveDir(home),
    write: (a: number, b: number) => writeArchive(home, db, a, b),
  };
}

const unavailable = (why: string) =>
  expect.objectContaining({
    code: 'AUDIT_UNAVAILABLE',
    message: `The audit log cannot be written: ${why}`,
  });

test('archives are written one after another, each with its rows and what is known of it', async () => {
  const { home, db, dir, write } = await eightRows();
  for (const [from, to, file] of [
    [1, 3, '0000000001-0000000003.db'],
    [4, 8, '0000000004-0000000008.db'],
  ] as const) {
    const archive = write(from, to);
    const path = join(dir, file);
    const rows = db
      .prepare('SELECT * FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq')
      .all(from, to) as { ts: string; hash: Buffer }[];
    expect(archive).toEqual({
      from_seq: from,
      to_seq: to,
      file,
      bytes: statSync(path).size,
      sha256: sha256Of(path),
      last_hash: rows.at(-1)?.hash.toString('hex'),
      oldest: rows.map(({ ts }) => ts).sort()[0],
      newest: rows
        .map(({ ts }) => ts)
        .sort()
        .at(-1),
    });
    expect(statSync(path).mode & 0o777).toBe(0o400);
    expect(readArchive(home, archive, (copy) => copy.prepare('SELECT * FROM event').all())).toEqual(
      rows,
    );
  }
});

test.each<[string, string, [number, number], string]>([
  ['end before the last', '', [5, 9], 'rows 5 to 9 are not all there.'],
  ['are none', '', [5, 4], 'rows 5 to 4 are not all there.'],
  [
    'were edited',
    "UPDATE event SET actor = 'bob' WHERE seq = 3",
    [1, 8],
    'Row 3 does not match its hash: it was changed.',
  ],
  ['lack one', 'DELETE FROM event WHERE seq = 8', [1, 8], 'rows 1 to 8 are not all there.'],
])('rows that %s are not sealed', async (_what, spoil, [from, to], why) => {
  const { dir, write } = await eightRows(spoil);
  expect(() => write(from, to)).toThrow(unavailable(why));
  expect(readdirSync(dir)).toEqual([expect.stringMatching(/^\.draft-/)]);
});

test('a draft that is in the way is not written over, and the log can be used after it', async () => {
  const { home, dir, write } = await eightRows();
  expect(() => write(1, 9)).toThrow('not all there');
  expect(() => write(1, 9)).toThrow('table event already exists');
  prepareArchives(home, 1);
  expect(readdirSync(dir)).toEqual([]);
  expect(write(1, 8).to_seq).toBe(8);
});

test('the folder is for its owner only, and what a dead rotation left goes, but no sealed archive', () => {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  const dir = archiveDir(home);
  mkdirSync(dir, { mode: 0o755 });
  const sealed = ['0000000001-0000000003.db', '0000000004-0000000006.db'];
  const loose = ['0000000007-0000000009.db', '0000000010-0000000012.db', '.draft-x', '.draft-y'];
  for (const file of [...sealed, ...loose, 'notes.draft-']) writeFileSync(join(dir, file), '');
  prepareArchives(home, 7);
  expect(readdirSync(dir).sort()).toEqual([...sealed, 'notes.draft-']);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

test('what cannot be brought to disk is an error', () => {
  expect(() => sync(join(freshHome().dir, 'no-such'))).toThrow('ENOENT');
  expect(() => sync('/dev/null')).toThrow(/fsync/);
});
