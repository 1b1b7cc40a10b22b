import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusters, Lab, newCluster } from './kube-wire.js';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

const variables = (...more: { name: string; value: unknown }[]) => ({
  variables: [
    ...[
      { name: 'vmClass', value: 'best-effort-small' },
      { name: 'storageClass', value: 'gold-policy' },
    ].filter(({ name }) => more.every((one) => one.name !== name)),
    ...more,
  ],
});
const pool = (more: object) => ({
  workers: { machineDeployments: [{ class: 'node-pool', name: 'np', replicas: 1, ...more }] },
});
const annotations = {
  'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size': '1',
  'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size': '3',
};
const inPublic = { namespace: 'vmware-system-vks-public' };

const refused: [string, object, object, number, string][] = [
  [
    'a class that is not there',
    { classRef: { name: 'other', ...inPublic } },
    {},
    403,
    'ClusterClass.cluster.x-k8s.io "other" not found',
  ],
  [
    'a class of VKS without its namespace',
    { classRef: { name: 'builtin-generic-v3.3.0' } },
    {},
    403,
    'not found in the namespace "dev"',
  ],
  [
    'a pool of an unknown class',
    pool({ class: 'gpu' }),
    {},
    422,
    'MachineDeploymentClass with name "gpu" does not exist in ClusterClass "builtin-generic-v3.3.0"',
  ],
  [
    'two pools of one name',
    {
      workers: {
        machineDeployments: [
          { class: 'node-pool', name: 'a' },
          { class: 'node-pool', name: 'a' },
        ],
      },
    },
    {},
    422,
    'is defined more than once',
  ],
  [
    'an unknown variable',
    variables({ name: 'size', value: 1 }),
    {},
    422,
    'spec.topology.variables[size]: Invalid value: "1": variable is not defined',
  ],
  [
    'a variable of another type',
    variables({ name: 'vmClass', value: 5 }),
    {},
    422,
    'spec.topology.variables[vmClass].value: Invalid value: "5": spec.topology.variables[vmClass].value in body must be of type string: "integer"',
  ],
  [
    'a field that a variable does not have',
    variables({ name: 'osConfiguration', value: { shell: 'zsh' } }),
    {},
    422,
    'failed validation: "shell" field(s) are not specified in the variable schema of variable "osConfiguration"',
  ],
  [
    'a choice that a variable does not have',
    variables({ name: 'node', value: { taints: [{ key: 'a', value: 'b', effect: 'Never' }] } }),
    {},
    422,
    'supported values: "NoSchedule"',
  ],
  [
    'a variable that a pool overrides wrongly',
    pool({ variables: { overrides: [{ name: 'nope', value: 1 }] } }),
    {},
    422,
    'machineDeployments[np].variables.overrides[nope]',
  ],
  [
    'a missing variable',
    { variables: [{ name: 'vmClass', value: 'best-effort-small' }] },
    {},
    422,
    'Required value: required variable "storageClass" must be set',
  ],
  [
    'a version that no release has',
    { version: 'v1.31.5+vmware.1' },
    {},
    403,
    'could not resolve KR/OSImage',
  ],
  [
    'a release that is not ready',
    { version: 'v1.32.7+vmware.1-fips' },
    {},
    403,
    'could not resolve KR/OSImage',
  ],
  [
    'a release that is not compatible',
    { version: 'v1.34.1---vmware.1-fips-vkr.1' },
    {},
    403,
    'could not resolve KR/OSImage',
  ],
  ['half a version', { version: 'v1.31' }, {}, 422, 'version must be a valid semantic version'],
  [
    'an even control plane',
    { controlPlane: { replicas: 2 } },
    {},
    422,
    'cannot be an even number when etcd is stacked',
  ],
  [
    'a VM class that the namespace lacks',
    variables({ name: 'vmClass', value: 'best-effort-large' }),
    {},
    422,
    'VirtualMachineClass "best-effort-large" is not assigned',
  ],
  [
    'a storage class that the namespace lacks',
    variables({ name: 'storageClass', value: 'silver' }),
    {},
    422,
    'StorageClass "silver" is not assigned',
  ],
  [
    'a pool with such a VM class',
    pool({ variables: { overrides: [{ name: 'vmClass', value: 'huge' }] } }),
    {},
    422,
    'VirtualMachineClass "huge" is not assigned',
  ],
  [
    'replicas with an autoscaler',
    pool({ metadata: { annotations } }),
    {},
    422,
    'if the same MachineDeploymentTopology has autoscaler annotations',
  ],
  [
    'a malformed block',
    {},
    { clusterNetwork: { pods: { cidrBlocks: ['192.168.0.0'] } } },
    422,
    'invalid CIDR address: 192.168.0.0',
  ],
  [
    'blocks that overlap',
    {},
    {
      clusterNetwork: {
        pods: { cidrBlocks: ['10.0.0.0/8'] },
        services: { cidrBlocks: ['10.96.0.0/12'] },
      },
    },
    422,
    'overlaps 10.0.0.0/8',
  ],
];

