import { expect, test } from 'vitest';
import { withMetadata } from '../src/kube/convert.js';
import { faultsOf, pruned } from '../src/kube/schema.js';
import { plantVirtualMachine } from '../src/kube/vm-seed.js';
import type { Stuck } from '../src/kube/world.js';
import { clusters, isTrue, Lab, newCluster, oldClusters } from './kube-wire.js';

const web = `${clusters}/web`;
const of = (plural: string) => clusters.replace('/clusters', `/${plural}`);
const step = 10_000;

/** Lets one step after the other pass, and what the cluster looks like after each. */
async function stages<T>(lab: Lab, look: () => Promise<T>, most = 40): Promise<T[]> {
  const seen: T[] = [];
  for (let at = 0; at < most; at += 1) {
    await lab.pass(step);
    const now = await look();
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
  }
  return seen;
}

test('a new cluster goes from Pending to Provisioned and becomes available', async () => {
  await using lab = await Lab.open();
  expect((await lab.post(clusters, newCluster('web'))).json.status?.phase).toBeUndefined();
  const seen = await stages(lab, async () => {
    const { json } = await lab.get(web);
    const { phase } = json.status;
    return [
      phase,
      ...(json.status.conditions && isTrue(json, 'Available') ? ['available'] : []),
    ].join();
  });
  expect(seen).toEqual(['Pending', 'Provisioning', 'Provisioned', 'Provisioned,available']);
  const { json } = await lab.get(web);
  for (const type of ['ControlPlaneAvailable', 'WorkersAvailable', 'InfrastructureReady'])
    expect(isTrue(json, type)).toBe(true);
  expect(json.status).toMatchObject({
    observedGeneration: json.metadata.generation,
    initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
    controlPlane: { desiredReplicas: 1, readyReplicas: 1 },
    workers: { desiredReplicas: 2, readyReplicas: 2 },
  });
  expect(json.spec.controlPlaneEndpoint.host).toBe('127.0.0.1');
  const { json: old } = await lab.get(`${oldClusters}/web`);
  for (const type of ['Ready', 'ControlPlaneReady', 'InfrastructureReady'])
    expect(isTrue(old, type)).toBe(true);
  expect(old.status).toMatchObject({ infrastructureReady: true, controlPlaneReady: true });
});

test('nothing happens before its time', async () => {
  await using lab = await Lab.open({ provisionMilliseconds: 6_000_000 });
  await lab.post(clusters, newCluster('web'));
  await lab.pass(step);
  expect((await lab.get(web)).json.status).toBeUndefined();
});

test('a cluster has machines, what they run in, secrets and an address', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    controlPlaneReplicas: 3,
    pools: [
      { name: 'workers', replicas: 2 },
      { name: 'batch', replicas: 3, vmClass: 'guaranteed-large', autoscale: { min: 1, max: 5 } },
    ],
  });
  const { json: machines } = await lab.get(of('machines'));
  expect(machines.items).toHaveLength(8);
  const withExpiry = machines.items.filter(
    ({ status }: { status: object }) => 'certificatesExpiryDate' in status,
  );
  expect(withExpiry).toHaveLength(3);
  const { json: vms } = await lab.get(
    '/apis/vmoperator.vmware.com/v1alpha5/namespaces/dev/virtualmachines',
  );
  const large = vms.items.filter(
    ({ spec }: { spec: { className: string } }) => spec.className === 'guaranteed-large',
  );
  expect(large).toHaveLength(3);
  const { json: secrets } = await lab.get('/api/v1/namespaces/dev/secrets');
  expect(secrets.items.map((one: { metadata: { name: string } }) => one.metadata.name)).toEqual([
    'web-kubeconfig',
    'web-ssh',
    'web-ssh-password',
  ]);
  const service = '/apis/vmoperator.vmware.com/v1alpha5/namespaces/dev/virtualmachineservices/web';
  expect((await lab.get(service)).json.status.loadBalancer.ingress).toEqual([{ ip: '127.0.0.1' }]);
  const { json } = await lab.get(web);
  expect(isTrue(json, 'Available')).toBe(true);
  const [, batch] = json.spec.topology.workers.machineDeployments;
  expect(batch).not.toHaveProperty('replicas');
});

