import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fill, freshHome, logLab } from '../../../test/audit/log-lab.js';
import { type Home, homeAt } from '../../home.js';

async function watched() {
  const at = await logLab(10);
  const state = join(mkdtempSync(join(tmpdir(), 'auditor-')), 'state.json');
  const look = () => at.read('watch_audit_log', { state });
  expect(await look()).toMatchObject({ verdict: 'intact', known: null });
  await fill(at.home, 10);
  expect(await look()).toMatchObject({ verdict: 'intact', known: 10, rows: 20 });
  return { ...at, state, look };
}

/** Puts a log of the same user, signed with the same or another key, in place of this one. */
async function replace(home: Home, rows: number, { sameKey }: { sameKey: boolean }) {
  const other = freshHome();
  if (sameKey) cpSync(home.auditKey, other.auditKey);
  await fill(other, rows);
  for (const file of ['audit.db', 'audit.db-wal', 'audit.db-shm', 'audit.anchor', 'audit.key'])
    rmSync(join(home.dir, file), { force: true });
  cpSync(other.dir, home.dir, { recursive: true });
}

test('a log that only grew, and was rotated, is intact', async () => {
  await using at = await watched();
  await at.change('rotate_audit_log', { keep: 3 });
  await fill(at.home, 5);
  expect(await at.look()).toMatchObject({ verdict: 'intact', known: 20 });
  await at.change('rotate_audit_log');
  expect(await at.look()).toMatchObject({ verdict: 'intact' });
});

test.each([
  ['cut', 15],
  ['rewritten', 20],
  ['rewritten and longer', 40],
])('a log that was %s by somebody with its key is found out, and stays so', async (_what, rows) => {
  await using at = await watched();
  await replace(at.home, rows, { sameKey: true });
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'intact' });
  const before = readFileSync(at.state, 'utf8');
  for (let i = 0; i < 2; i += 1) expect(await at.look()).toMatchObject({ verdict: 'tampered' });
  expect(readFileSync(at.state, 'utf8')).toBe(before);
});

test('another key is found out', async () => {
  await using at = await watched();
  await replace(at.home, 40, { sameKey: false });
  expect(await at.look()).toMatchObject({
    verdict: 'tampered',
    problem: expect.stringContaining('another one'),
  });
});

test('archives that are pruned with a row about them are gone, not tampered with', async () => {
  await using at = await watched();
  await at.change('rotate_audit_log');
  await at.look();
  await at.change('prune_audit_archives', { keep_size: '0KB' });
  expect(await at.look()).toMatchObject({ verdict: 'incomplete', lost: [{ why: 'pruned' }] });
});

test('a log that is gone is unreadable', async () => {
  await using at = await watched();
  rmSync(at.home.auditDb);
  expect(await at.look()).toMatchObject({ verdict: 'unreadable' });
});

test('a state that the owner of the log could forge is refused', async () => {
  await using at = await logLab(1);
  expect(
    await at.ask('watch_audit_log', { state: join(homeAt(at.home.dir).dir, 'state.json') }),
  ).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
});
