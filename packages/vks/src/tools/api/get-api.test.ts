import { expect, test } from 'vitest';
import { changesAt, lab } from '../../../test/lab.js';
import { getApi } from './get-api.js';

test('shows what the API answers, as it answers it', async () => {
  await using at = await lab();
  expect(
    await at.call(getApi, { path: '/api/vcenter/namespace-management/clusters' }),
  ).toMatchObject({
    status: 'done',
    output: { items: expect.any(Array) },
  });
});

test.each(['/wcp/login', '/api/session', '/ui/', 'https://elsewhere/api/x', '/api/../x'])(
  'does not ask for %s',
  async (path) => {
    await using at = await lab();
    const before = at.sim.vcenter.requests.length;
    expect(await at.call(getApi, { path })).toMatchObject({
      status: 'failed',
      code: 'INVALID_INPUT',
    });
    expect(at.sim.vcenter.requests.length).toBe(before);
  },
);

test('says what the API says of a path it does not have', async () => {
  await using at = await lab();
  expect(
    await at.call(getApi, { path: '/api/vcenter/namespace-management/clusters/no/such/thing' }),
  ).toMatchObject({
    status: 'failed',
    remedy: expect.any(String),
  });
  expect(changesAt(at.sim)).toEqual([]);
});
