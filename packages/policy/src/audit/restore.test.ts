import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { draft } from '../../test/draft.js';
import type { Home } from '../home.js';
import { anchors } from './anchor.js';
import { backup } from './backup.js';
import { lastEvents } from './query.js';
import { planRestore, restore } from './restore.js';
import { rotate } from './rotate.js';
import { Store } from './store.js';
import { verifyLog } from './verify.js';

/** A log of 20 rows in two files with a backup, and 10 more rows since. */
async function backedUp(): Promise<{ home: Home; dir: string }> {
  const home = freshHome();
  await fill(home, 12);
  await rotate(home, { rows: 5 });
  await fill(home, 7);
  const dir = join(freshHome().dir, 'backup');
  await backup(home, dir);
  await fill(home, 10);
  return { home, dir };
}

test.each<[string, (home: Home) => void]>([
  ['is garbage', ({ auditDb }) => writeFileSync(auditDb, 'garbage')],
  ['is gone', ({ auditDb }) => rmSync(auditDb)],
  ['was edited', ({ auditDb }) => tamper(auditDb, "UPDATE event SET actor = 'bob'")],
  [
    'is gone with its archives',
    ({ dir }) => rmSync(join(dir, 'audit-archive'), { recursive: true }),
  ],
])(
  'a log that %s is put back, goes on, and what is lost is said for ever',
  async (_what, spoil) => {
    const { home, dir } = await backedUp();
    spoil(home);
    for (const side of ['-wal', '-shm']) rmSync(`${home.auditDb}${side}`, { force: true });
    const plan = planRestore(home, dir);
    expect(plan).toMatchObject({ blockers: [], last_seq: 20, lost: { from: 21, to: 30 } });
    const { kept } = restore(home, dir);
    expect(lastEvents(home, {}, 1).rows).toMatchObject([
      { seq: 21, status: 'restored', body: expect.stringContaining('"lost":{"from":21,"to":30}') },
    ]);
    await fill(home, 15);
    const said = verifyLog(home);
    expect(said).toMatchObject({
      verdict: 'incomplete',
      problem: null,
      rows: 36,
      archives: 1,
      lost: [{ from: 21, to: 30, why: 'restored' }],
    });
    expect(existsSync(join(kept, 'audit.anchor'))).toBe(true);
  },
);

test('what was there is kept, whole', async () => {
  const { home, dir } = await backedUp();
  const before = readFileSync(home.auditDb);
  const { kept } = restore(home, dir);
  expect(readFileSync(join(kept, 'audit.db')).equals(before)).toBe(true);
  expect(readdirSync(join(kept, 'audit-archive'))).toHaveLength(1);
});

test('a restore that loses nothing leaves a log that is complete', async () => {
  const { home, dir } = await backedUp();
  const whole = join(freshHome().dir, 'later');
  await backup(home, whole);
  expect(restore(home, whole).lost).toBeNull();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 31 });
  expect(restore(home, dir).lost).toEqual({ from: 21, to: 31 });
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete' });
});

test('a program that has the log open refuses, and a new one goes on', async () => {
  const { home, dir } = await backedUp();
  const store = new Store(home);
  await store.append(draft());
  restore(home, dir);
  for (let i = 0; i < 2; i += 1)
    await expect(store.append(draft())).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  await fill(home, 1);
});

test('a backup that is not genuine is not restored, whatever it says of itself', async () => {
  const { home, dir } = await backedUp();
  const other = freshHome();
  await fill(other, 20);
  const forged = join(freshHome().dir, 'forged');
  await backup(other, forged);
  expect(planRestore(home, forged).blockers).toEqual([expect.stringContaining('tampered')]);
  expect(() => restore(home, forged)).toThrow(/tampered/);
  appendFileSync(join(dir, 'audit.db'), 'x');
  expect(() => restore(home, dir)).toThrow(/was changed after the backup/);
  expect(() => restore(home, freshHome().dir)).toThrow(/no backup/);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 30 });
});

test('the signed line of a restore is good at its place only', async () => {
  const { home, dir } = await backedUp();
  restore(home, dir);
  const line = readFileSync(home.auditAnchor, 'utf8').trimEnd().split('\n').at(-1);
  await fill(home, 30);
  expect(anchors(home).at(-1)).toMatchObject({ seq: 51 });
  appendFileSync(home.auditAnchor, `${line}\n`);
  tamper(home.auditDb, 'DELETE FROM event WHERE seq > 21');
  expect(verifyLog(home)).toMatchObject({
    verdict: 'tampered',
    problem: expect.stringContaining('copied'),
  });
});

test('checkpoints that were kept elsewhere before a restore are void where it says so, and only there', async () => {
  const { home, dir } = await backedUp();
  const kept = join(freshHome().dir, 'kept.anchor');
  writeFileSync(kept, readFileSync(home.auditAnchor));
  restore(home, dir);
  await fill(home, 30);
  expect(verifyLog(home, { anchor: kept })).toMatchObject({ verdict: 'incomplete' });
  writeFileSync(kept, readFileSync(home.auditAnchor));
  tamper(home.auditDb, 'DELETE FROM event WHERE seq > 21');
  const lines = readFileSync(home.auditAnchor, 'utf8').split('\n').slice(0, -2);
  writeFileSync(home.auditAnchor, `${lines.join('\n')}\n`);
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete' });
  expect(verifyLog(home, { anchor: kept })).toMatchObject({ verdict: 'tampered' });
});
