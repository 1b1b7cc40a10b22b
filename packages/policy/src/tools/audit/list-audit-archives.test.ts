import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';

test('archives are listed oldest first with what keeps them, a page at a time', async () => {
  await using at = await logLab(10);
  expect(await at.read('list_audit_archives')).toMatchObject({ items: [], total: 0 });
  await at.change('rotate_audit_log');
  await at.change('rotate_audit_log');
  await at.change('place_legal_hold', { name: 'case', from: '1h', reason: 'a case' });
  const first = await at.read('list_audit_archives', { limit: 1 });
  expect(first).toMatchObject({ items: [{ from: 1, to: 10, hold: 'case' }], total: 2 });
  expect(
    await at.read('list_audit_archives', { cursor: first['next_cursor'] as string }),
  ).toMatchObject({ items: [{ from: 11 }], truncated: false });
});
