import { expect, test } from 'vitest';
import { fill, logLab, tamper } from '../../../test/audit/log-lab.js';

test('a change whose program died is listed until its outcome is known, from archives too', async () => {
  await using at = await logLab(3);
  await fill(at.home, 1, { op_id: 'dead', phase: 'intent', tool: 'raise_counter' });
  await fill(at.home, 1, { op_id: 'late', phase: 'intent', tool: 'raise_counter' });
  tamper(at.home.auditDb, "UPDATE pending SET owner = 'another-boot/1/1'");
  expect(await at.change('reconcile_audit_log')).toMatchObject({
    items: [{ operation: 'dead', tool: 'raise_counter' }, { operation: 'late' }],
  });
  await at.change('rotate_audit_log');
  await fill(at.home, 1, { op_id: 'late', phase: 'outcome', tool: 'raise_counter' });
  expect(await at.change('reconcile_audit_log')).toMatchObject({
    items: [{ operation: 'dead' }],
    marked: 0,
  });
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'incomplete', in_doubt: 1 });
});
