import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { usableVersions } from '../../../test/versions.js';
import { getClusterHealth } from './get-cluster-health.js';

test('a cluster that is well has no problems, and its nodes and certificates are told', async () => {
  await using at = await lab();
  const health = await read(at, getClusterHealth, { name: 'web', namespace: 'dev' });
  expect(health).toMatchObject({ healthy: true, problems: [], phase: 'Provisioned', unseen: [] });
  expect(health.nodes?.length).toBe(health.machines.total);
  expect(health.nodes?.every(({ ready }) => ready)).toBe(true);
  expect(health.certificates[0]?.days_left).toBeGreaterThan(300);
});

test.each(['network', 'image', 'quota', 'failed'] as const)(
  'a cluster that is stuck (%s) says why',
  async (stuck) => {
    await using at = await lab();
    const [version = ''] = await usableVersions(at);
    await at.sim.supervisors[0]?.addCluster({
      namespace: 'dev',
      name: 'stuck',
      version,
      pools: [{ name: 'workers', replicas: 2 }],
      stuck,
    });
    const health = await read(at, getClusterHealth, { name: 'stuck', namespace: 'dev' });
    expect(health.healthy).toBe(false);
    expect(health.problems.length).toBeGreaterThan(0);
    expect(health.events.length).toBeGreaterThan(0);
  },
);

test('nodes that cannot be asked for are null, with why', async () => {
  await using at = await lab();
  at.sim.kubeFaults.add({
    match: { method: 'GET /api/v1/nodes' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  const health = await read(at, getClusterHealth, { name: 'web', namespace: 'dev' });
  expect(health.nodes).toBeNull();
  expect(health.unseen[0]).toContain('nodes: ');
});