test('a pool is scaled up and down, and pools come and go', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    pools: [{ name: 'workers', replicas: 1 }],
  });
  const scaled = (...pools: { name: string; replicas: number }[]) => ({
    spec: {
      topology: {
        workers: { machineDeployments: pools.map((pool) => ({ class: 'node-pool', ...pool })) },
      },
    },
  });
  const workers = async () => {
    const { json } = await lab.get(web);
    const { replicas, readyReplicas } = json.status.workers;
    return `${readyReplicas}/${replicas}`;
  };
  await lab.patch(web, scaled({ name: 'workers', replicas: 3 }));
  await lab.pass(step);
  expect(isTrue((await lab.get(web)).json, 'ScalingUp')).toBe(true);
  expect((await stages(lab, workers)).at(-1)).toBe('3/3');
  await lab.patch(web, scaled({ name: 'workers', replicas: 1 }, { name: 'batch', replicas: 2 }));
  expect((await stages(lab, workers)).at(-1)).toBe('3/3');
  expect((await lab.get(of('machinedeployments'))).json.items).toHaveLength(2);
  await lab.patch(web, scaled({ name: 'batch', replicas: 2 }));
  expect((await stages(lab, workers)).at(-1)).toBe('2/2');
  expect((await lab.get(of('machinedeployments'))).json.items).toHaveLength(1);
  expect((await lab.get(of('machines'))).json.items).toHaveLength(3);
});

test('an upgrade replaces the control plane first, then the workers, one at a time', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    pools: [{ name: 'workers', replicas: 2 }],
  });
  const { status } = await lab.patch(web, { spec: { topology: { version: 'v1.32.0' } } });
  expect(status).toBe(200);
  const seen = await stages(lab, async () => {
    const { json: machines } = await lab.get(of('machines'));
    const versions = { plane: '', workers: '' };
    for (const { metadata, spec } of machines.items)
      versions['cluster.x-k8s.io/control-plane' in metadata.labels ? 'plane' : 'workers'] +=
        spec.version.startsWith('v1.32') ? 'n' : 'o';
    const { json } = await lab.get(web);
    return { ...versions, rolling: isTrue(json, 'RollingOut') };
  });
  const sorted = (text: string) => [...text].sort().join('');
  const untouched = seen.findIndex(({ plane }) => plane === 'n');
  expect(seen.slice(0, untouched).every(({ workers }) => workers === 'oo')).toBe(true);
  expect(seen.every(({ workers }) => workers.length <= 3)).toBe(true);
  expect(seen.map(({ workers }) => sorted(workers))).toContain('no');
  expect(seen.some(({ rolling }) => rolling)).toBe(true);
  expect(seen.at(-1)).toEqual({ plane: 'n', workers: 'nn', rolling: false });
});

test('a deleted cluster is Deleting until its machines are gone, and then all of it is', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    pools: [{ name: 'workers', replicas: 2 }],
    workloads: {
      claims: [{ namespace: 'shop', name: 'data', storage: '1Gi', storageClass: 'gold-policy' }],
    },
  });
  const claims = '/api/v1/namespaces/dev/persistentvolumeclaims';
  expect((await lab.get(claims)).json.items).toHaveLength(1);
  await lab.delete(web);
  const seen = await stages(lab, async () => {
    const { status, json } = await lab.get(web);
    return status === 404 ? 'gone' : json.status.phase;
  });
  expect(seen.slice(-2)).toEqual(['Deleting', 'gone']);
  for (const path of [of('machines'), of('machinedeployments'), claims])
    expect((await lab.get(path)).json.items).toEqual([]);
  expect((await lab.get('/api/v1/namespaces/dev/secrets')).json.items).toEqual([]);
  expect(lab.api.guest('dev', 'web')).toBeUndefined();
});

test('a paused cluster stays as it is until it is no longer paused', async () => {
  await using lab = await Lab.open();
  await lab.post(clusters, newCluster('web', {}, { paused: true }));
  await lab.pass(1_000_000);
  expect((await lab.get(of('machines'))).json.items).toEqual([]);
  await lab.patch(web, { spec: { paused: null } });
  await lab.pass(1_000_000);
  expect(isTrue((await lab.get(web)).json, 'Available')).toBe(true);
});

test('an autoscaled pool is what its MachineDeployment is told to be', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    pools: [{ name: 'batch', replicas: 2, autoscale: { min: 1, max: 5 } }],
  });
  const { json } = await lab.get(of('machinedeployments'));
  const [{ metadata, spec }] = json.items;
  expect(spec.replicas).toBe(2);
  await lab.patch(`${of('machinedeployments')}/${metadata.name}`, { spec: { replicas: 4 } });
  await lab.pass(1_000_000);
  expect((await lab.get(web)).json.status.workers).toMatchObject({ replicas: 4, readyReplicas: 4 });
});

const reasons: [Stuck, string, RegExp, string][] = [
  ['network', 'Provisioning', /No IP address is left/, 'InfrastructureReady'],
  ['image', 'Provisioned', /not synchronised/, 'ControlPlaneInitialized'],
  ['quota', 'Provisioned', /exceeded quota/, 'WorkersAvailable'],
  ['failed', 'Failed', /etcd has no quorum/, 'Available'],
];