test.each(refused)('%s is refused, in a dry run too', async (_, topology, spec, code, words) => {
  const body = newCluster('refused', { ...topology }, { ...spec });
  for (const query of ['', '?dryRun=All']) {
    const { status, json } = await lab.post(`${clusters}${query}`, body);
    expect(json.message).toContain(words);
    expect(json.message).toMatch(/^admission webhook "[a-z0-9.-]+" denied the request: /);
    expect(status).toBe(code);
    expect(json.reason).toBe(code === 422 ? 'Invalid' : 'Forbidden');
  }
  expect((await lab.get(`${clusters}/refused`)).status).toBe(404);
});

test('a name that cannot be a label is refused', async () => {
  const { status, json } = await lab.post(clusters, newCluster('x'.repeat(64)));
  expect(status).toBe(422);
  expect(json.message).toContain('must be a valid label value must be no more than 63 bytes');
});

test.each([
  ['v1.31.4', 'v1.31.4+vmware.1-fips'],
  ['v1.31.4---vmware.1-fips-vkr.3', 'v1.31.4+vmware.1-fips'],
  ['v1.31.11+vmware.1-fips-vkr.2', 'v1.31.11+vmware.1-fips'],
  ['v1.32.0+vmware.6', 'v1.32.0+vmware.6-fips'],
])('the version %s is kept as %s, with its release', async (version, kept) => {
  const { status, json } = await lab.post(`${clusters}?dryRun=All`, newCluster('v', { version }));
  expect(status).toBe(201);
  expect(json.spec.topology.version).toBe(kept);
  expect(json.metadata.labels['run.tanzu.vmware.com/tkr']).toContain(kept.replace('+', '---'));
});

test('variables get the defaults of their class', async () => {
  const wanted = variables({ name: 'kubernetes', value: { certificateRotation: {} } });
  const { json } = await lab.post(`${clusters}?dryRun=All`, newCluster('d', wanted));
  expect(json.spec.topology.variables.at(-1).value).toEqual({
    certificateRotation: { enabled: true, renewalDaysBeforeExpiry: 90 },
  });
});

test('the class of a namespace has flat variables', async () => {
  const own = { classRef: { name: 'tanzukubernetescluster' } };
  const ntp = { name: 'ntp', value: 'time.lab.test' };
  const path = `${clusters}?dryRun=All`;
  expect((await lab.post(path, newCluster('o', { ...own, ...variables(ntp) }))).status).toBe(201);
  const nested = variables({ name: 'osConfiguration', value: {} });
  expect((await lab.post(path, newCluster('o', { ...own, ...nested }))).status).toBe(422);
});

test.each([
  ['v1.30.8', 'version cannot be decreased from "1.31.4+vmware.1-fips" to "1.30.8+vmware.1-fips"'],
  ['v1.33.1', 'version cannot be increased from "1.31.4+vmware.1-fips" to "1.33.1+vmware.1-fips"'],
])('an upgrade to %s is refused', async (version, words) => {
  await using own = await Lab.open();
  await own.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools: [] });
  const current = await own.get(`${clusters}/web`);
  expect(current.json.spec.topology.version).toBe('v1.31.4+vmware.1-fips');
  const { status, json } = await own.patch(`${clusters}/web`, { spec: { topology: { version } } });
  expect(status).toBe(422);
  expect(json.message).toContain(words);
});

