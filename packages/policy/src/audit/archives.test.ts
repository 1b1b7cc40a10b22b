import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { homeAt } from '../home.js';
import { type Archive, archiveDir, archiveFiles, archivesIn, readArchive } from './archives.js';
import { openDatabase } from './driver.js';
import { migrations } from './schema.js';

const dir = mkdtempSync(join(tmpdir(), 'archives-'));
afterAll(() => rmSync(dir, { recursive: true }));

const folder = (name: string, files: readonly string[]): string => {
  mkdirSync(join(dir, name));
  for (const file of files) writeFileSync(join(dir, name, file), '');
  return join(dir, name);
};

const inOrder = [
  '0000000001-0000000003.db',
  '0000000001-0000000009.db',
  '0000000002-0000000002.db',
  '0000000010-0000000019.db',
  '0000000020-0000000029.db',
  '9999999999-9999999999.db',
  '10000000000-10000000001.db',
  '10000000002-10000000003.db',
];

test.each([
  ['rising', inOrder],
  ['falling', inOrder.toReversed()],
])(
  'archives are listed in the order of their rows when they were made in %s order',
  (name, files) => {
    expect(archiveFiles(folder(name, files)).map(({ file }) => file)).toEqual(inOrder);
  },
);

test('an archive tells its rows by its name, and every other name is none', () => {
  const others = ['notes.txt', '.draft-0000000001-0000000002.db', '1-2.db'];
  const more = [
    '0000000001-0000000002.db-wal',
    'x0000000001-0000000002.db',
    '000000001-0000000002.db',
  ];
  const last = ['0000000001-000000002.db', '0000000001-0000000002xdb'];
  const names = [...others, ...more, ...last, '0000000001-0000000020.db'];
  expect(archiveFiles(folder('names', names))).toEqual([
    { from: 1, to: 20, file: '0000000001-0000000020.db' },
  ]);
});

test('a folder that is not there has no archives, and what is no folder is an error', () => {
  expect(archiveFiles(join(dir, 'no-such'))).toEqual([]);
  writeFileSync(join(dir, 'file'), '');
  expect(() => archiveFiles(join(dir, 'file'))).toThrow('ENOTDIR');
});

test('a log of the first schema has no archives', () => {
  const { db } = openDatabase(':memory:');
  db.exec(migrations[0] ?? '');
  expect(archivesIn(db)).toEqual([]);
  db.close();
});

test('an archive that is not where it was put is refused with its path, and none is made', () => {
  const home = homeAt(dir);
  mkdirSync(archiveDir(home));
  const path = join(archiveDir(home), 'gone.db');
  expect(() =>
    readArchive(home, { file: 'gone.db' } as Archive, (db) => db.prepare('SELECT 1').get()),
  ).toThrow(
    expect.objectContaining({
      code: 'AUDIT_UNREADABLE',
      message: `The archive ${path} cannot be opened: unable to open database file.`,
      remedy: 'Put it back where it was, then run `vmware-audit verify`.',
    }),
  );
  expect(existsSync(path)).toBe(false);
});
