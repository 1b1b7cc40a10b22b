import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clusters, Lab, newCluster, oldClusters } from './kube-wire.js';

let lab: Lab;
let serial = 0;
let name = '';
let path = '';
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(async () => {
  serial += 1;
  name = `web-${serial}`;
  path = `${clusters}/${name}`;
  const { status } = await lab.post(clusters, newCluster(name));
  expect(status).toBe(201);
});

test('a dry run answers as if it were kept, and keeps nothing', async () => {
  const made = await lab.post(`${clusters}?dryRun=All`, newCluster('dry'));
  expect(made.status).toBe(201);
  expect(made.json.metadata).toMatchObject({ name: 'dry', generation: 1 });
  expect(made.json.metadata.resourceVersion).toBeUndefined();
  expect((await lab.get(`${clusters}/dry`)).status).toBe(404);

  const { json: before } = await lab.get(path);
  const patched = await lab.patch(`${path}?dryRun=All`, { spec: { paused: true } });
  expect(patched.json.spec.paused).toBe(true);
  expect(patched.json.metadata).toMatchObject({
    generation: before.metadata.generation + 1,
    resourceVersion: before.metadata.resourceVersion,
  });
  const deleted = await lab.delete(path, {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    dryRun: ['All'],
  });
  expect(deleted.status).toBe(200);
  expect((await lab.get(path)).json).toEqual(before);
});