test('nothing can be upgraded while it is made or still being upgraded', async () => {
  await using own = await Lab.open();
  await own.post(clusters, newCluster('new'));
  const early = { spec: { topology: { version: 'v1.32.0' } } };
  const first = await own.patch(`${clusters}/new`, early);
  expect(first.json.message).toContain(
    'version cannot be changed: control plane is currently provisioning',
  );
  await own.pass(1_000_000);
  expect((await own.patch(`${clusters}/new`, early)).status).toBe(200);
  await own.pass(10_000);
  const second = await own.patch(`${clusters}/new`, { spec: { topology: { version: 'v1.33.1' } } });
  expect(second.json.message).toContain('still completing a previous upgrade');
});

test('blocks of addresses and references cannot be changed or taken away', async () => {
  await using own = await Lab.open();
  await own.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools: [] });
  const clusterNetwork = { pods: { cidrBlocks: ['172.16.0.0/16'] } };
  const moved = await own.patch(`${clusters}/web`, { spec: { clusterNetwork } });
  expect(moved.json.message).toContain(
    'spec.clusterNetwork.pods.cidrBlocks: Forbidden: cannot be changed',
  );
  const torn = await own.patch(`${clusters}/web`, { spec: { controlPlaneRef: null } });
  expect(torn.json.message).toContain('spec.controlPlaneRef: Forbidden: cannot be removed');
});

const claim = (name: string, storage: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'gold-policy',
    resources: { requests: { storage } },
  },
});
const claims = '/api/v1/namespaces/dev/persistentvolumeclaims';

test('a claim beyond the quota is refused in the words of Kubernetes, and use is counted', async () => {
  expect((await lab.post(claims, claim('one', '8Gi'))).status).toBe(201);
  const { status, json } = await lab.post(claims, claim('two', '4Gi'));
  expect(status).toBe(403);
  const resource = 'gold-policy.storageclass.storage.k8s.io/requests.storage';
  expect(json.message).toBe(
    `persistentvolumeclaims "two" is forbidden: exceeded quota: dev-storagequota, requested: ${resource}=4Gi, used: ${resource}=8Gi, limited: ${resource}=10240Mi`,
  );
  expect((await lab.post(claims, claim('two', '2Gi'))).status).toBe(201);
  const { json: quotas } = await lab.get('/api/v1/namespaces/dev/resourcequotas');
  expect(quotas.items[0].status.used).toEqual({ [resource]: '10Gi' });
  const policies = '/apis/cns.vmware.com/v1alpha2/namespaces/dev/storagepolicyquotas';
  const { json: usage } = await lab.get(policies);
  expect(usage.items[0].status.total).toEqual([
    { storageClassName: 'gold-policy', scQuotaUsage: { reserved: '0', used: '10Gi' } },
  ]);
});

test('a machine of VM Service needs a class, and storage that its namespace has', async () => {
  const machines = '/apis/vmoperator.vmware.com/v1alpha5/namespaces/dev/virtualmachines';
  const machine = (spec: object) => ({
    apiVersion: 'vmoperator.vmware.com/v1alpha5',
    kind: 'VirtualMachine',
    metadata: { name: 'vm' },
    spec,
  });
  const bare = await lab.post(machines, machine({ storageClass: 'gold-policy' }));
  expect(bare.json.message).toContain('spec.className: Required value');
  const className = 'best-effort-small';
  const other = await lab.post(machines, machine({ className, storageClass: 'silver' }));
  expect(other.json.message).toContain('Storage policy is not associated with the namespace dev');
  const none = await lab.post(machines, machine({ className, storageClass: 'bronze' }));
  expect(none.json.message).toContain('Storage policy bronze does not exist');
  const good = await lab.post(machines, machine({ className, storageClass: 'gold-policy' }));
  expect(good.status).toBe(201);
});
