import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
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
