import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import { backup, readManifest, verifyBackup } from './backup.js';
import { openDatabase } from './driver.js';
import { openLogFile } from './file.js';
import { sha256Of } from './read-archives.js';
import { rotate } from './rotate.js';

/** A log of so many rows, rotated or not, and where its backup goes. */
async function logOf(rows: number, isRotated = false) {
  const home = freshHome();
  const below = freshHome();
  onTestFinished(() => {
    for (const { dir } of [home, below]) rmSync(dir, { recursive: true });
  });
  if (rows > 0) await fill(home, rows);
  if (isRotated) await rotate(home, { rows: 2 });
  return { home, dir: join(below.dir, 'backup') };
}

const filesIn = (dir: string) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('a backup has each file with its size and digest, for its owner only, and nobody keeps it', async () => {
  const { home, dir } = await logOf(6, true);
  for (const file of [home.auditAnchor, home.dir]) chmodSync(file, 0o755);
  const said = await backup(home, dir);
  const archive = 'audit-archive/0000000001-0000000004.db';
  const files = [archive, 'audit.anchor', 'audit.db', 'audit.pub'];
  expect(filesIn(dir)).toEqual(['MANIFEST.json', 'audit-archive', ...files].sort());
  expect(said).toEqual({
    format: 1,
    made_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    last_seq: 7,
    files: Object.fromEntries(
      files.map((file) => {
        const path = join(dir, file);
        return [file, { bytes: statSync(path).size, sha256: sha256Of(path) }];
      }),
    ),
  });
  expect(readFileSync(join(dir, 'MANIFEST.json'), 'utf8')).toBe(
    `${JSON.stringify(said, null, 2)}\n`,
  );
  expect(readManifest(dir)).toEqual(said);
  const own = ['audit.anchor', 'audit.db', 'audit.pub', 'MANIFEST.json'];
  expect(own.map((file) => modeOf(join(dir, file)))).toEqual(['600', '600', '600', '600']);
  expect([modeOf(dir), modeOf(join(dir, 'audit-archive'))]).toEqual(['700', '700']);
  const { db } = openDatabase(join(dir, 'audit.db'));
  expect(db.prepare("SELECT v FROM meta WHERE k = 'keeper'").all()).toEqual([]);
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
  db.close();
});

test('a log without rows, checkpoints and archives is copied as it is', async () => {
  const { home, dir } = await logOf(0);
  openLogFile(home).db.close();
  expect(await backup(home, dir)).toMatchObject({ last_seq: 0 });
  expect(filesIn(dir)).toEqual(['MANIFEST.json', 'audit.db']);
  expect(verifyBackup(dir)).toMatchObject({ verdict: 'intact', rows: 0 });
  expect(existsSync(home.auditKey)).toBe(false);
});

test('a folder that is not empty is refused with what to do', async () => {
  const { home, dir } = await logOf(1);
  await backup(home, dir);
  await expect(backup(home, dir)).rejects.toMatchObject({
    code: 'TARGET_EXISTS',
    message: `${dir} is not empty.`,
    remedy: 'Name a folder that does not exist yet: `vmware-audit backup <dir>`.',
  });
});

test('what differs from the manifest is all named, and the remedy is another backup', async () => {
  const { home, dir } = await logOf(3);
  await backup(home, dir);
  writeFileSync(join(dir, 'audit.anchor'), '');
  rmSync(join(dir, 'audit.pub'));
  writeFileSync(join(dir, 'more'), '');
  writeFileSync(join(dir, 'notes'), '');
  expect(verifyBackup(dir)).toEqual({
    verdict: 'tampered',
    rows: 0,
    archives: 0,
    head: null,
    checkpoints: 0,
    first_bad_row: null,
    problem:
      'audit.anchor was changed after the backup. audit.pub is missing from the backup. more is not part of the backup. notes is not part of the backup.',
    remedy: 'Use another backup; `vmware-audit backup verify` says of each whether it is good.',
    in_doubt: 0,
    lost: [],
  });
});

const good = { format: 1, made_at: '', last_seq: 1, files: { a: { bytes: 1, sha256: '' } } };

test.each<[string, string]>([
  ['is no JSON', '{'],
  ['is of another format', JSON.stringify({ ...good, format: 2 })],
  ['has no files', JSON.stringify({ ...good, files: undefined })],
  ['has a file without a digest', JSON.stringify({ ...good, files: { a: { bytes: 1 } } })],
])('a folder whose manifest %s is refused as no backup', async (_what, text) => {
  const { dir } = await logOf(0);
  const folder = join(dir, '..');
  const manifest = join(folder, 'MANIFEST.json');
  const refusal = {
    code: 'AUDIT_UNREADABLE',
    message: `${manifest} is missing or no manifest: ${folder} is no backup of an audit log.`,
    remedy: 'Name a folder that `vmware-audit backup` made.',
  };
  expect(() => readManifest(folder)).toThrow(expect.objectContaining(refusal));
  writeFileSync(manifest, JSON.stringify(good));
  expect(readManifest(folder)).toEqual(good);
  writeFileSync(manifest, text);
  expect(() => readManifest(folder)).toThrow(expect.objectContaining(refusal));
  expect(verifyBackup(folder)).toMatchObject({ verdict: 'unreadable', problem: refusal.message });
});
