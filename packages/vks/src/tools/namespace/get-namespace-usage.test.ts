import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getNamespaceUsage } from './get-namespace-usage.js';

test('use is told against limits, and no limit is null', async () => {
  await using at = await lab();
  const usage = await read(at, getNamespaceUsage, { name: 'dev' });
  expect(usage).toMatchObject({
    cpu_mhz: { limit: 40_000, used: 12_400, left: 27_600, percent: 31 },
    memory_mib: { limit: 262_144, used: 81_920, left: 180_224, percent: 31.3 },
    storage_mib: { limit: null, used: 204_800, left: null, percent: null },
    unseen: [],
  });
  expect(usage.quotas?.some(({ resource }) => resource.includes('requests.storage'))).toBe(true);
});

test('where every storage policy has a limit their sum is the limit', async () => {
  await using at = await lab();
  expect(await read(at, getNamespaceUsage, { name: 'prod' })).toMatchObject({
    storage_mib: { limit: 4_194_304, used: 1_572_864, percent: 37.5 },
  });
});

test('quotas that cannot be read are null and said to be unseen', async () => {
  await using at = await lab();
  at.sim.kubeFaults.add({
    match: { method: 'GET /api/v1/namespaces/{}/resourcequotas' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const usage = await read(at, getNamespaceUsage, { name: 'dev' });
  expect(usage.quotas).toBeNull();
  expect(usage.unseen[0]).toContain('quotas: ');
  expect(usage.memory_mib.used).toBe(81_920);
});