test.each(reasons)(
  'a cluster without %s gets no further than %s and says why',
  async (stuck, phase, why, type) => {
    await using lab = await Lab.open();
    const pools = [{ name: 'workers', replicas: 1 }];
    await lab.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools, stuck });
    await lab.pass(10_000_000);
    const { json } = await lab.get(web);
    expect(json.status.phase).toBe(phase);
    expect(isTrue(json, 'Available')).toBe(false);
    const condition = json.status.conditions.find((one: { type: string }) => one.type === type);
    expect(condition).toMatchObject({ status: 'False', message: expect.stringMatching(why) });
    const query = 'fieldSelector=involvedObject.name%3Dweb,type%3DWarning';
    const { json: events } = await lab.get(`/api/v1/namespaces/dev/events?${query}`);
    expect(events.items[0].message).toMatch(why);
  },
);

test('a namespace that goes takes its clusters with it', async () => {
  await using lab = await Lab.open();
  const pools = [{ name: 'workers', replicas: 1 }];
  await lab.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools });
  const dev = lab.site.namespaces.get('dev');
  if (!dev) throw new Error('There is no dev.');
  dev.configStatus = 'REMOVING';
  lab.site.emit('namespace', dev);
  expect((await lab.get(web)).json.metadata.deletionTimestamp).toBeDefined();
  lab.site.namespaces.delete('dev');
  lab.site.emit('namespace-gone', dev);
  expect((await lab.get('/apis/cluster.x-k8s.io/v1beta2/clusters')).json.items).toEqual([]);
  expect(lab.api.guest('dev', 'web')).toBeUndefined();
});

test('every object is of the shape that its kind has, in every version', async () => {
  await using lab = await Lab.open();
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version: 'v1.31.4',
    pools: [{ name: 'batch', replicas: 1, vmClass: 'guaranteed-large' }],
    workloads: { loadBalancers: [{ namespace: 'shop', name: 'front', address: '10.0.0.9' }] },
  });
  await lab.post(clusters, newCluster('new'));
  await lab.pass(3 * step);
  plantVirtualMachine(lab.api.world, {
    namespace: 'dev',
    name: 'db',
    className: 'best-effort-small',
    storageClass: 'gold-policy',
    snapshots: ['before-upgrade'],
    group: 'shop',
    addresses: ['10.244.9.10', '10.244.9.11'],
  });
  const wrong: string[] = [];
  const looked: string[] = [];
  for (const kind of lab.api.world.kinds.all)
    for (const { name: version, schema } of kind.versions) {
      if (!schema) continue;
      const { json } = await lab.get(`/apis/${kind.group}/${version}/${kind.plural}`);
      for (const item of json.items) {
        const at = `${kind.kind} ${version} ${item.metadata.name}`;
        const unknown: string[] = [];
        pruned(item, withMetadata(schema), '', unknown);
        wrong.push(...unknown.map((field) => `${at}: ${field}`));
        wrong.push(
          ...faultsOf(item, schema, '').map(({ field, message }) => `${at}: ${field}: ${message}`),
        );
      }
      if (json.items.length > 0) looked.push(`${kind.kind} ${version}`);
      else wrong.push(`${kind.kind} ${version}: there is none`);
    }
  expect(wrong).toEqual([]);
  expect(looked.length).toBeGreaterThan(30);
});

test('500 clusters on five Supervisors are there without a listener, and say where they are once asked', async () => {
  const labs = await Promise.all(Array.from({ length: 5 }, () => Lab.open()));
  const started = process.hrtime.bigint();
  for (const { api } of labs)
    for (let at = 0; at < 100; at += 1)
      await api.addCluster({
        namespace: 'dev',
        name: `c-${at}`,
        version: 'v1.31.4',
        pools: [{ name: 'workers', replicas: 2 }],
      });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(`500 clusters in ${seconds.toFixed(2)} s\n`);
  const [lab] = labs;
  const listening = () =>
    Array.from({ length: 100 }, (_, at) => lab?.api.guest('dev', `c-${at}`)).filter(
      (guest) => guest?.listens,
    ).length;
  expect(listening()).toBe(16);
  const { json: one } = (await lab?.get(`${clusters}/c-99`)) ?? { json: undefined };
  expect(one.spec.controlPlaneEndpoint.port).toBe(lab?.api.guest('dev', 'c-99')?.port);
  expect(listening()).toBe(17);
  const { json: all } = (await lab?.get(clusters)) ?? { json: undefined };
  const ports = all.items.map(
    ({ spec }: { spec: { controlPlaneEndpoint: { port: number } } }) =>
      spec.controlPlaneEndpoint.port,
  );
  expect(new Set(ports).size).toBe(100);
  for (const each of labs) await each[Symbol.asyncDispose]();
});
