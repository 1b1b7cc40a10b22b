import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draft } from '../../test/draft.js';
import { homeAt } from '../home.js';
import { anchors } from './anchor.js';
import { archiveDir } from './archives.js';
import { openDatabase } from './driver.js';
import { boot, startOf } from './process.js';
import { countsBy, eventsAfter, eventsOf, lastEvents } from './query.js';
import { rotate, rotateWhenDue } from './rotate.js';
import { Store } from './store.js';
import { usageIn } from './usage.js';
import { verifyLog } from './verify.js';

const fresh = () => homeAt(mkdtempSync(join(tmpdir(), 'rotate-')));

async function append(store: Store, from: number, to: number) {
  await Promise.all(
    Array.from({ length: to - from + 1 }, (_, i) =>
      store.append(draft({ tool: `tool_${from + i}`, op_id: `op-${from + i}`, actor: 'ann' })),
    ),
  );
}

test('rows that were rotated are read, counted and verified as before', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 300);
  const archives = [...(await rotate(home, { rows: 100 })), ...(await rotate(home, { rows: 50 }))];
  await append(store, 303, 310);
  expect(archives).toMatchObject([
    { file: '0000000001-0000000200.db' },
    { from_seq: 201, to_seq: 251 },
  ]);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 310, archives: 2 });
  const { rows, total } = lastEvents(home, {}, 1_000);
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 310 }, (_, i) => i + 1));
  expect(total).toBe(310);
  expect(lastEvents(home, {}, 5)).toMatchObject({
    rows: [{ seq: 306 }, {}, {}, {}, { seq: 310 }],
    total: 310,
  });
  expect(lastEvents(home, { tool: 'tool_7' }, 5)).toMatchObject({ rows: [{ seq: 7 }], total: 1 });
  expect(eventsAfter(home, 199, 4).map(({ seq }) => seq)).toEqual([200, 201, 202, 203]);
  expect(eventsAfter(home, 250, 3).map(({ seq }) => seq)).toEqual([251, 252, 253]);
  expect(eventsOf(home, '12')).toMatchObject([{ op_id: 'op-12' }]);
  expect(eventsOf(home, 'op-230')).toMatchObject([{ seq: 230 }]);
  expect(countsBy(home, 'phase', '2000')).toEqual([
    { name: 'read', count: 308 },
    { name: 'seal', count: 2 },
  ]);
  store.close();
});

test('a seal is signed at once, and the archive is for its owner to read only', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 20);
  await rotate(home);
  expect(anchors(home).at(-1)).toMatchObject({ seq: 21 });
  const dir = archiveDir(home);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dir)).toEqual(['0000000001-0000000020.db']);
  expect(statSync(join(dir, '0000000001-0000000020.db')).mode & 0o777).toBe(0o400);
  store.close();
});

test('a rate is not reset by rotating, and a program that was killed over an archived checkpoint goes on', async () => {
  const home = fresh();
  const store = new Store(home);
  const before = new Date(Date.now() - 1_000);
  for (let i = 0; i < 5; i += 1) {
    await store.append(draft({ op_id: `${i}`, phase: 'intent', actor: 'ann' }));
    await store.append(draft({ op_id: `${i}`, phase: 'outcome', actor: 'ann' }));
  }
  await rotate(home);
  expect(usageIn(store, String).intents('ann', () => true, before)).toBe(5);
  expect(usageIn(store, String).intents('ann', () => true, new Date(Date.now() + 1_000))).toBe(0);
  store.close();
  const { db } = openDatabase(home.auditDb);
  db.close();
  const next = new Store(home);
  await next.append(draft());
  next.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 12 });
});

test('the rows of a change under way stay, and so does what came after', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  await store.append(draft({ op_id: 'open', phase: 'intent' }));
  await append(store, 12, 20);
  expect(await rotate(home)).toMatchObject([{ to_seq: 10 }]);
  expect(await rotate(home)).toEqual([]);
  await store.append(draft({ op_id: 'open', phase: 'outcome' }));
  expect(await rotate(home)).toMatchObject([{ from_seq: 11, to_seq: 22 }]);
  store.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', archives: 2 });
});

test('only one program rotates at a time, and one that died holds nobody up', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  const ends = await Promise.allSettled([rotate(home), rotate(home)]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  store.setMeta('keeper', `${boot}/${process.ppid}/${startOf(process.ppid)}/1`);
  await expect(rotate(home)).rejects.toMatchObject({ code: 'BUSY' });
  store.setMeta('keeper', 'another-boot/1/1/1');
  await append(store, 12, 20);
  expect(await rotate(home)).toHaveLength(1);
  expect(store.meta('keeper')).toBeUndefined();
  store.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 21 });
});

