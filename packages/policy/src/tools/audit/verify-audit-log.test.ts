import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('an intact log says how many rows it has', async () => {
  await using at = await labWithTools();
  expect(await at.read('verify_audit_log')).toMatchObject({
    verdict: 'intact',
    rows: 3,
    in_doubt: 0,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a log that was tampered with says so and names the first bad row', async () => {
  await using at = await labWithTools();
  at.tamper("UPDATE event SET actor = 'bob' WHERE seq = 2");
  expect(await at.read('verify_audit_log')).toMatchObject({
    verdict: 'tampered',
    problem: expect.stringContaining('Row 2'),
    first_bad_row: 2,
    rows: 1,
    remedy: expect.stringContaining('vmware-audit restore'),
  });
});

test('without a log the verdict is unreadable, not intact', async () => {
  await using at = await labWithTools();
  rmSync(at.home.auditDb);
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'unreadable' });
});

test('a row to begin at that is not there is refused', async () => {
  await using at = await labWithTools();
  expect(await at.read('verify_audit_log', { from: 3 })).toMatchObject({ rows: 1 });
  expect(await at.ask('verify_audit_log', { from: 4 })).toMatchObject({ code: 'INVALID_INPUT' });
});

test('it works where rules.yaml does not', async () => {
  await using at = await labWithTools();
  at.rules('version: [');
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'intact' });
});
