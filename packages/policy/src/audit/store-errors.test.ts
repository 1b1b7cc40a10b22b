import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, tamper } from '../../test/audit/log-lab.js';
import { draft } from '../../test/draft.js';
import type { Home } from '../home.js';
import { archiveDir, archivesIn } from './archives.js';
import { lastEvents, readLog } from './query.js';
import { rotate } from './rotate.js';
import { Store } from './store.js';

const unavailable = (why: string) => ({
  code: 'AUDIT_UNAVAILABLE',
  message: `The audit log cannot be written: ${why}`,
  remedy:
    'Run `vmware-audit verify` and mend what it names; calls are refused until a row can be written.',
});

/** A log with one row, open. */
async function opened() {
  const home = freshHome();
  const store = new Store(home);
  await store.append(draft({ op_id: 'a', phase: 'outcome' }));
  return { home, store, rows: () => lastEvents(home, {}, 100).rows.map(({ op_id }) => op_id) };
}

test('a row that the log takes for false is refused with why, and those queued with it are too', async () => {
  const { home, store, rows } = await opened();
  const why = 'UNIQUE constraint failed: event.op_id (SQLITE_CONSTRAINT_UNIQUE)';
  const ends = await Promise.allSettled([
    store.append(draft({ op_id: 'b' })),
    store.append(draft({ op_id: 'a', phase: 'outcome' })),
  ]);
  expect(ends).toMatchObject(
    [1, 2].map(() => ({ status: 'rejected', reason: unavailable(`${home.auditDb}: ${why}`) })),
  );
  expect(rows()).toEqual(['a']);
  expect(await store.append(draft({ op_id: 'c' }))).toBe(true);
  store.close();
  expect(rows()).toEqual(['a', 'c']);
});

test('an error without a code is told by its message alone', async () => {
  const { home, store } = await opened();
  await expect(store.append(draft({ body: { n: 1n } }))).rejects.toMatchObject(
    unavailable(`${home.auditDb}: Do not know how to serialize a BigInt`),
  );
  store.close();
});

test('a file that is no database is told so', async () => {
  const home = freshHome();
  writeFileSync(home.auditDb, 'x'.repeat(4_096), { mode: 0o600 });
  const store = new Store(home);
  const said = unavailable(`${home.auditDb}: file is not a database (SQLITE_NOTADB)`);
  await expect(store.ready()).rejects.toMatchObject(said);
  await expect(store.append(draft())).rejects.toMatchObject(said);
});

const replace = (home: Home) => renameSync(home.auditDb, `${home.auditDb}-aside`);

test('a log that was moved while it was open is missed at every use, and good again where it was', async () => {
  const { home, store, rows } = await opened();
  replace(home);
  const uses = [
    () => store.ready(),
    () => store.append(draft({ op_id: 'b' })),
    async () => store.isSpent('nonce'),
    async () => store.meta('keeper'),
    async () => store.abandoned(),
  ];
  const gone = `${home.auditDb} is gone, and it had 1 rows. Put it back, or start this program again for a new log.`;
  const moved = `${home.auditDb} was removed or replaced while it was open.`;
  for (const [i, use] of uses.entries())
    await expect(use()).rejects.toMatchObject(unavailable(i === 0 ? moved : gone));
  renameSync(`${home.auditDb}-aside`, home.auditDb);
  expect(await store.append(draft({ op_id: 'b' }))).toBe(true);
  store.close();
  expect(rows()).toEqual(['a', 'b']);
});

test('a log that was cut behind the back of a program is refused by it', async () => {
  const { home, store } = await opened();
  store.close();
  replace(home);
  const other = freshHome();
  await fill(other, 1);
  renameSync(other.auditDb, home.auditDb);
  await expect(store.append(draft())).rejects.toMatchObject(
    unavailable(
      `${home.auditDb} does not hold row 1 that this program saw: it was cut, replaced or rewritten.`,
    ),
  );
});

test('working state is set, read and read anew by the next program', async () => {
  const { home, store } = await opened();
  expect(store.meta('a')).toBeUndefined();
  store.setMeta('a', '1');
  store.setMeta('a', '2');
  expect(store.meta('a')).toBe('2');
  store.close();
  const next = new Store(home);
  expect(next.meta('a')).toBe('2');
  next.close();
  expect(existsSync(`${home.auditDb}-wal`)).toBe(false);
});

test('a row is written with the nonces it spends, and without any of them when one was spent', async () => {
  const { store, rows } = await opened();
  expect(await store.append(draft({ op_id: 'b' }), ['x'])).toBe(true);
  expect(await store.append(draft({ op_id: 'c' }), ['y', 'x'])).toBe(false);
  expect([store.isSpent('x'), store.isSpent('y')]).toEqual([true, false]);
  expect(await store.append(draft({ op_id: 'd' }), ['y'])).toBe(true);
  expect(rows()).toEqual(['a', 'b', 'd']);
  store.close();
});

test('a change is abandoned when its writer is gone, until its outcome or doubt is written', async () => {
  const { store } = await opened();
  for (const op_id of ['b', 'c']) await store.append(draft({ op_id, phase: 'intent' }));
  expect(store.abandoned()).toEqual([]);
  expect(await store.append(draft({ op_id: 'b', phase: 'in_doubt' }))).toBe(true);
  expect(await store.append(draft({ op_id: 'b', phase: 'in_doubt' }))).toBe(false);
  expect(await store.append(draft({ op_id: 'c', phase: 'outcome' }))).toBe(true);
  expect(await store.append(draft({ op_id: 'c', phase: 'in_doubt' }))).toBe(false);
  store.close();
});

test('a pending change whose row is not there is not abandoned', async () => {
  const { home, store } = await opened();
  tamper(home.auditDb, "INSERT INTO pending VALUES('x', 999, 'another-boot/1/1')");
  expect(store.abandoned()).toEqual([]);
  store.close();
});

test('rows since an instant are read from the log, then from each archive that has any', async () => {
  const home = freshHome();
  const store = new Store(home);
  await store.append(draft());
  await rotate(home);
  const [archive] = readLog(home, archivesIn);
  const counts = (instant: string) =>
    store.since(
      new Date(instant),
      (rows, from) => rows.prepare('SELECT seq FROM event WHERE ts >= ?').all(from).length,
    );
  const { newest = '', file = '' } = archive ?? {};
  expect(counts('2000-01-01')).toEqual([1, 1]);
  expect(counts(newest)).toEqual([1, 1]);
  rmSync(join(archiveDir(home), file));
  expect(counts('9000-01-01')).toEqual([0]);
  expect(() => counts(newest)).toThrow(expect.objectContaining({ code: 'AUDIT_UNREADABLE' }));
  store.close();
});
