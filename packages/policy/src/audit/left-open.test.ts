import { existsSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import type { Home } from '../home.js';
import { lastAnchor } from './anchor.js';
import { prepareArchives, sync, writeArchive } from './archive-file.js';
import { readArchive } from './archives.js';
import { backup } from './backup.js';
import { openDatabase } from './driver.js';
import { familyRows } from './family-log.js';
import { openLogFile } from './file.js';
import { rotate } from './rotate.js';

/** The files below a folder that this process has open, where the system tells. */
function openIn(dir: string): string[] {
  const all = '/proc/self/fd';
  if (!existsSync(all)) return [];
  return readdirSync(all).flatMap((fd) => {
    try {
      const file = readlinkSync(join(all, fd));
      return file.startsWith(dir) ? [file] : [];
    } catch {
      // That of the listing itself.
      return [];
    }
  });
}

function family({ dir }: Home): string {
  const file = join(dir, 'python.db');
  const { db } = openDatabase(file);
  db.exec('CREATE TABLE audit_log(id); INSERT INTO audit_log VALUES(1), (2)');
  db.close();
  return file;
}

const failing = (): never => {
  throw new Error('no');
};

test.each<[string, (home: Home) => unknown]>([
  ['the last checkpoint is read', (home) => lastAnchor(home)],
  ['a file is brought to disk', (home) => sync(home.auditDb)],
  [
    'an archive is read',
    async (home) => {
      const [archive] = await rotate(home, { rows: 1 });
      if (archive) expect(readArchive(home, archive, () => 1)).toBe(1);
      if (archive) expect(() => readArchive(home, archive, failing)).toThrow('no');
    },
  ],
  ['a backup is made', (home) => backup(home, join(home.dir, 'backup'))],
  ['rows are read to their end', (home) => [...familyRows(family(home))]],
  [
    'rows are read as far as the first',
    (home) => {
      for (const row of familyRows(family(home))) return row;
      return undefined;
    },
  ],
  [
    'a file without the rows is refused',
    (home) => {
      expect(() => [...familyRows(home.auditDb)]).toThrow('has no table');
    },
  ],
  [
    'a log is refused',
    (home) => {
      writeFileSync(home.auditDb, 'garbage'.repeat(999));
      expect(() => openLogFile(home)).toThrow('file is not a database');
    },
  ],
])('no file is left open when %s', async (_what, work) => {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  await fill(home, 3);
  await work(home);
  expect(openIn(home.dir)).toEqual([]);
});

test('no file is left open when an archive is written, or is not', async () => {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  await fill(home, 3);
  prepareArchives(home, 1);
  const { db } = openDatabase(home.auditDb);
  const write = (to: number) => writeArchive(home, db, 1, to);
  write(3);
  expect(() => write(9)).toThrow('not all there');
  expect(openIn(join(home.dir, 'audit-archive'))).toEqual([]);
  db.close();
});
