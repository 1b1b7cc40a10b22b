import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import { anchors } from './anchor.js';
import { Chain, hex } from './chain.js';
import { checkpoint } from './checkpoint.js';
import { openLogFile } from './file.js';
import { metaOf, setMeta } from './meta.js';
import { Patience } from './patience.js';

/** A log of twelve rows of which the last is signed, and the signing of it. */
async function twelveRows() {
  const home = freshHome();
  await fill(home, 12);
  const { db } = openLogFile(home);
  onTestFinished(() => {
    db.close();
    rmSync(home.dir, { recursive: true });
  });
  const last = new Chain(db).last();
  if (!last) throw new Error('no rows');
  const ago = (ms: number) => new Date(Date.parse(last.ts) - ms).toISOString();
  return {
    home,
    last,
    meta: () => metaOf(db, 'anchored'),
    /** Which rows are signed anew after a row was signed so long before the last. */
    since(seq: number, ms: number, how?: { always?: boolean }): number[] {
      rmSync(home.auditAnchor, { force: true });
      setMeta(db, 'anchored', `${seq} ${ago(ms)}`);
      checkpoint(home, db, new Patience(), how);
      return anchors(home).map((anchor) => anchor.seq);
    },
  };
}

test('the last row is signed after 60 seconds of either sign, and at once when it is asked for', async () => {
  const { home, last, meta, since } = await twelveRows();
  expect(meta()).toBe(`12 ${last.ts}`);
  expect(since(11, 59_999)).toEqual([]);
  expect(since(11, -59_999)).toEqual([]);
  expect(since(11, -60_000)).toEqual([12]);
  expect(since(11, 60_000)).toEqual([12]);
  expect(anchors(home)).toMatchObject([{ seq: 12, hash: hex(last.hash), ts: last.ts }]);
  expect(meta()).toBe(`12 ${last.ts}`);
  expect(since(11, 0, { always: true })).toEqual([12]);
});

test('a row that is signed is not signed again, however long ago that was', async () => {
  const { since } = await twelveRows();
  expect(since(12, 0, { always: true })).toEqual([]);
  expect(since(12, 90_000)).toEqual([]);
});

test('the last row is signed after 1,000 rows', async () => {
  const { since } = await twelveRows();
  expect(since(12 - 999, 0)).toEqual([]);
  expect(since(12 - 1_000, 0)).toEqual([12]);
});

test('of a log without rows nothing is signed', () => {
  const home = freshHome();
  const { db } = openLogFile(home);
  checkpoint(home, db, new Patience(), { always: true });
  db.close();
  expect(anchors(home)).toEqual([]);
  rmSync(home.dir, { recursive: true });
});