test('what a rotation that died has left is no archive, and the next one clears it away', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  await rotate(home);
  writeFileSync(join(archiveDir(home), '.draft-0000000011-0000000011.db'), 'half');
  writeFileSync(join(archiveDir(home), '0000000011-0000000011.db'), 'whole, and never sealed');
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', archives: 1 });
  await append(store, 12, 20);
  await rotate(home);
  store.close();
  expect(readdirSync(archiveDir(home))).toEqual([
    '0000000001-0000000010.db',
    '0000000011-0000000020.db',
  ]);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', archives: 2 });
});

test('rows that were changed are not sealed', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  store.close();
  const { db } = openDatabase(home.auditDb);
  db.exec("DROP TRIGGER event_is_append_only_update; UPDATE event SET actor = 'bob' WHERE seq = 1");
  db.close();
  await expect(rotate(home)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  expect(verifyLog(home)).toMatchObject({ verdict: 'tampered', first_bad_row: 1 });
});

test('a log of the first schema opens, keeps its rows and can be rotated', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  store.close();
  const { db } = openDatabase(home.auditDb);
  db.exec(`DROP TABLE archive; DROP TABLE hold; DROP TRIGGER event_is_append_only_delete;
    CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    PRAGMA user_version = 1`);
  db.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 10 });
  expect(lastEvents(home, {}, 100).total).toBe(10);
  const next = new Store(home);
  await append(next, 11, 12);
  next.close();
  expect(await rotate(home)).toHaveLength(1);
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 13, archives: 1 });
});

test('a log that is too large by rows or bytes is rotated to half, and one that is not is left', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 120);
  expect(await rotateWhenDue(home)).toBe(0);
  expect(await rotateWhenDue(home, { rows: 120, bytes: 1e6 })).toBe(0);
  expect(await rotateWhenDue(home, { rows: 119, bytes: 1e6 })).toBe(1);
  expect(lastEvents(home, {}, 1).total).toBe(121);
  expect(await rotateWhenDue(home, { rows: 119, bytes: 4_096 })).toBe(1);
  store.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', archives: 2 });
});

test('of a log one row alone can go, and all can stay', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 10);
  expect(await rotate(home, { rows: 10 })).toEqual([]);
  expect(await rotate(home, { rows: 9 })).toMatchObject([{ from_seq: 1, to_seq: 1 }]);
  expect(await rotate(home, { since: '2000' })).toEqual([]);
  expect(await rotate(home, { since: '9999', rows: 1 })).toMatchObject([
    { from_seq: 2, to_seq: 10 },
  ]);
  store.close();
  expect(verifyLog(home)).toMatchObject({ verdict: 'intact', rows: 12, archives: 2 });
});

test('a seal is signed once, and with nobody at the log it is one file again', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 3);
  store.close();
  await rotate(home);
  await rotateWhenDue(home);
  expect(existsSync(`${home.auditDb}-wal`)).toBe(false);
  const next = new Store(home);
  next.anchor({ always: true });
  next.close();
  expect(anchors(home).map(({ seq }) => seq)).toEqual([4]);
});

test('an archive is a log of this program, with an index of its operations', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 3);
  store.close();
  const [archive] = await rotate(home);
  const { db } = openDatabase(join(archiveDir(home), archive?.file ?? ''), { readonly: true });
  const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() as object)[0];
  const made = db.prepare("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'");
  expect(made.all()).toEqual([
    { type: 'table', name: 'event' },
    { type: 'index', name: 'by_operation' },
  ]);
  expect([pragma('application_id'), pragma('user_version')]).toEqual([0x564d4155, 2]);
  expect(pragma('journal_mode')).toBe('delete');
  db.close();
});

test('a log of exactly as many bytes as it may have is left, and a larger one keeps half of its rows', async () => {
  const home = fresh();
  const store = new Store(home);
  await append(store, 1, 9);
  store.close();
  const { db } = openDatabase(home.auditDb);
  const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map(
    (name) => Object.values(db.prepare(`PRAGMA ${name}`).get() as object)[0] as number,
  );
  db.close();
  const bytes = ((pages ?? 0) - (free ?? 0)) * (size ?? 0);
  expect(await rotateWhenDue(home, { rows: 9, bytes })).toBe(0);
  expect(await rotateWhenDue(home, { rows: 9, bytes: bytes - 1 })).toBe(1);
  expect(readdirSync(archiveDir(home))).toEqual(['0000000001-0000000004.db']);
});
