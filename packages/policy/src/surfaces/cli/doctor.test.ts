import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lab } from '../../../test/lab.js';
import { openDatabase } from '../../audit/driver.js';
import { homeAt } from '../../home.js';
import { ownChecks } from './doctor.js';
import { examine } from './examine.js';

const states = async (...args: Parameters<typeof ownChecks>) =>
  Object.fromEntries((await examine(ownChecks(...args))).map(({ check, state }) => [check, state]));

test('a fresh machine and a machine in use are healthy', async () => {
  await using at = await lab();
  const fresh = homeAt(mkdtempSync(join(tmpdir(), 'doctor-')));
  expect(new Set(Object.values(await states(fresh, {})))).toEqual(new Set(['ok']));
  await at.call(at.tools.getCounter, { name: 'red' });
  expect(new Set(Object.values(await states(at.home, {})))).toEqual(new Set(['ok']));
});

test('what is wrong fails its own check and no other', async () => {
  await using at = await lab();
  await at.call(at.tools.getCounter, { name: 'red' });
  expect(await states(at.home, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject({
    'TLS verification': 'fail',
    Rules: 'ok',
  });
  at.rules('version: [');
  expect(await states(at.home, {})).toMatchObject({ Rules: 'fail', 'Audit log': 'ok' });
  const { db } = openDatabase(at.home.auditDb);
  db.exec('CREATE TABLE audit_log(id INTEGER)');
  expect(await states(at.home, {})).toMatchObject({ 'Audit log': 'warn' });
  db.exec("DROP TRIGGER event_is_append_only_update; UPDATE event SET actor = 'bob'");
  db.close();
  expect(await states(at.home, {})).toMatchObject({ 'Audit log': 'fail' });
  chmodSync(at.home.dir, 0o755);
  expect(await states(at.home, {})).toMatchObject({ 'State folder': 'fail' });
  writeFileSync(at.home.auditDb, 'no database');
  expect(await states(at.home, {})).toMatchObject({ 'Audit log': 'fail', 'SQLite driver': 'ok' });
});

test('every check that is not ok says what to do', async () => {
  await using at = await lab();
  at.rules('version: [');
  const findings = await examine(ownChecks(at.home, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }));
  const bad = findings.filter(({ state }) => state !== 'ok');
  expect(bad.map(({ check }) => check)).toEqual(['TLS verification', 'Rules']);
  for (const { remedy } of bad) expect(remedy).toMatch(/`.+`/);
});
