import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { bodyOf } from '../../test/lab.js';
import { type Home, homeAt } from '../home.js';
import { anchors } from './anchor.js';
import { archiveDir } from './archives.js';
import { backup, readManifest, verifyBackup } from './backup.js';
import { lastEvents } from './query.js';
import { planRestore, restore } from './restore.js';
import { rotate } from './rotate.js';
import { verifyLog } from './verify.js';

/** Rows 1-5, of which 1-3 are in an archive; row 5 seals it. With a backup. */
const original = { home: freshHome(), dir: join(freshHome().dir, 'backup') };
beforeAll(async () => {
  await fill(original.home, 4);
  await rotate(original.home, { rows: 1 });
  await backup(original.home, original.dir);
});

/** A copy of both, with so many more rows since. */
async function backedUp(more = 0): Promise<{ home: Home; dir: string }> {
  const home = freshHome();
  const { dir } = freshHome();
  cpSync(original.home.dir, home.dir, { recursive: true });
  cpSync(original.dir, dir, { recursive: true });
  if (more > 0) await fill(home, more);
  return { home, dir };
}

const garbled = ({ auditAnchor }: Home) => writeFileSync(auditAnchor, '{"seq":"}\n');
const gone = (file: string) => rmSync(file, { recursive: true, force: true });

test.each<[string, number, (home: Home) => unknown, { from: number; to: number } | null]>([
  ['that is whole loses nothing', 0, () => {}, null],
  ['that went on loses what came since', 4, () => {}, { from: 6, to: 9 }],
  [
    'whose checkpoints are gone loses what the log has',
    4,
    (home) => gone(home.auditAnchor),
    { from: 6, to: 9 },
  ],
  ['whose checkpoints are garbled loses what the log has', 4, garbled, { from: 6, to: 9 }],
  ['that is gone loses what was signed', 4, (home) => gone(home.auditDb), { from: 6, to: 9 }],
  [
    'that is gone with its checkpoints loses what archives have',
    4,
    async (home) => {
      await rotate(home, { rows: 1 });
      await rotate(home);
      gone(home.auditDb);
      gone(home.auditAnchor);
    },
    { from: 6, to: 10 },
  ],
  [
    'of which nothing is left loses nothing that is known of',
    4,
    (home) => {
      gone(home.auditDb);
      gone(home.auditAnchor);
      gone(archiveDir(home));
    },
    null,
  ],
])('the plan to restore a log %s says so', async (_what, more, harm, lost) => {
  const { home, dir } = await backedUp(more);
  await harm(home);
  for (const side of ['-wal', '-shm']) gone(`${home.auditDb}${side}`);
  const { backup: said, ...plan } = planRestore(home, dir);
  expect(said).toMatchObject({ verdict: 'intact', rows: 5, archives: 1 });
  expect(plan).toEqual({
    summary: `Put the audit log of ${readManifest(dir).made_at} back from ${dir}: 5 rows`,
    changes: [
      lost === null
        ? 'no row is lost that is known of'
        : `rows ${lost.from} to ${lost.to} are not in it, and will be declared lost`,
      `the files that are there now are kept below ${join(home.dir, 'audit-replaced')}`,
      'the restored log begins with a row that says so, and its signed line voids later checkpoints',
    ],
    blockers: [],
    last_seq: 5,
    lost,
  });
});

test.each<[string, (home: Home, dir: string) => unknown, (home: Home, dir: string) => string[]]>([
  [
    'the key that signs is gone',
    (home) => gone(home.auditKey),
    (home) => [
      `${home.auditKey}, which signs that the log was restored, is gone: put it back first.`,
    ],
  ],
  [
    'the backup was changed',
    (_home, dir) => appendFileSync(join(dir, 'audit.anchor'), 'x'),
    () => ['The backup is tampered: audit.anchor was changed after the backup.'],
  ],
  [
    'the backup is of a log that is not this one',
    (home, _dir) => rmSync(home.auditKey) ?? gone(home.auditAnchor) ?? fill(home, 1),
    () => ['The backup is tampered: The checkpoint at row 4 has a false signature.'],
  ],
  [
    'both',
    (home, dir) => gone(home.auditKey) ?? appendFileSync(join(dir, 'audit.anchor'), 'x'),
    (home) => [
      'The backup is tampered: audit.anchor was changed after the backup.',
      `${home.auditKey}, which signs that the log was restored, is gone: put it back first.`,
    ],
  ],
])('where %s, that is said, and nothing is restored', async (_what, harm, blockers) => {
  const { home, dir } = await backedUp(1);
  await harm(home, dir);
  const before = readFileSync(home.auditDb);
  expect(planRestore(home, dir).blockers).toEqual(blockers(home, dir));
  expect(() => restore(home, dir)).toThrow(
    expect.objectContaining({
      code: 'BLOCKED',
      message: blockers(home, dir).join(' '),
      remedy: 'Run `vmware-audit backup verify` on another backup, and restore that one.',
    }),
  );
  expect(readFileSync(home.auditDb).equals(before)).toBe(true);
  expect(readdirSync(home.dir)).not.toContain('audit-replaced');
});

test('a backup that was signed anew since what this home signed of it is no backup of this log', async () => {
  const { home } = await backedUp(1);
  const forged = freshHome();
  writeFileSync(forged.auditKey, readFileSync(home.auditKey), { mode: 0o600 });
  await fill(forged, 5);
  const dir = join(freshHome().dir, 'forged');
  await backup(forged, dir);
  expect(verifyBackup(dir)).toMatchObject({ verdict: 'intact' });
  expect(planRestore(home, dir).blockers).toEqual([
    'The backup is tampered: Row 4 is not the row that was signed: the log was rewritten.',
  ]);
});

