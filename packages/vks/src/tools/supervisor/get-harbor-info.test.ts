import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getHarborInfo } from './get-harbor-info.js';

test('a registry is told with its health and what it uses', async () => {
  await using at = await lab();
  expect(await read(at, getHarborInfo, {})).toEqual({
    registries: [
      {
        id: 'harbor-1',
        cluster: 'domain-c8',
        version: '2.9.4',
        url: 'https://10.30.0.12',
        status: 'RUNNING',
        storage_used_mb: 51_200,
        storage_capacity_mb: 204_800,
      },
    ],
    hint: null,
  });
});

test('what one registry does not tell is null, and the registry is still there', async () => {
  await using at = await lab();
  at.sim.vcenter.faults.add({
    match: { method: 'GET /api/vcenter/content/registries/harbor/{}' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const { registries } = await read(at, getHarborInfo, {});
  expect(registries).toMatchObject([{ id: 'harbor-1', status: null, storage_used_mb: null }]);
});