test('a patch from an older resourceVersion is a conflict, one from the current is not', async () => {
  const { json: before } = await lab.get(path);
  const { resourceVersion } = before.metadata;
  const first = await lab.patch(path, { metadata: { resourceVersion }, spec: { paused: true } });
  expect(first.status).toBe(200);
  const second = await lab.patch(path, { metadata: { resourceVersion }, spec: { paused: false } });
  expect(second.status).toBe(409);
  expect(second.json).toMatchObject({
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on clusters.cluster.x-k8s.io "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  });
  expect((await lab.get(path)).json.spec.paused).toBe(true);
});

test('an update without a resourceVersion, and one from an older, are refused', async () => {
  const { json } = await lab.get(path);
  const { resourceVersion: _, ...metadata } = json.metadata;
  const without = await lab.call('PUT', path, { body: { ...json, metadata } });
  expect(without.status).toBe(422);
  expect(without.json.message).toContain('metadata.resourceVersion: Invalid value: 0');
  await lab.patch(path, { metadata: { labels: { a: 'b' } } });
  expect((await lab.call('PUT', path, { body: json })).status).toBe(409);
});

test('a patch that changes nothing keeps the version; one of labels keeps the generation', async () => {
  const { json: before } = await lab.get(path);
  expect((await lab.patch(path, {})).json).toEqual(before);
  const { json: labelled } = await lab.patch(path, { metadata: { labels: { team: 'a' } } });
  expect(labelled.metadata.generation).toBe(before.metadata.generation);
  expect(labelled.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
  const { json: unlabelled } = await lab.patch(path, { metadata: { labels: { team: null } } });
  expect(unlabelled.metadata.labels).not.toHaveProperty('team');
});

test('a merge patch replaces lists whole', async () => {
  const workers = { machineDeployments: [{ class: 'node-pool', name: 'only', replicas: 1 }] };
  const { json } = await lab.patch(path, { spec: { topology: { workers } } });
  expect(json.spec.topology.workers).toEqual(workers);
  expect(json.spec.topology.variables).toHaveLength(2);
});

test('an unknown field is dropped with a warning, or refused when that is asked for', async () => {
  const wrong = newCluster('wrong', { oops: true }, { bogus: 1 });
  const warned = await lab.post(`${clusters}?dryRun=All`, wrong);
  expect(warned.status).toBe(201);
  expect(warned.headers['warning']).toContain('unknown field \\"spec.bogus\\"');
  expect(warned.json.spec).not.toHaveProperty('bogus');
  const refused = await lab.post(`${clusters}?fieldValidation=Strict`, wrong);
  expect(refused.status).toBe(400);
  expect(refused.json.message).toContain('strict decoding error: unknown field');
  const patch = { spec: { topology: { nope: 1 } } };
  const patched = await lab.patch(`${path}?fieldValidation=Strict`, patch);
  expect(patched.status).toBe(422);
  expect(patched.json.message).toContain('unknown field "spec.topology.nope"');
});

test.each([
  [
    'a text where a number belongs',
    { controlPlane: { replicas: 'three' } },
    'must be of type integer',
  ],
  ['a name that cannot be one', { classRef: { name: 'Bad Name' } }, 'should match'],
  ['a missing version', { version: undefined }, 'spec.topology.version: Required value'],
])('%s is Invalid', async (_, topology, words) => {
  const { status, json } = await lab.post(clusters, newCluster('shape', topology));
  expect(status).toBe(422);
  expect(json.reason).toBe('Invalid');
  expect(json.message).toContain(words);
  expect(json.details.causes[0].field).toContain('spec.topology');
});

test('what exists is not created again, and what is not there is not found', async () => {
  const again = await lab.post(clusters, newCluster(name));
  expect(again.status).toBe(409);
  expect(again.json.reason).toBe('AlreadyExists');
  expect((await lab.patch(`${clusters}/nope`, {})).json.message).toBe(
    'clusters.cluster.x-k8s.io "nope" not found',
  );
  const elsewhere = clusters.replace('dev', 'nowhere');
  expect((await lab.post(elsewhere, newCluster('x'))).json.message).toBe(
    'namespaces "nowhere" not found',
  );
});

test.each([
  ['application/json', 415],
  ['application/strategic-merge-patch+json', 415],
])('a patch sent as %s is answered with %i', async (type, expected) => {
  expect((await lab.call('PATCH', path, { body: {}, type })).status).toBe(expected);
});

test('a delete with other preconditions is a conflict, one with the right ones is not', async () => {
  const { json } = await lab.get(path);
  const { uid, resourceVersion } = json.metadata;
  const options = (preconditions: object) => ({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions,
  });
  const other = await lab.delete(path, options({ uid: '00000000-0000-0000-0000-000000000000' }));
  expect(other.status).toBe(409);
  expect(other.json.message).toContain('does not match the UID in record');
  expect((await lab.delete(path, options({ uid, resourceVersion: '1' }))).status).toBe(409);
  const deleted = await lab.delete(path, options({ uid, resourceVersion }));
  expect(deleted.status).toBe(200);
  // It has a finalizer: it goes once its machines are gone.
  expect(deleted.json.metadata.deletionTimestamp).toBeDefined();
  expect((await lab.get(path)).status).toBe(200);
});

test('a change through the older version keeps what only the newer one has', async () => {
  const old = `${oldClusters}/${name}`;
  const { json } = await lab.get(old);
  expect(json.apiVersion).toBe('cluster.x-k8s.io/v1beta1');
  expect(json.spec.topology).toMatchObject({
    class: 'builtin-generic-v3.3.0',
    classNamespace: 'vmware-system-vks-public',
  });
  expect(json.spec.topology).not.toHaveProperty('classRef');
  const [pool] = json.spec.topology.workers.machineDeployments;
  const machineDeployments = [{ ...pool, replicas: 4, nodeDrainTimeout: '1m30s' }];
  const changed = await lab.patch(old, { spec: { topology: { workers: { machineDeployments } } } });
  expect(changed.status).toBe(200);
  expect((await lab.get(path)).json.spec.topology.workers.machineDeployments).toEqual([
    {
      class: 'node-pool',
      name: 'workers',
      replicas: 4,
      deletion: { nodeDrainTimeoutSeconds: 90 },
    },
  ]);
  const mixed = { spec: { topology: { classRef: { name: 'x' } } } };
  const strict = await lab.patch(`${old}?fieldValidation=Strict`, mixed);
  expect(strict.json.message).toContain('unknown field "spec.topology.classRef"');
});
