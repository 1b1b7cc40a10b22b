import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { anchors } from './anchor.js';
import { archiveDir } from './archives.js';
import { placeHold } from './holds.js';
import { prunable, prune } from './prune.js';
import { lastEvents } from './query.js';
import { rotate } from './rotate.js';
import { verifyLog } from './verify.js';

const all = { before: '9999' };

async function withArchives(n: number) {
  const home = freshHome();
  for (let i = 0; i < n; i += 1) {
    await fill(home, 10);
    await rotate(home);
  }
  return home;
}

test('what was agreed to is what goes: an archive that came meanwhile, or a hold, stops it', async () => {
  const home = await withArchives(2);
  const { archives } = prunable(home, all);
  await fill(home, 5);
  await rotate(home);
  await expect(prune(home, all, archives)).rejects.toMatchObject({ code: 'CONFLICT' });
  const now = prunable(home, all).archives;
  await placeHold(home, { name: 'a', from_ts: '2000', to_ts: '2999', reason: 'a case' });
  await expect(prune(home, all, now)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(readdirSync(archiveDir(home))).toHaveLength(3);
  expect(lastEvents(home, { status: 'pruned' }, 1).total).toBe(0);
});

test('files that a prune that died has left are no fault, and go with the next one', async () => {
  const home = await withArchives(3);
  const [, second] = readdirSync(archiveDir(home)).sort();
  const path = join(archiveDir(home), second ?? '');
  const aside = join(home.dir, 'aside');
  copyFileSync(path, aside);
  const keep = { keepBytes: prunable(home, all).archives.at(-1)?.bytes ?? 0 };
  await prune(home, keep, prunable(home, keep).archives);
  copyFileSync(aside, path);
  const lost = [{ from: 1, to: 10, why: 'pruned' }];
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', problem: null, lost });
  await prune(home, keep, []);
  expect(readdirSync(archiveDir(home))).toHaveLength(1);
  expect(verifyLog(home)).toMatchObject({ verdict: 'incomplete', problem: null });
});

test('archives that are gone without a row about it are tampering, whatever the table of archives says', async () => {
  const home = await withArchives(2);
  for (const file of readdirSync(archiveDir(home))) rmSync(join(archiveDir(home), file));
  expect(verifyLog(home)).toMatchObject({ verdict: 'tampered', first_bad_row: 1 });
});

test('a log that was rewritten and then pruned is found by a checkpoint of the last row of an archive', async () => {
  const home = await withArchives(1);
  const forged = freshHome();
  copyFileSync(home.auditKey, forged.auditKey);
  await fill(forged, 10, { actor: 'bob' });
  await rotate(forged);
  await prune(forged, all, prunable(forged, all).archives);
  expect(verifyLog(forged)).toMatchObject({ verdict: 'incomplete' });
  const signed = readFileSync(home.auditAnchor, 'utf8').split('\n')[0];
  const kept = join(home.dir, 'kept.anchor');
  writeFileSync(kept, `${signed}\n`);
  expect(verifyLog(forged, { anchor: kept })).toMatchObject({
    verdict: 'tampered',
    first_bad_row: 10,
  });
});

test('in a log that was pruned the first row that is there can be the first bad one', async () => {
  const home = await withArchives(1);
  await fill(home, 3);
  await prune(home, all, prunable(home, all).archives);
  tamper(home.auditDb, "UPDATE event SET actor = 'bob' WHERE seq = 11");
  expect(verifyLog(home)).toMatchObject({ verdict: 'tampered', first_bad_row: 11 });
});

const conflict = {
  code: 'CONFLICT',
  message: 'The archives or legal holds changed since this was planned. Nothing was removed.',
  remedy: 'Run `vmware-audit prune --dry-run` with the same flags, and agree to the new plan.',
};

test.each<[string, (files: { file: string }[]) => { file: string }[]]>([
  ['nothing', () => []],
  ['the first alone', ([first]) => (first ? [first] : [])],
  ['one more', (files) => [...files, { file: 'more.db' }]],
  ['another order', (files) => [...files].reverse()],
  ['another last one', ([first]) => (first ? [first, { file: 'other.db' }] : [])],
])('where two archives may go and %s was agreed to, nothing goes', async (_what, agreed) => {
  const home = await withArchives(2);
  const { archives } = prunable(home, all);
  await expect(prune(home, all, agreed([...archives]))).rejects.toMatchObject(conflict);
  expect(readdirSync(archiveDir(home))).toHaveLength(2);
  expect(prunable(home, all).archives).toEqual(archives);
});

test('archives may go whose last row is older, and the oldest until what is left is small enough', async () => {
  const home = await withArchives(3);
  const [first, second, third] = prunable(home, all).archives;
  const files = (retention: Parameters<typeof prunable>[1]) =>
    prunable(home, retention).archives.map(({ file }) => file);
  if (!first || !second || !third) throw new Error('There are no three archives.');
  const bytes = first.bytes + second.bytes + third.bytes;
  expect(files({})).toEqual([]);
  expect(files({ before: first.newest })).toEqual([]);
  expect(files({ before: `${third.newest}+` })).toHaveLength(3);
  expect(files({ keepBytes: bytes })).toEqual([]);
  expect(files({ keepBytes: bytes - 1 })).toEqual([first.file]);
  expect(files({ keepBytes: third.bytes })).toEqual([first.file, second.file]);
  expect(files({ keepBytes: 0 })).toHaveLength(3);
  expect(files({ before: `${first.newest}+`, keepBytes: third.bytes })).toHaveLength(2);
});

test('what was pruned is said in one row that is signed, and the log is closed afterwards', async () => {
  const home = await withArchives(2);
  const { archives } = prunable(home, all);
  expect(await prune(home, all, archives)).toEqual({ archives, held: [] });
  const [row] = lastEvents(home, {}, 1).rows;
  expect(row).toMatchObject({ status: 'pruned', tool: 'prune_audit_archives', seq: 23 });
  expect(JSON.parse(row?.body ?? '')).toEqual({
    pruned: archives.map(({ file, from_seq, to_seq, sha256, last_hash }) => ({
      archive: file,
      from: from_seq,
      to: to_seq,
      sha256,
      last_hash,
    })),
  });
  expect(anchors(home).at(-1)).toMatchObject({ seq: 23 });
  expect(prunable(home, all)).toEqual({ archives: [], held: [] });
  expect(await prune(home, all, [])).toEqual({ archives: [], held: [] });
  expect(existsSync(`${home.auditDb}-wal`)).toBe(false);
  expect(lastEvents(home, {}, 1).rows).toMatchObject([{ seq: 23 }]);
});

test('what a hold keeps of the archives that may go is named with it', async () => {
  const home = await withArchives(2);
  const { archives } = prunable(home, all);
  const hold = { name: 'a', from_ts: archives[1]?.oldest ?? '', to_ts: '9999', reason: 'a case' };
  await placeHold(home, hold);
  expect(prunable(home, all)).toMatchObject({ archives, held: [{ archive: archives[1], hold }] });
});
