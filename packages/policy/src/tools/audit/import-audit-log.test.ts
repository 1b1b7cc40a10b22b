import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';
import { openDatabase } from '../../audit/driver.js';

/** A table as the Python programs make it, in its older or newer form. */
function family(file: string, { newer = true, strict = true } = {}) {
  const text = strict ? 'TEXT NOT NULL' : 'TEXT';
  const more = newer ? `, rationale ${text}, approved_by ${text}, risk_tier ${text}` : '';
  const { db } = openDatabase(file);
  db.exec(`CREATE TABLE audit_log(id INTEGER PRIMARY KEY AUTOINCREMENT, ts ${text}, skill ${text}, tool ${text},
    params ${text}, result ${text}, status ${text}, duration_ms INTEGER, agent ${text}, workflow_id ${text},
    user ${text}, risk_level ${text}${more})`);
  const insert = (values: readonly unknown[]) =>
    db
      .prepare(
        `INSERT INTO audit_log VALUES(NULL, ${values.map(() => '?').join(', ')}${newer ? ", 'why', 'boss', ''" : ''})`,
      )
      .run(...values);
  return { insert, close: () => db.close() };
}

const row = (i: number, result = '{"ok": true}') => [
  `2026-03-0${i}T08:00:00+00:00`,
  'aria',
  'vm_power_off',
  `{"vm": "web-${i}", "password": "hunter2x"}`,
  result,
  'ok',
  120 + i,
  'claude',
  '',
  'ann',
  'high',
];

test('each row comes in once, with its own time, redacted, however often it is imported', async () => {
  await using at = await logLab(1);
  const file = join(at.home.dir, 'python.db');
  const { insert, close } = family(file);
  for (let i = 1; i <= 3; i += 1) insert(row(i));
  insert(row(4, 'x'.repeat(20_000)));
  close();
  expect(await at.plan('import_audit_log', { file })).toMatchObject({
    summary: expect.stringContaining('Import 4 rows'),
  });
  expect(await at.change('import_audit_log', { file })).toMatchObject({ added: 4, known: 0 });
  expect(await at.change('import_audit_log', { file })).toMatchObject({ added: 0, known: 4 });
  const imported = at.rows().filter(({ status }) => status === 'imported');
  expect(imported).toHaveLength(4);
  expect(imported[0]).toMatchObject({
    phase: 'admin',
    skill: 'aria',
    tool: 'vm_power_off',
    actor: 'ann',
    risk: 'high',
    duration_us: 121_000,
  });
  expect(JSON.parse(imported[0]?.body ?? '')).toMatchObject({
    imported: {
      ts: '2026-03-01T08:00:00+00:00',
      status: 'ok',
      params: { vm: 'web-1', password: '***' },
      approved_by: 'boss',
    },
  });
  expect(JSON.stringify(at.rows())).not.toContain('hunter2x');
  expect(imported[3]?.body).toContain('"bytes":20000');
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'intact' });
});

test('broken rows are named, in the answer and in the log, and the others come in', async () => {
  await using at = await logLab(1);
  const file = join(at.home.dir, 'python.db');
  const { insert, close } = family(file, { newer: false, strict: false });
  insert(row(1));
  insert([null, ...row(2).slice(1)]);
  insert(['yesterday', ...row(3).slice(1)]);
  close();
  expect(await at.change('import_audit_log', { file })).toMatchObject({
    added: 1,
    broken: 2,
    broken_rows: [
      { id: '2', why: expect.stringContaining('ts') },
      { id: '3', why: expect.stringContaining('it is no time') },
    ],
  });
  expect(at.rows().find(({ status }) => status === 'import')?.body).toContain('"broken":2');
});

test('a file without their table is not found', async () => {
  await using at = await logLab(1);
  for (const file of [at.home.auditDb, join(at.home.dir, 'no-such.db')])
    expect(await at.ask('import_audit_log', { file })).toMatchObject({ code: 'NOT_FOUND' });
});
