import { expect, onTestFinished, test } from 'vitest';
import { draft } from '../../test/draft.js';
import { Chain, hex, inSnapshot, inTransaction } from './chain.js';
import { openDatabase } from './driver.js';
import { type Event, genesis, hashOf } from './event.js';
import { boot } from './process.js';
import { migrations } from './schema.js';

function emptyLog() {
  const { db } = openDatabase(':memory:');
  onTestFinished(() => void db.close());
  for (const sql of migrations) db.exec(sql);
  return db;
}

test('each row follows the one before, with its time, process and hash, and is kept as it was made', () => {
  const db = emptyLog();
  const chain = new Chain(db);
  expect(chain.last()).toBeUndefined();
  const said = { ...draft(), body: { b: 1, a: ['ü'] } };
  const first = chain.append(said, chain.last());
  const second = chain.append(draft(), chain.last());
  const rows = db.prepare('SELECT * FROM event ORDER BY seq').all() as Event[];
  expect(rows.map((row) => ({ ...row, prev: hex(row.prev), hash: hex(row.hash) }))).toEqual(
    [first, second].map((row) => ({ ...row, prev: hex(row.prev), hash: hex(row.hash) })),
  );
  const time = Number.parseInt(first.event_id.replace('-', '').slice(0, 12), 16);
  expect(first).toEqual({
    ...said,
    seq: 1,
    event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ts: new Date(time).toISOString(),
    clock_regress: 0,
    boot,
    pid: process.pid,
    body: '{"a":["ü"],"b":1}',
    prev: genesis,
    hash: hashOf(first),
  });
  expect(second).toMatchObject({ seq: 2, prev: first.hash });
  expect(chain.last()).toEqual({ seq: 2, ts: second.ts, hash: second.hash });
});

test.each([
  ['was set back', '9999-01-01T00:00:00.000Z', 1],
  ['went on', '2000-01-01T00:00:00.000Z', 0],
])('a row says whether the clock %s since the one before', (_what, ts, clock_regress) => {
  const last = { seq: 7, ts, hash: genesis };
  expect(new Chain(emptyLog()).append(draft(), last)).toMatchObject({ seq: 8, clock_regress });
});

test('half of a surrogate pair is kept as what SQLite can keep, in every text, and whole pairs stay', () => {
  const db = emptyLog();
  const half = { target: 'a\ud83d', rule: '\udc68b', actor: '👨', duration_us: 7 };
  const { hash, ...row } = new Chain(db).append(draft(half), undefined);
  expect(row).toMatchObject({ ...half, target: 'a\ufffd', rule: '\ufffdb' });
  const kept = db.prepare('SELECT * FROM event').get() as Event;
  expect(hex(hashOf(kept))).toBe(hex(hash));
});

test('of work that fails nothing is kept, and the next has the lock', () => {
  const db = emptyLog();
  const count = () => db.prepare('SELECT count(*) AS n FROM meta').get();
  const add = (k: string) => db.prepare("INSERT INTO meta VALUES(?, '')").run(k);
  expect(() =>
    inTransaction(db, () => {
      add('a');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(count()).toEqual({ n: 0 });
  expect(inTransaction(db, () => add('b').changes)).toBe(1);
  expect(count()).toEqual({ n: 1 });
});

test('where there is nothing left to take back the error of the work is the one that is told', () => {
  const db = emptyLog();
  expect(() =>
    inTransaction(db, () => {
      db.exec('ROLLBACK');
      throw new Error('no');
    }),
  ).toThrow('no');
});

test('a snapshot gives what was read, ends with it, and keeps nothing that was written in it', () => {
  const db = emptyLog();
  const add = () => db.prepare("INSERT INTO meta VALUES('a', '')").run().changes;
  expect(inSnapshot(db, add)).toBe(1);
  expect(inSnapshot(db, add)).toBe(1);
  expect(() =>
    inSnapshot(db, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(db.prepare('SELECT * FROM meta').all()).toEqual([]);
});
