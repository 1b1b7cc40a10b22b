import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusters, Lab, newNamespace, oldClusters, send } from './kube-wire.js';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
  for (let at = 0; at < 5; at += 1)
    await lab.post('/api/v1/namespaces/dev/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `map-${at}`, labels: { tier: at % 2 ? 'odd' : 'even' } },
    });
});
afterAll(() => lab[Symbol.asyncDispose]());

const maps = '/api/v1/namespaces/dev/configmaps';
const names = (json: { items: { metadata: { name: string } }[] }) =>
  json.items.map(({ metadata }) => metadata.name);

test('discovery names the groups, newest version first, and what is in each', async () => {
  const { json } = await lab.get('/apis');
  const group = json.groups.find(({ name }: { name: string }) => name === 'cluster.x-k8s.io');
  expect(group.versions.map(({ version }: { version: string }) => version)).toEqual([
    'v1beta2',
    'v1beta1',
  ]);
  expect(group.preferredVersion.version).toBe('v1beta2');
  const { json: resources } = await lab.get('/apis/cluster.x-k8s.io/v1beta1');
  expect(names({ items: resources.resources.map((metadata: object) => ({ metadata })) })).toEqual([
    'clusters',
    'clusters/status',
    'clusterclasses',
    'clusterclasses/status',
    'machinedeployments',
    'machinedeployments/status',
    'machines',
    'machines/status',
  ]);
  expect((await lab.get('/version')).json.gitVersion).toBe('v1.30.5+vmware.4-fips-vsc0.1.12');
});

test('a version that is not served is a page that is not there', async () => {
  await using old = await Lab.open({ serve: { 'cluster.x-k8s.io': ['v1beta1'] } });
  const { json } = await old.get('/apis/cluster.x-k8s.io');
  expect(json.versions).toHaveLength(1);
  expect((await old.get(clusters)).status).toBe(404);
  expect((await old.get(clusters)).text).toBe('404 page not found\n');
  expect((await old.get(oldClusters)).json.kind).toBe('ClusterList');
});

test('the older version of Cluster API warns that its days are numbered', async () => {
  const { headers } = await lab.get(oldClusters);
  expect(headers['warning']).toBe(
    '299 - "cluster.x-k8s.io/v1beta1 Cluster is deprecated; use cluster.x-k8s.io/v1beta2 Cluster"',
  );
  expect((await lab.get(clusters)).headers['warning']).toBeUndefined();
});

test('a list is read page by page, as it was when it began', async () => {
  const first = await lab.get(`${maps}?limit=2`);
  expect(names(first.json)).toEqual(['map-0', 'map-1']);
  expect(first.json.metadata.remainingItemCount).toBe(3);
  await lab.post(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map-2a' } });
  const rest = await lab.get(`${maps}?limit=9&continue=${first.json.metadata.continue}`);
  expect(names(rest.json)).toEqual(['map-2', 'map-3', 'map-4']);
  expect(rest.json.metadata.continue).toBeUndefined();
  await lab.delete(`${maps}/map-2a`);
});

test('a continue token is refused once what it meant is forgotten, and when it is none', async () => {
  const { json } = await lab.get(`${maps}?limit=2`);
  await lab.patch(`${maps}/map-0`, { data: { changed: 'yes' } });
  lab.api.world.store.compact();
  const late = await lab.get(`${maps}?limit=2&continue=${json.metadata.continue}`);
  expect(late.status).toBe(410);
  expect(late.json.reason).toBe('Expired');
  expect((await lab.get(`${maps}?limit=2&continue=nonsense`)).status).toBe(400);
});

test.each([
  ['labelSelector=tier%3Dodd', ['map-1', 'map-3']],
  ['labelSelector=tier+in+(even),!absent', ['map-0', 'map-2', 'map-4']],
  ['labelSelector=tier!%3Dodd,tier', ['map-0', 'map-2', 'map-4']],
  ['fieldSelector=metadata.name%3Dmap-4', ['map-4']],
])('%s selects', async (query, expected) => {
  expect(names((await lab.get(`${maps}?${query}`)).json)).toEqual(expected);
});

test.each(['labelSelector=a+b', 'fieldSelector=spec.x%3D1', 'limit=x', 'resourceVersion=x'])(
  '%s is refused',
  async (query) => expect((await lab.get(`${maps}?${query}`)).status).toBe(400),
);

test('a watch tells what changes, and where it can go on', async () => {
  const { json: list } = await lab.get(maps);
  const from = list.metadata.resourceVersion;
  const query = `watch=true&resourceVersion=${from}&timeoutSeconds=1&allowWatchBookmarks=true`;
  const watching = lab.get(`${maps}?${query}`);
  await lab.post(maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'watched' } });
  await lab.patch(`${maps}/watched`, { data: { a: 'b' } });
  await lab.delete(`${maps}/watched`);
  const events = (await watching).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  expect(
    versions.every((version, at) => version > Number(from) && version >= (versions[at - 1] ?? 0)),
  ).toBe(true);
});

test('a watch from before what is remembered ends with an error', async () => {
  lab.api.world.store.compact();
  const { text } = await lab.get(`${maps}?watch=true&resourceVersion=1&timeoutSeconds=1`);
  expect(JSON.parse(text)).toMatchObject({
    type: 'ERROR',
    object: { code: 410, reason: 'Expired' },
  });
});

