import { sameVersion } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { usableVersions } from '../../../test/versions.js';
import { createTkcCluster } from './create-tkc-cluster.js';
import { getTkcAvailableVersions } from './get-tkc-available-versions.js';
import { getTkcCluster } from './get-tkc-cluster.js';

const base = {
  name: 'new',
  namespace: 'dev',
  k8s_version: 'v1.32',
  vm_class: 'best-effort-medium',
  storage_class: 'gold',
};

test('a cluster is made of the newest usable release of the version that was named', async () => {
  await using at = await lab();
  const made = await change(at, createTkcCluster, base);
  const versions = (await usableVersions(at)).filter((version) => version.startsWith('v1.32.'));
  expect(made).toMatchObject({
    status: 'creating',
    cluster_class: expect.stringMatching(/^builtin-generic/),
  });
  expect(sameVersion(made.k8s_version, versions.at(-1) ?? '', { loose: true })).toBe(true);
  await at.advance(600_000);
  expect(await read(at, getTkcCluster, { name: 'new', namespace: 'dev' })).toMatchObject({
    phase: 'Provisioned',
    control_plane_replicas: 1,
    worker_replicas: 3,
    pools: [{ name: 'worker-pool', replicas: 3, vm_class: 'best-effort-medium' }],
  });
});

test.each([[['v1beta2', 'v1beta1']], [['v1beta1']]])(
  'pools, autoscaling, volumes, proxy, trust and variables arrive, served as %s',
  async (versions) => {
    await using at = await lab({ serve: { 'cluster.x-k8s.io': versions } });
    const outcome = await at.change(createTkcCluster, {
      ...base,
      control_plane_count: 3,
      pools: [
        { name: 'general', replicas: 2 },
        {
          name: 'burst',
          autoscale: { min: 0, max: 4 },
          vm_class: 'best-effort-large',
          volumes: [{ name: 'data', mount_path: '/var/lib/data', capacity_gib: 50 }],
        },
      ],
      volumes: [{ name: 'containerd', mount_path: '/var/lib/containerd', capacity_gib: 30 }],
      proxy: {
        http: 'http://proxy.corp.test:3128',
        https: 'http://proxy.corp.test:3128',
        no_proxy: ['.corp.test'],
      },
      trusted_cas: ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
      pod_cidr: '100.96.0.0/11',
      service_cidr: '100.64.0.0/13',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const cluster = await read(at, getTkcCluster, { name: 'new', namespace: 'dev' });
    expect(cluster.pools).toMatchObject([
      { name: 'general', replicas: 2, autoscale: null },
      {
        name: 'burst',
        replicas: null,
        autoscale: { min: 0, max: 4 },
        vm_class: 'best-effort-large',
      },
    ]);
    const [body = ''] = changesAt(at.sim).map((request) => request.slice(request.indexOf('{')));
    for (const text of [
      '"100.96.0.0/11"',
      '"/var/lib/data"',
      '"/var/lib/containerd"',
      'proxy.corp.test:3128',
      'BEGIN CERTIFICATE',
    ])
      expect(body).toContain(text);
  },
);

test('what is wrong is said before anything is made, each with the nearest that would do', async () => {
  await using at = await lab();
  const blockers = async (more: object) =>
    (await planOf(at, createTkcCluster, { ...base, ...more })).blockers;
  expect((await blockers({ name: 'web' }))[0]).toContain('There is a cluster web in dev already.');
  expect((await blockers({ vm_class: 'best-effort-medum' }))[0]).toContain(
    'near it: best-effort-medium',
  );
  expect((await blockers({ storage_class: 'glod' }))[0]).toContain('near it: gold');
  expect((await blockers({ pod_cidr: '10.244.0.0/16' }))[0]).toContain(
    'overlaps what the Supervisor supervisor-a uses',
  );
  expect((await blockers({ worker_count: 100 }))[0]).toMatch(
    /Memory: 1 × 8192 \+ 100 × 8192 = 827392 MiB .* MiB too little\./,
  );
  expect((await blockers({ variables: { nonsense: 1 } }))[0]).toContain('has no variable nonsense');
  expect((await blockers({ pools: [{ name: 'a', replicas: 1, class: 'big' }] }))[0]).toContain(
    'no worker class big',
  );
  expect(changesAt(at.sim)).toEqual([]);
});

test('a release that is not usable is refused with its reason', async () => {
  await using at = await lab();
  const { versions } = await read(at, getTkcAvailableVersions, { namespace: 'dev', all: true });
  const bad = versions.find(({ compatible }) => compatible === false);
  const { blockers } = await planOf(at, createTkcCluster, {
    ...base,
    k8s_version: bad?.version ?? '',
  });
  expect(blockers[0]).toMatch(/is not (ready|compatible)/);
});

test.each([
  [{ k8s_version: 'v1.99' }, 'There is no Kubernetes release v1.99'],
  [{ cluster_class: 'builtin-generic-v9' }, 'There is no ClusterClass builtin-generic-v9'],
  [{ storage_class: undefined }, 'has more than one storage class: gold, silver'],
  [
    { pools: [{ name: 'a', replicas: 1, autoscale: { min: 0, max: 1 } }] },
    'needs replicas or autoscale',
  ],
  [
    { pools: [{ name: 'a', autoscale: { min: 3, max: 1 } }] },
    'autoscale.min 3 is more than autoscale.max 1',
  ],
  [
    {
      pools: [
        { name: 'a', replicas: 1 },
        { name: 'a', replicas: 2 },
      ],
    },
    'Two pools are called a.',
  ],
  [{ pod_cidr: '10.0.0.0' }, 'is not a range of addresses'],
  [{ control_plane_count: 2 }, 'must be 1, 3 or 5'],
  [{ namespace: 'nowhere' }, 'There is no vSphere Namespace nowhere'],
])('%j is refused', async (more, said) => {
  await using at = await lab();
  const problem = await problemOf(at, createTkcCluster, { ...base, ...more } as never);
  expect(`${problem.message} ${problem.remedy}`).toContain(said);
  expect(changesAt(at.sim)).toEqual([]);
});

test('the Supervisor is asked before the plan is shown, and what it refuses is a blocker in its words', async () => {
  await using at = await lab();
  const { blockers } = await planOf(at, createTkcCluster, { ...base, variables: { vmClass: 42 } });
  expect(blockers[0]).toMatch(/^the Supervisor supervisor-a would refuse it \(\w+\): .*vmClass/);
  expect(at.sim.kubeRequests.some(({ target }) => target.includes('dryRun=All'))).toBe(true);
});

test('a namespace that is still being configured has to be waited for', async () => {
  await using at = await lab();
  const namespace = at.sim.world.namespaces.get('dev');
  if (namespace) namespace.configStatus = 'CONFIGURING';
  const { blockers } = await planOf(at, createTkcCluster, base);
  expect(blockers).toContain('The namespace dev is CONFIGURING, not RUNNING.');
});