test('a backup with changes in doubt is restored as it is', async () => {
  const home = freshHome();
  await fill(home, 1, { phase: 'intent' });
  const dir = join(freshHome().dir, 'backup');
  await backup(home, dir);
  expect(planRestore(home, dir)).toMatchObject({ blockers: [], backup: { verdict: 'incomplete' } });
  restore(home, dir);
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', problem: null, rows: 2 });
});

test('a restored log is for its owner only, and its first new row says what became of it', async () => {
  const { home, dir } = await backedUp(4);
  for (const file of ['audit.db', 'audit-archive/0000000001-0000000003.db'])
    chmodSync(join(dir, file), 0o644);
  const plan = planRestore(home, dir);
  const { kept, ...said } = restore(home, dir);
  expect(said).toEqual(plan);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(home.auditDb)).toBe(0o600);
  expect(mode(archiveDir(home))).toBe(0o700);
  expect(readdirSync(archiveDir(home))).toEqual(['0000000001-0000000003.db']);
  expect(mode(join(archiveDir(home), '0000000001-0000000003.db'))).toBe(0o400);
  for (const path of [join(home.dir, 'audit-replaced'), kept]) expect(mode(path)).toBe(0o700);
  expect(kept).toMatch(/\/audit-replaced\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/);
  expect(readdirSync(home.dir).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
  const [row] = lastEvents(home, {}, 1).rows;
  expect(row).toMatchObject({
    seq: 6,
    phase: 'admin',
    tool: 'restore_audit_log',
    status: 'restored',
  });
  expect(bodyOf(row)).toEqual({ backup: dir, last_seq: 5, lost: { from: 6, to: 9 } });
  expect(anchors(home).at(-1)).toMatchObject({ kind: 'restore', seq: 6, lost_to: 9, ts: row?.ts });
});

test('a restore that loses nothing says so in its row and its signed line', async () => {
  const { home, dir } = await backedUp();
  restore(home, dir);
  expect(bodyOf(lastEvents(home, {}, 1).rows[0])).toEqual({ backup: dir, last_seq: 5, lost: null });
  expect(anchors(home).at(-1)).toMatchObject({ seq: 6, lost_to: 0 });
});

test.each<[string, (home: Home) => unknown, string[]]>([
  ['are garbled give way to those of the backup', garbled, ['audit.anchor']],
  ['are gone are those of the backup', (home) => gone(home.auditAnchor), []],
])('checkpoints that %s, and go on', async (_what, harm, keptAnchors) => {
  const { home, dir } = await backedUp(2);
  const theirs = anchors(homeAt(dir));
  harm(home);
  const { kept } = restore(home, dir);
  expect(anchors(home).slice(0, -1)).toEqual(theirs);
  expect(anchors(home).at(-1)).toMatchObject({ kind: 'restore', after: theirs.at(-1)?.sig });
  expect(statSync(home.auditAnchor).mode & 0o777).toBe(0o600);
  expect(readdirSync(kept).filter((name) => name === 'audit.anchor')).toEqual(keptAnchors);
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', problem: null });
});

test('checkpoints of a home stay, and those of the backup do not come on top', async () => {
  const { home, dir } = await backedUp(2);
  const before = readFileSync(home.auditAnchor, 'utf8');
  const { kept } = restore(home, dir);
  expect(readFileSync(home.auditAnchor, 'utf8').startsWith(before)).toBe(true);
  expect(anchors(home).map(({ seq }) => seq)).toEqual([4, 5, 7, 6]);
  expect(readFileSync(join(kept, 'audit.anchor'), 'utf8')).toBe(before);
});

test('a log that was never signed is restored from a backup without checkpoints', async () => {
  const home = freshHome();
  await fill(home, 2);
  rmSync(home.auditAnchor);
  const dir = join(freshHome().dir, 'backup');
  await backup(home, dir);
  expect(existsSync(join(dir, 'audit.anchor'))).toBe(false);
  restore(home, dir);
  expect(anchors(home)).toMatchObject([{ kind: 'restore', seq: 3, after: '' }]);
  expect(readdirSync(home.dir)).not.toContain('audit-archive');
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 3 });
});

test.each<[string, (home: Home) => unknown]>([
  ['to plan', (home) => planRestore(home, home.dir)],
  ['to restore', (home) => restore(home, home.dir)],
])('there is nothing %s from a folder that is no backup', async (_what, attempt) => {
  const home = freshHome();
  const manifest = join(home.dir, 'MANIFEST.json');
  expect(() => attempt(home)).toThrow(
    expect.objectContaining({
      code: 'AUDIT_UNREADABLE',
      message: `${manifest} is missing or no manifest: ${home.dir} is no backup of an audit log.`,
      remedy: 'Name a folder that `vmware-audit backup` made.',
    }),
  );
});

test('checkpoints that cannot be read for another reason stop a restore before anything moved', async () => {
  const { home, dir } = await backedUp(1);
  rmSync(home.auditAnchor);
  mkdirSync(home.auditAnchor);
  for (const attempt of [planRestore, restore])
    expect(() => attempt(home, dir)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  expect(lastEvents(home, {}, 1).rows).toMatchObject([{ seq: 6 }]);
});

test('a log whose rows were all removed is missed as far as archives go', async () => {
  const { home, dir } = await backedUp(2);
  await rotate(home);
  gone(home.auditAnchor);
  tamper(home.auditDb, 'DELETE FROM event');
  expect(planRestore(home, dir).lost).toEqual({ from: 6, to: 7 });
});
