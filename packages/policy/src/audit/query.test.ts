import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import type { Home } from '../home.js';
import { archiveDir, archivesIn } from './archives.js';
import { openDatabase } from './driver.js';
import {
  changesInDoubt,
  countsBy,
  eventsAfter,
  eventsOf,
  lastEvents,
  readLog,
  undoingsOf,
} from './query.js';
import { reconcile } from './reconcile.js';
import { rotate } from './rotate.js';
import { Store } from './store.js';

/** Rows 1-3 and 4-7 in archives (4 and 8 seal), 8-10 live. */
async function rotated() {
  const home = freshHome();
  await fill(home, 3, { tool: 'old' });
  await rotate(home);
  await fill(home, 3, { tool: 'newer' });
  await rotate(home);
  await fill(home, 2, { tool: 'live' });
  return { home, archives: readLog(home, archivesIn) };
}

let log: Home;
beforeAll(async () => {
  ({ home: log } = await rotated());
});

const seqs = (rows: readonly { seq: number }[]) => rows.map(({ seq }) => seq);
const remove = (home: Home, file = '') => rmSync(join(archiveDir(home), file));

test.each<[string, (home: Home) => unknown]>([
  ['is not there', () => {}],
  [
    'is of the Python programs',
    ({ auditDb }) => {
      const { db } = openDatabase(auditDb);
      db.exec('CREATE TABLE audit_log(id INTEGER)');
      db.close();
    },
  ],
])('a log that %s is no log, and it is said how to get one', (_what, make) => {
  const home = freshHome();
  make(home);
  const refusal = {
    code: 'AUDIT_UNREADABLE',
    message: `There is no audit log at ${home.auditDb}.`,
    remedy: 'Run a tool first, or set OPS_HOME to the folder that holds audit.db.',
  };
  const reads = [
    () => lastEvents(home, {}, 1),
    () => eventsOf(home, '1'),
    () => readLog(home, () => 'read'),
  ];
  for (const read of reads) expect(read).toThrow(expect.objectContaining(refusal));
});

test('whoever reads the log cannot write it', async () => {
  const home = freshHome();
  await fill(home, 1);
  expect(() => readLog(home, (db) => db.exec('DELETE FROM meta'))).toThrow(/readonly/);
});

