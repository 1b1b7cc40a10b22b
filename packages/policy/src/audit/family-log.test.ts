import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './driver.js';
import { canonical, sha256Hex } from './event.js';
import { familyRows } from './family-log.js';

const dir = mkdtempSync(join(tmpdir(), 'family-'));
afterAll(() => rmSync(dir, { recursive: true }));

const row = {
  id: 7,
  ts: '2026-03-01T08:00:00+00:00',
  skill: 'aria',
  tool: 'vm_power_off',
  params: '{"vm": "web-1", "password": "hunter2x"}',
  result: 'done\u200b',
  status: 'ok',
  duration_ms: 120,
  agent: 'claude',
  workflow_id: 'w-1',
  user: 'ann',
  risk_level: 'high',
};
type Row = { readonly [K in keyof typeof row]: unknown } & Readonly<Record<string, unknown>>;

let files = 0;

/** A table as the Python programs make it, but of any values. */
function table(rows: readonly Row[], name = 'audit_log', settings = ''): string {
  files += 1;
  const file = join(dir, `${files}.db`);
  const { db } = openDatabase(file);
  const columns = Object.keys(rows[0] ?? row);
  db.exec(`${settings} CREATE TABLE ${name}(${columns.join(', ')})`);
  const insert = db.prepare(`INSERT INTO ${name} VALUES(${columns.map(() => '?').join(', ')})`);
  for (const one of rows) insert.run(...columns.map((column) => one[column]));
  if (settings === '') db.close();
  return file;
}

const read = (...rows: Row[]) => [...familyRows(table(rows))];

test('a row is of its user, tool and time, redacted and cleaned, with the digest of what it was', () => {
  const [found] = read(row);
  expect(found).toEqual({
    digest: sha256Hex(canonical(row)),
    draft: {
      op_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      phase: 'admin',
      skill: 'aria',
      tool: 'vm_power_off',
      target: '',
      environment: '',
      actor: 'ann',
      agent: 'claude',
      session: '',
      risk: 'high',
      decision: '',
      rule: '',
      rules_sha: '',
      args_sha: '',
      status: 'imported',
      duration_us: 120_000,
      body: {
        imported: {
          ...row,
          params: { vm: 'web-1', password: '***' },
          result: 'done',
          rationale: '',
          approved_by: '',
          risk_tier: '',
        },
      },
    },
  });
});

test('the columns that came later are taken where they are there', () => {
  const later = { rationale: 'why', approved_by: 'boss', risk_tier: 'T2' };
  expect(read({ ...row, ...later })).toMatchObject([{ draft: { body: { imported: later } } }]);
});

test('rows come in the order of their ids', () => {
  const found = read({ ...row, id: 2, tool: 'b' }, { ...row, id: 1, tool: 'a' });
  expect(found).toMatchObject([{ draft: { tool: 'a' } }, { draft: { tool: 'b' } }]);
});

const padded = (length: number) => `[${' '.repeat(length - 3)}1]`;

test.each<[string, string, unknown]>([
  ['JSON is told as it is', '{"a": [1]}', { a: [1] }],
  ['text that is none is told as text', 'done {', 'done {'],
  ['JSON of 8192 characters is told', padded(8_192), [1]],
  [
    'of a longer one its size and digest',
    padded(8_193),
    { bytes: 8_193, sha256: sha256Hex(padded(8_193)) },
  ],
  [
    'the size is in bytes',
    'ü'.repeat(8_193),
    { bytes: 16_386, sha256: sha256Hex('ü'.repeat(8_193)) },
  ],
])('of parameters and results %s', (_what, text, told) => {
  expect(read({ ...row, params: text, result: text })).toMatchObject([
    { draft: { body: { imported: { params: told, result: told } } } },
  ]);
});

test('a row that cannot be read is told by its id and everything that is wrong with it', () => {
  const nothing = 'Invalid input: expected string, received null';
  expect(
    read(
      { ...row, ts: 'yesterday', user: null },
      { ...row, id: 8 },
      { ...row, id: 'x', duration_ms: 1.5 },
    ),
  ).toEqual([
    { id: '7', why: `ts: it is no time; user: ${nothing}` },
    expect.objectContaining({ digest: expect.any(String) }),
    {
      id: 'x',
      why: 'id: Invalid input: expected number, received string; duration_ms: Invalid input: expected int, received number',
    },
  ]);
});

test.each([
  ['is not there', () => join(dir, 'no-such.db')],
  ['has another table', () => table([row], 'audit')],
])('a file that %s is refused with what to do, and none is made', (_what, make) => {
  const file = make();
  const was = existsSync(file);
  expect(() => [...familyRows(file)]).toThrow(
    expect.objectContaining({
      code: 'NOT_FOUND',
      message: `${file} has no table audit_log of the Python programs.`,
      remedy:
        'Name the file that has it: `vmware-audit import` reads ~/.vmware/audit.db otherwise.',
    }),
  );
  expect(existsSync(file)).toBe(was);
});

test('the file is only read, even one whose last rows are in its log of writes', () => {
  const open = table([row], 'audit_log', 'PRAGMA journal_mode = WAL;');
  const file = join(dir, 'copy.db');
  for (const side of ['', '-wal']) copyFileSync(`${open}${side}`, `${file}${side}`);
  const before = readFileSync(file);
  expect([...familyRows(file)]).toHaveLength(1);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(existsSync(`${file}-wal`)).toBe(true);
});
