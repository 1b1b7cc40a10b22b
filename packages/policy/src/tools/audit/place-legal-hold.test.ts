import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';

test('a hold is placed by a row that says why, once', async () => {
  await using at = await logLab(1);
  const wanted = { name: 'case-1', from: '2026-01-01', to: '2026-04-01', reason: 'Case 1' };
  expect(await at.change('place_legal_hold', wanted)).toMatchObject({
    name: 'case-1',
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-04-01T00:00:00.000Z',
  });
  expect(at.rows().find(({ status }) => status === 'held')).toMatchObject({
    phase: 'admin',
    body: expect.stringContaining('Case 1'),
  });
  expect(await at.ask('place_legal_hold', wanted, { dryRun: false })).toMatchObject({
    status: 'failed',
    code: 'DUPLICATE_NAME',
  });
});

test('a hold that ends before it begins is refused', async () => {
  await using at = await logLab(1);
  expect(
    await at.ask('place_legal_hold', { name: 'x', from: '1h', to: '2h', reason: 'a case' }),
  ).toMatchObject({ code: 'INVALID_INPUT' });
});