test.each<[number, number[]]>([
  [0, []],
  [1, [10]],
  [3, [8, 9, 10]],
  [5, [6, 7, 8, 9, 10]],
  [9, [2, 3, 4, 5, 6, 7, 8, 9, 10]],
  [11, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
])('the last %i rows come oldest first, with how many there are', (last, expected) => {
  const { rows, total } = lastEvents(log, {}, last);
  expect(seqs(rows)).toEqual(expected);
  expect(total).toBe(10);
});

test('archives are opened only when what is asked for may be in them', async () => {
  const { home, archives } = await rotated();
  const [first, second] = archives;
  expect(seqs(lastEvents(home, { since: second?.newest }, 3).rows).at(-1)).toBe(10);
  remove(home, first?.file);
  expect(lastEvents(home, {}, 7)).toMatchObject({
    rows: [{ seq: 4 }, {}, {}, {}, {}, {}, {}],
    total: 10,
  });
  expect(eventsAfter(home, 3, 2)).toMatchObject([{ seq: 4 }, { seq: 5 }]);
  remove(home, second?.file);
  expect(lastEvents(home, {}, 3)).toMatchObject({ rows: [{ seq: 8 }, {}, {}], total: 10 });
  expect(lastEvents(home, { since: '9999' }, 3)).toEqual({ rows: [], total: 0 });
  expect(countsBy(home, 'tool', '9999')).toEqual([]);
  expect(eventsAfter(home, 7, 9)).toMatchObject([{ seq: 8 }, { seq: 9 }, { seq: 10 }]);
  const missing = { code: 'AUDIT_UNREADABLE' };
  const reads = [
    () => lastEvents(home, {}, 4),
    () => lastEvents(home, { tool: 'live' }, 2),
    () => lastEvents(home, { since: second?.newest }, 9),
    () => eventsAfter(home, 6, 1),
  ];
  for (const read of reads) expect(read).toThrow(expect.objectContaining(missing));
});

test('an archive is not opened for what another one before it has given', async () => {
  const { home, archives } = await rotated();
  remove(home, archives[1]?.file);
  expect(eventsAfter(home, 0, 3)).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  expect(eventsAfter(home, 0, 0)).toEqual([]);
});

test.each<[Parameters<typeof lastEvents>[1], number[]]>([
  [{ tool: 'old' }, [1, 2, 3]],
  [{ tool: 'old', status: 'ok' }, [1, 2, 3]],
  [{ tool: 'old', status: 'failed' }, []],
  [{ status: 'sealed' }, [4, 8]],
  [{ skill: 'audit' }, [4, 8]],
  [{ user: 'ann', tool: 'live' }, [9, 10]],
  [{ target: 'lab', tool: 'newer' }, [5, 6, 7]],
  [{ target: 'prod' }, []],
  [{ since: '0000', tool: 'newer' }, [5, 6, 7]],
])('rows that match %j are found in every part', (filter, expected) => {
  const { rows, total } = lastEvents(log, filter, 100);
  expect(seqs(rows)).toEqual(expected);
  expect(total).toBe(expected.length);
});

test('an operation is found by its id or by the number of a row, whole and in order', async () => {
  const home = freshHome();
  await fill(home, 1, { op_id: 'long', phase: 'preview' });
  await fill(home, 1, { op_id: 'other' });
  await rotate(home);
  await fill(home, 1, { op_id: 'long', phase: 'intent' });
  await fill(home, 1, { op_id: 'long', phase: 'outcome' });
  for (const name of ['long', '1', '4', '5']) expect(seqs(eventsOf(home, name))).toEqual([1, 4, 5]);
  expect(seqs(eventsOf(home, '2'))).toEqual([2]);
});

test.each(['99', '1e0', '0x1', '-1', '1x', ''])(
  '%j is no operation and no number of a row',
  (name) => {
    expect(eventsOf(log, name)).toEqual([]);
  },
);

test('what was meant to take an operation back is found, archived or not', async () => {
  const home = freshHome();
  const undoes = (undone: string) => ({ phase: 'intent' as const, body: { undoes: undone } });
  await fill(home, 1, { op_id: 'undo-1', ...undoes('op-1') });
  await fill(home, 1, { op_id: 'undo-1', phase: 'outcome', body: { undoes: 'op-1' } });
  await fill(home, 1, { op_id: 'undo-3', ...undoes('op-2') });
  await fill(home, 1, { op_id: 'undo-3', phase: 'outcome' });
  await rotate(home);
  await fill(home, 1, { op_id: 'undo-2', ...undoes('op-1') });
  expect(undoingsOf(home, 'op-1').sort()).toEqual(['undo-1', 'undo-2']);
  expect(undoingsOf(home, 'op-2')).toEqual(['undo-3']);
  expect(undoingsOf(home, 'op-3')).toEqual([]);
});

test('changes in doubt come oldest first, until an outcome is in any part', async () => {
  const home = freshHome();
  const ids = ['a', 'b', 'c', 'd'];
  for (const op_id of ids) await fill(home, 1, { op_id, phase: 'intent' });
  tamper(
    home.auditDb,
    "UPDATE pending SET owner = 'another-boot/1/1' WHERE op_id IN ('a', 'b', 'd')",
  );
  const store = new Store(home);
  expect(await reconcile(store)).toBe(3);
  store.close();
  await fill(home, 1, { op_id: 'c', phase: 'outcome' });
  await rotate(home);
  expect(changesInDoubt(home).map(({ op_id }) => op_id)).toEqual(['a', 'b', 'd']);
  await fill(home, 1, { op_id: 'b', phase: 'outcome' });
  expect(changesInDoubt(home).map(({ op_id }) => op_id)).toEqual(['a', 'd']);
});

test('counts come largest first, equal ones by name, summed over all parts', async () => {
  const home = freshHome();
  await fill(home, 2, { tool: 'a', actor: 'ann' });
  await fill(home, 1, { tool: 'b', actor: 'bob' });
  await rotate(home);
  await fill(home, 1, { tool: 'b', actor: 'bob' });
  await fill(home, 3, { tool: 'd', actor: 'ann' });
  await fill(home, 1, { tool: 'c', actor: 'cid', skill: 'x', status: 'failed' });
  expect(countsBy(home, 'tool', '')).toEqual([
    { name: 'd', count: 3 },
    { name: 'a', count: 2 },
    { name: 'b', count: 2 },
    { name: 'c', count: 1 },
    { name: 'rotate_audit_log', count: 1 },
  ]);
  expect(countsBy(home, 'skill', '')).toEqual([
    { name: 'counters', count: 7 },
    { name: 'audit', count: 1 },
    { name: 'x', count: 1 },
  ]);
});
