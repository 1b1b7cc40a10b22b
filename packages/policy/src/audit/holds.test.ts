import { rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { fill, freshHome } from '../../test/audit/log-lab.js';
import type { Archive } from './archives.js';
import { openDatabase } from './driver.js';
import { endless, holding, holdNamed, holds, placeHold, releaseHold } from './holds.js';
import { lastEvents } from './query.js';
import { migrations } from './schema.js';

function fresh() {
  const home = freshHome();
  onTestFinished(() => rmSync(home.dir, { recursive: true }));
  return home;
}

const january = {
  name: 'case-1',
  from_ts: '2026-01-01T00:00:00.000Z',
  to_ts: '2026-02-01T00:00:00.000Z',
  reason: 'Case 1',
};
const ever = { ...january, name: 'audit', to_ts: endless, reason: 'The audit' };

test('holds are listed by name, and each is placed and released by a signed row that says all of it', async () => {
  const home = fresh();
  await fill(home, 1);
  const first = await placeHold(home, january);
  const second = await placeHold(home, ever);
  expect([first, second]).toEqual([
    { ...january, placed_seq: 2 },
    { ...ever, placed_seq: 3 },
  ]);
  expect(holds(home)).toEqual([second, first]);
  expect(await releaseHold(home, 'case-1', 'Settled')).toEqual(first);
  expect(holds(home)).toEqual([second]);
  const { rows } = lastEvents(home, {}, 3);
  expect(rows.map(({ tool, status, body }) => [tool, status, JSON.parse(body)])).toEqual([
    ['place_legal_hold', 'held', { hold: january }],
    ['place_legal_hold', 'held', { hold: ever }],
    ['release_legal_hold', 'released', { hold: first, reason: 'Settled' }],
  ]);
  expect(endless).toBe('9999-12-31T23:59:59.999Z');
});

test('a name that is taken, and one that no hold has, are refused with what to do, and nothing is written', async () => {
  const home = fresh();
  await fill(home, 1);
  const hold = await placeHold(home, january);
  await expect(placeHold(home, { ...ever, name: 'case-1' })).rejects.toMatchObject({
    code: 'DUPLICATE_NAME',
    message: 'There is a legal hold "case-1" already.',
    remedy: 'Run `vmware-audit hold list`, and take another name.',
  });
  const unknown = {
    code: 'NOT_FOUND',
    message: 'There is no legal hold "case-2".',
    remedy: 'Run `vmware-audit hold list` to see their names.',
  };
  await expect(releaseHold(home, 'case-2', 'Settled')).rejects.toMatchObject(unknown);
  expect(() => holdNamed([hold], 'case-2')).toThrow(expect.objectContaining(unknown));
  expect(holdNamed([{ ...hold, name: 'a' }, hold], 'case-1')).toBe(hold);
  expect(holds(home)).toEqual([hold]);
  expect(lastEvents(home, {}, 9).total).toBe(2);
});

test('a log of the first schema has no holds', () => {
  const home = fresh();
  writeFileSync(home.auditDb, '', { mode: 0o600 });
  const { db } = openDatabase(home.auditDb);
  db.exec(migrations[0] ?? '');
  db.close();
  expect(holds(home)).toEqual([]);
});

test.each([
  ['ends before it begins', '2025-11-01', '2025-12-31T23:59:59.999Z', false],
  ['ends with its first instant', '2025-11-01', january.from_ts, true],
  ['is within it', '2026-01-10', '2026-01-11', true],
  ['is about it', '2025-12-01', '2026-03-01', true],
  ['begins with its last instant', january.to_ts, '2026-03-01', true],
  ['begins after it has ended', '2026-02-01T00:00:00.001Z', '2026-03-01', false],
])('an archive that %s', (_what, oldest, newest, isHeld) => {
  const hold = { ...january, placed_seq: 2 };
  const other = { ...hold, from_ts: '2030', to_ts: '2031' };
  expect(holding([other, hold], { oldest, newest } as Archive)).toBe(isHeld ? hold : undefined);
});
