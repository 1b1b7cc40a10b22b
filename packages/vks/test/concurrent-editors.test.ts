import { withoutRelease } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { getTkcCluster } from '../src/tools/tkc/get-tkc-cluster.js';
import { scaleTkcCluster } from '../src/tools/tkc/scale-tkc-cluster.js';
import { upgradeTkcCluster } from '../src/tools/tkc/upgrade-tkc-cluster.js';
import { read } from './answer.js';
import { changesAt, lab } from './lab.js';
import { usableVersions } from './versions.js';

const pools = ['a', 'b', 'c', 'd'];
const big = { name: 'big', namespace: 'dev' };

/** Repeats a change until it went through: what came in between is not lost, it is seen and planned anew. */
async function persist(
  attempt: () => Promise<{ status: string; code?: string }>,
  seen: Map<string, number>,
) {
  for (;;) {
    const { status, code } = await attempt();
    seen.set(code ?? status, (seen.get(code ?? status) ?? 0) + 1);
    if (status === 'done') return;
    if (!['CONFLICT', 'preview', 'BLOCKED'].includes(code ?? status))
      throw new Error(`${status} ${code}`);
  }
}

test('of 1,000 scale and upgrade calls at once no pool and no update is lost', async () => {
  await using at = await lab();
  const versions = await usableVersions(at);
  const [from = '', to = ''] = versions
    .filter((one) => one.startsWith('v1.31.') || one.startsWith('v1.32.'))
    .slice(-2);
  const [supervisor] = at.sim.supervisors;
  await supervisor?.addCluster({
    namespace: 'dev',
    name: 'big',
    version: from,
    pools: pools.map((name) => ({ name, replicas: 1, vmClass: 'best-effort-xsmall' })),
  });
  const seen = new Map<string, number>();
  const how = { dryRun: false, confirmed: true };
  const last = new Map<string, number>();
  // Each editor has a pool of its own and changes it 249 times; one upgrades. Every plan carries every pool.
  const editors = pools.map(async (pool_name, editor) => {
    for (let n = 0; n < 249; n += 1) {
      const worker_count = 1 + ((n + editor) % 3);
      await persist(
        async () =>
          (await at.call(scaleTkcCluster, { ...big, pool_name, worker_count }, how)) as never,
        seen,
      );
      last.set(pool_name, worker_count);
    }
  });
  const upgrades = Array.from({ length: 4 }, () =>
    persist(
      async () => (await at.call(upgradeTkcCluster, { ...big, k8s_version: to }, how)) as never,
      seen,
    ),
  );
  await Promise.all([...editors, ...upgrades]);

  const cluster = await read(at, getTkcCluster, big);
  expect(cluster.k8s_version).toBe(withoutRelease(to));
  expect(cluster.pools.map(({ name, replicas }) => [name, replicas])).toEqual(
    pools.map((name) => [name, last.get(name)]),
  );
  expect(seen.get('done')).toBe(1000);
  // They did get in each other's way; otherwise this would show nothing.
  expect(seen.get('CONFLICT') ?? 0).toBeGreaterThan(20);
  for (const request of changesAt(at.sim)) expect(request).toContain('"resourceVersion"');
}, 300_000);
