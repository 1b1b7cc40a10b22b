import { expect, test } from 'vitest';
import { changesAt, lab } from '../../../test/lab.js';
import { getApi } from './get-api.js';

test('shows what the API answers, as it answers it', async () => {
  await using nsx = await lab();
  expect(await nsx.call(getApi, { path: '/policy/api/v1/infra/services/HTTPS' })).toMatchObject({
    status: 'done',
    output: { id: 'HTTPS' },
  });
});

test.each(['/api/session/create', '/api/session', '/ui/', 'https://elsewhere/api/x', '/api/../x'])(
  'does not ask for %s',
  async (path) => {
    await using nsx = await lab();
    const before = nsx.sim.requests.length;
    expect(await nsx.call(getApi, { path })).toMatchObject({
      status: 'failed',
      code: 'INVALID_INPUT',
    });
    expect(nsx.sim.requests.length).toBe(before);
  },
);

test('says what the API says of a path it does not have', async () => {
  await using nsx = await lab();
  expect(
    await nsx.call(getApi, { path: '/policy/api/v1/infra/services/HTTPS/no/such/thing' }),
  ).toMatchObject({
    status: 'failed',
    remedy: expect.any(String),
  });
  expect(changesAt(nsx.sim)).toEqual([]);
});
