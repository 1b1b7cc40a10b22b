import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';

test('a hold is released by a row that says why, and a preview leaves it', async () => {
  await using at = await logLab(1);
  await at.change('place_legal_hold', { name: 'case-1', from: '1h', reason: 'Case 1' });
  const wanted = { name: 'case-1', reason: 'Closed' };
  await at.plan('release_legal_hold', wanted);
  expect(await at.read('list_legal_holds')).toMatchObject({ returned: 1 });
  await at.change('release_legal_hold', wanted);
  expect(await at.read('list_legal_holds')).toMatchObject({ returned: 0 });
  expect(at.rows().find(({ status }) => status === 'released')).toMatchObject({
    body: expect.stringContaining('Closed'),
  });
});

test('a hold that is not there cannot be released', async () => {
  await using at = await logLab(1);
  expect(await at.ask('release_legal_hold', { name: 'no-such', reason: 'a case' })).toMatchObject({
    code: 'NOT_FOUND',
  });
});
