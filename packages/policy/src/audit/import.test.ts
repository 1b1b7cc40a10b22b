import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import type { Home } from '../home.js';
import { anchors } from './anchor.js';
import { type Database, openDatabase } from './driver.js';
import { importFamily, planImport } from './import.js';
import { lastEvents } from './query.js';
import { migrations } from './schema.js';

function fresh(): { home: Home; file: string } {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  return { home, file: join(home.dir, 'python.db') };
}

/** Rows of the Python programs, so many good and then so many that have no user. */
function family(file: string, good: number, broken = 0): void {
  const { db } = openDatabase(file);
  const insert = tableIn(db);
  db.exec('BEGIN');
  for (let id = 1; id <= good + broken; id += 1) insert(id, id <= good ? 'ann' : null);
  db.exec('COMMIT');
  db.close();
}

function tableIn(db: Database): (id: number, user: string | null) => void {
  db.exec(`CREATE TABLE IF NOT EXISTS audit_log(id INTEGER PRIMARY KEY, ts, skill, tool, params, result, status,
    duration_ms, agent, workflow_id, user, risk_level)`);
  const insert = db.prepare(
    "INSERT OR REPLACE INTO audit_log VALUES(?, '2026-03-01', 'aria', 'get_vm', '{}', '{}', 'ok', 1, 'claude', '', ?, 'low')",
  );
  return (id, user) => void insert.run(id, user);
}

const why = 'user: Invalid input: expected string, received null';

test('what was planned is what is imported, once, and a row counts it', async () => {
  const { home, file } = fresh();
  await fill(home, 1);
  family(file, 3, 1);
  const broken = [{ id: '4', why }];
  expect(planImport(home, file)).toEqual({ added: 3, known: 0, broken });
  expect(await importFamily(home, file)).toEqual({ added: 3, known: 0, broken });
  family(file, 5);
  expect(planImport(home, file)).toEqual({ added: 2, known: 3, broken: [] });
  expect(await importFamily(home, file)).toEqual({ added: 2, known: 3, broken: [] });
  expect(planImport(home, file)).toEqual({ added: 0, known: 5, broken: [] });
  const { rows } = lastEvents(home, { status: 'import' }, 9);
  expect(rows.map(({ tool, body }) => [tool, JSON.parse(body)])).toEqual([
    ['import_audit_log', { file, added: 3, known: 0, broken: 1, first_broken: broken }],
    ['import_audit_log', { file, added: 2, known: 3, broken: 0, first_broken: [] }],
  ]);
  const { db } = openDatabase(home.auditDb);
  expect(db.prepare('SELECT seq FROM imported ORDER BY seq').all()).toEqual(
    [2, 3, 4, 6, 7].map((seq) => ({ seq })),
  );
  db.close();
});

test('a row that is there twice is added once and known once', async () => {
  const { home, file } = fresh();
  await fill(home, 1);
  const { db } = openDatabase(file);
  tableIn(db)(1, 'ann');
  db.exec('CREATE TABLE twice AS SELECT * FROM audit_log UNION ALL SELECT * FROM audit_log');
  db.exec('DROP TABLE audit_log; ALTER TABLE twice RENAME TO audit_log');
  db.close();
  expect(await importFamily(home, file)).toEqual({ added: 1, known: 1, broken: [] });
});

test('into a log of the first schema, which knows of no import, everything would be added', () => {
  const { home, file } = fresh();
  writeFileSync(home.auditDb, '', { mode: 0o600 });
  const { db } = openDatabase(home.auditDb);
  db.exec(migrations[0] ?? '');
  db.close();
  family(file, 2);
  expect(planImport(home, file)).toEqual({ added: 2, known: 0, broken: [] });
});

test('rows are committed 500 at a time, and 100 at most of the broken ones are named in the log', async () => {
  const { home, file } = fresh();
  family(file, 501, 101);
  const { added, broken } = await importFamily(home, file);
  expect([added, broken.length]).toEqual([501, 101]);
  expect(anchors(home).map(({ seq }) => seq)).toEqual([500, 501, 502]);
  const [last] = lastEvents(home, {}, 1).rows;
  const body = JSON.parse(last?.body ?? '{}');
  expect(body).toMatchObject({ broken: 101, first_broken: { length: 100 } });
  expect(body.first_broken[99]).toEqual({ id: '601', why });
});

test('without a table there is nothing to import, and no row says that there was', async () => {
  const { home, file } = fresh();
  await fill(home, 1);
  expect(() => planImport(home, file)).toThrow('has no table audit_log');
  await expect(importFamily(home, file)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(lastEvents(home, {}, 9).total).toBe(1);
  expect(existsSync(file)).toBe(false);
});
