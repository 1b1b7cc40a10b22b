import { expect, test } from 'vitest';
import { logLab } from '../../../test/audit/log-lab.js';

test('holds are listed by name, with no end where they have none', async () => {
  await using at = await logLab(1);
  expect(await at.read('list_legal_holds')).toMatchObject({ items: [] });
  await at.change('place_legal_hold', { name: 'b', from: '1h', reason: 'a case' });
  await at.change('place_legal_hold', { name: 'a', from: '2h', to: '1h', reason: 'a case' });
  expect(await at.read('list_legal_holds')).toMatchObject({
    items: [
      { name: 'a', to: expect.stringMatching(/Z$/) },
      { name: 'b', to: null, placed_by_row: 3 },
    ],
  });
});
