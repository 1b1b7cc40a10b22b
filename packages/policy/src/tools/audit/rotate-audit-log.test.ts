import { expect, test } from 'vitest';
import { fill, logLab } from '../../../test/audit/log-lab.js';

test('the newest rows stay, the rest is sealed, and a preview moves nothing', async () => {
  await using at = await logLab(30);
  expect(await at.plan('rotate_audit_log', { keep: 10 })).toMatchObject({
    changes: [expect.stringContaining('newest 10'), expect.stringContaining('SHA-256')],
  });
  expect(await at.read('list_audit_archives')).toMatchObject({ items: [] });
  expect(await at.change('rotate_audit_log', { keep: 10 })).toMatchObject({
    items: [{ file: '0000000001-0000000022.db', from: 1, to: 22 }],
  });
  expect(await at.read('verify_audit_log')).toMatchObject({ verdict: 'intact', archives: 1 });
  expect(at.rows().map(({ phase }) => phase)).toContain('seal');
});

test('rows since a time stay', async () => {
  await using at = await logLab(5);
  expect(await at.change('rotate_audit_log', { before: '1h' })).toEqual({ items: [] });
  await fill(at.home, 2);
  const later = new Date(Date.now() + 60_000).toISOString();
  expect(await at.change('rotate_audit_log', { before: later })).toMatchObject({
    items: [{ from: 1 }],
  });
});
