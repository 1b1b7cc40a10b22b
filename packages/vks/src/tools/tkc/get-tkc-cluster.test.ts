import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getTkcCluster } from './get-tkc-cluster.js';

const web = { name: 'web', namespace: 'dev' };

test.each([[['v1beta2', 'v1beta1']], [['v1beta1']]])(
  'a cluster is told whole, served as %s',
  async (versions) => {
    await using at = await lab({ serve: { 'cluster.x-k8s.io': versions } });
    const cluster = await read(at, getTkcCluster, web);
    expect(cluster).toMatchObject({
      phase: 'Provisioned',
      k8s_version: expect.stringMatching(/^v1\.\d+\.\d+\+vmware/),
      endpoint: expect.stringMatching(/:\d+$/),
      infrastructure_ready: true,
      control_plane_ready: true,
      paused: false,
    });
    expect(cluster.cluster_class).toMatch(/\w/);
    expect(cluster.pools.map(({ name }) => name)).toEqual(['workers', 'batch']);
    expect(cluster.conditions.length).toBeGreaterThan(0);
  },
);

test('a name with a slip is answered with the nearest in the namespace', async () => {
  await using at = await lab();
  expect(await problemOf(at, getTkcCluster, { name: 'wbe', namespace: 'dev' })).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('did you mean web'),
    remedy: expect.stringContaining('vmware-vks tkc list -n dev'),
  });
});

test('a cluster that is only begun is told as far as it is known', async () => {
  await using at = await lab();
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'stuck',
    version: 'v1.31.4',
    pools: [],
    stuck: 'network',
  });
  expect(await read(at, getTkcCluster, { name: 'stuck', namespace: 'dev' })).toMatchObject({
    endpoint: null,
    control_plane_ready: false,
    worker_replicas: 0,
  });
});
