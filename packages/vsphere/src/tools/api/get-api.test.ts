import { expect, test } from 'vitest';
import { changesAt, lab } from '../../../test/lab.js';
import { getApi } from './get-api.js';

test('shows what the API answers, as it answers it', async () => {
  await using vc = await lab();
  expect(await vc.call(getApi, { path: '/api/cis/tagging/tag' })).toMatchObject({
    status: 'done',
    output: {
      items: expect.arrayContaining([expect.stringContaining('urn:vmomi:InventoryServiceTag:')]),
    },
  });
});

test.each([
  '/rest/com/vmware/cis/session',
  '/api/session',
  '/ui/',
  'https://elsewhere/api/x',
  '/api/../x',
])('does not ask for %s', async (path) => {
  await using vc = await lab();
  const before = vc.sim.requests.length;
  expect(await vc.call(getApi, { path })).toMatchObject({
    status: 'failed',
    code: 'INVALID_INPUT',
  });
  expect(vc.sim.requests.length).toBe(before);
});

test('says what the API says of a path it does not have', async () => {
  await using vc = await lab();
  expect(await vc.call(getApi, { path: '/api/cis/tagging/tag/no/such/thing' })).toMatchObject({
    status: 'failed',
    remedy: expect.any(String),
  });
  expect(changesAt(vc.sim)).toEqual([]);
});