test('a name with an encoded slash reaches another place, not a name', async () => {
  const { status, json } = await lab.get(`${maps}/map-0%2Fstatus`);
  expect(status).toBe(404);
  expect(json.message).toBe('the server could not find the requested resource');
  const { json: space } = await lab.get('/api/v1/namespaces/dev%2Fconfigmaps%2Fmap-1');
  expect(space.kind).toBe('ConfigMap');
});

test('releases are there in both kinds; not all of them can be used', async () => {
  const { json } = await lab.get('/apis/run.tanzu.vmware.com/v1alpha3/tanzukubernetesreleases');
  const { json: others } = await lab.get('/apis/kubernetes.vmware.com/v1alpha1/kubernetesreleases');
  expect(names(others)).toEqual(names(json));
  const unfit = json.items.filter(({ status }: { status: { conditions: { status: string }[] } }) =>
    status.conditions.some((condition) => condition.status !== 'True'),
  );
  expect(names({ items: unfit })).toEqual([
    'v1.32.7---vmware.1-fips-vkr.1',
    'v1.34.1---vmware.1-fips-vkr.1',
  ]);
  const { json: minor } = await lab.get(
    '/apis/run.tanzu.vmware.com/v1alpha3/tanzukubernetesreleases?labelSelector=v1.31',
  );
  expect(minor.items).toHaveLength(3);
});

test('a namespace brings its classes, storage, quotas and a ClusterClass; one that goes takes them', async () => {
  const { site } = lab;
  const added = newNamespace('added', {
    resourceSpec: { memory_limit: 2048, cpu_limit: 4000, pod_count: 3 },
    storageSpecs: [{ policy: 'policy-gold', limit: 1024 }, { policy: 'policy-silver' }],
  });
  site.namespaces.set('added', added);
  site.emit('namespace', added);
  const within = '/api/v1/namespaces/added';
  expect((await lab.get(within)).json.status.phase).toBe('Active');
  const { json: quotas } = await lab.get(`${within}/resourcequotas`);
  expect(quotas.items.map(({ spec }: { spec: object }) => spec)).toEqual([
    { hard: { 'limits.memory': '2048Mi', pods: '3' } },
    {
      hard: {
        'gold-policy.storageclass.storage.k8s.io/requests.storage': '1024Mi',
        'silver.storageclass.storage.k8s.io/requests.storage': '9223372036854775807',
      },
    },
  ]);
  const machines = '/apis/vmoperator.vmware.com/v1alpha5/namespaces/added/virtualmachineclasses';
  expect(names((await lab.get(machines)).json)).toEqual(['best-effort-small', 'guaranteed-large']);
  const policies = '/apis/cns.vmware.com/v1alpha2/namespaces/added/storagepolicyquotas';
  expect(names((await lab.get(policies)).json)).toHaveLength(2);
  added.vmClasses = ['best-effort-large'];
  site.emit('namespace', added);
  expect(names((await lab.get(machines)).json)).toEqual(['best-effort-large']);

  added.configStatus = 'REMOVING';
  site.emit('namespace', added);
  expect((await lab.get(within)).json.status.phase).toBe('Terminating');
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } };
  const late = await lab.post(`${within}/configmaps`, map);
  expect(late.status).toBe(403);
  expect(late.json.message).toContain('because it is being terminated');
  site.namespaces.delete('added');
  site.emit('namespace-gone', added);
  expect((await lab.get(within)).status).toBe(404);
  expect((await lab.get(machines)).json.items).toEqual([]);
});

test('a namespace of another Supervisor is not here', async () => {
  const other = newNamespace('elsewhere', { supervisor: 'sup-2' });
  lab.site.emit('namespace', other);
  expect((await lab.get('/api/v1/namespaces/elsewhere')).status).toBe(404);
});

test('requests are recorded without their names, and strange parameters with them', async () => {
  lab.requests.length = 0;
  await lab.get(`${maps}/map-0?namespace=dev`);
  await lab.patch(`${maps}/map-0?dryRun=All`, { data: {} });
  expect(lab.requests).toMatchObject([
    {
      method: 'GET /api/v1/namespaces/{}/configmaps/{}',
      server: 'supervisor-a',
      changes: false,
      user: 'sso:administrator@vsphere.local',
      strange: ['namespace'],
    },
    { method: 'PATCH /api/v1/namespaces/{}/configmaps/{}', changes: false, strange: [] },
  ]);
  await lab.patch(`${maps}/map-0`, { data: { x: 'y' } });
  expect(lab.requests.at(-1)?.changes).toBe(true);
});

test('faults come instead of answers, and after what was done', async () => {
  const method = 'POST /api/v1/namespaces/{}/configmaps';
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'lost' } };
  lab.faults.add({ match: { method }, then: { status: 503 } });
  expect((await lab.post(maps, body)).status).toBe(503);
  expect((await lab.get(`${maps}/lost`)).status).toBe(404);
  lab.faults.add({ match: { method }, then: { drop: 'after-acting' } });
  await expect(lab.post(maps, body)).rejects.toThrow();
  expect((await lab.get(`${maps}/lost`)).status).toBe(200);
  lab.faults.add({ match: { method }, then: { cutAfterBytes: 10 } });
  await expect(lab.post(maps, { ...body, metadata: { name: 'cut' } })).rejects.toThrow();
  expect((await lab.get(`${maps}/cut`)).status).toBe(200);
  await Promise.all(['lost', 'cut'].map((name) => lab.delete(`${maps}/${name}`)));
});

test('an API server without a token in the request is Unauthorized, but for its health', async () => {
  expect((await send(lab.server, 'GET', maps)).status).toBe(401);
  expect((await send(lab.server, 'GET', '/healthz')).text).toBe('ok');
});
