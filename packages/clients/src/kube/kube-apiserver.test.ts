import { type KubeApiserver, kubeApiserver } from '@vmware/simulators';
import { afterAll, expect, test as plain, vi } from 'vitest';
import {
  configMaps,
  definitionOf,
  endpointOf,
  kubeTo,
  namespaces,
  newConfigMap,
  newNamespace,
} from '../../test/kube.js';
import { creation, deletion, mergePatch, replacement } from './change.js';
import { Kube } from './client.js';
import { isExpired, isStale } from './refused.js';
import type { WatchEvent } from './types.js';

// An API server that is not ours: what it refuses, Kubernetes refuses.
const started = await kubeApiserver();
if ('skipped' in started) process.stderr.write(`kube-apiserver: skipped, ${started.skipped}\n`);

interface Lab {
  readonly server: KubeApiserver;
  readonly kube: Kube;
}

const lab: Lab | undefined =
  'skipped' in started ? undefined : { server: started, kube: kubeTo(started) };
afterAll(async () => {
  await lab?.kube.close();
  await lab?.server[Symbol.asyncDispose]();
});

const test = (name: string, body: (lab: Lab) => Promise<void>) =>
  plain.skipIf(!lab)(name, async () => {
    if (lab) await body(lab);
  });

const definitions = async (kube: Kube) =>
  kube.resource('apiextensions.k8s.io', 'customresourcedefinitions');

test('finds a resource in the best version there is, and says what is missing', async ({
  server,
  kube,
}) => {
  expect(await kube.resource('', 'configmaps')).toEqual(configMaps);
  expect(await kube.resource('apps', 'deployments')).toMatchObject({
    version: 'v1',
    kind: 'Deployment',
    namespaced: true,
  });
  const crds = await definitions(kube);
  await kube.send(
    creation(crds, undefined, definitionOf('widgets', 'Widget', 'v1alpha3', 'v1beta1', 'v1beta2')),
  );
  await using later = kubeTo(server);
  await vi.waitFor(async () => {
    await using fresh = kubeTo(server);
    expect((await fresh.apis()).versions('test.example')).toHaveLength(3);
  });
  const find = (wanted: object) => later.resource('test.example', 'widgets', wanted);
  await vi.waitFor(async () => expect(await find({})).toMatchObject({ version: 'v1beta2' }));
  expect(await find({ prefer: ['v1', 'v1beta1', 'v1beta2'] })).toMatchObject({
    version: 'v1beta1',
  });
  await expect(find({ least: 'v1' })).rejects.toMatchObject({
    code: 'API_NOT_SERVED',
    message: expect.stringMatching(/v1 or later.*it serves v1beta2, v1beta1, v1alpha3/),
  });
  await expect(later.resource('test.example', 'gadgets')).rejects.toMatchObject({
    code: 'API_NOT_SERVED',
  });
  await expect(later.resource('absent.example', 'gadgets')).rejects.toMatchObject({
    code: 'API_NOT_SERVED',
    message: expect.stringContaining('does not serve the group'),
  });

  const namespace = await newNamespace(kube);
  const [old, now] = [await find({ prefer: ['v1alpha3'] }), await find({})];
  await later.send(creation(old, namespace, { metadata: { name: 'w' }, spec: { size: 2 } }));
  expect(await later.get(now, { namespace, name: 'w' })).toMatchObject({
    apiVersion: 'test.example/v1beta2',
    spec: { size: 2 },
  });
  const unknown = { metadata: { name: 'x' }, spec: { size: 2, colour: 'red' } };
  await expect(later.send(creation(now, namespace, unknown))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    effect: 'none',
    message: expect.stringContaining('unknown field "spec.colour"'),
  });
  const small = { metadata: { name: 'x' }, spec: { size: 0 } };
  await expect(later.dryRun(creation(now, namespace, small))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { reason: 'Invalid', causes: [expect.stringContaining('spec.size')] },
  });
  expect((await later.all(now, { namespace })).items.map(({ metadata }) => metadata.name)).toEqual([
    'w',
  ]);
});

test('reads more than a thousand objects in pages, each once', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const names = Array.from({ length: 1_010 }, (_, at) => `m-${String(at).padStart(4, '0')}`);
  await Promise.all(names.map((name) => newConfigMap(kube, namespace, name)));
  const { items, resourceVersion } = await kube.all(configMaps, { namespace });
  expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  expect(items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace } });
  expect(Number(resourceVersion)).toBeGreaterThan(1_010);
  const page = await kube.list(configMaps, { namespace, limit: 10 });
  expect(page).toMatchObject({ remaining: 1_000, continue: expect.any(String) });
  const next = await kube.list(configMaps, { namespace, limit: 10, continue: page.continue });
  expect(next.items[0]?.metadata.name).toBe('m-0010');
  const one = { namespace, fieldSelector: 'metadata.name=m-0500' };
  expect((await kube.all(configMaps, one)).items).toHaveLength(1);
});

test('a dry run goes through everything and keeps nothing', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const place = { namespace, name: 'kept' };
  const create = creation(configMaps, namespace, { metadata: { name: 'kept' }, data: { a: '1' } });
  expect(await kube.dryRun(create)).toMatchObject({ metadata: { uid: expect.any(String) } });
  expect(await kube.find(configMaps, place)).toBeUndefined();
  await kube.send(create);
  await expect(kube.dryRun(create)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });

  const patch = mergePatch(configMaps, place, { data: { a: '2' } });
  expect(await kube.dryRun(patch)).toMatchObject({ data: { a: '2' } });
  const { metadata } = await kube.get(configMaps, place);
  const remove = deletion(configMaps, place, { ...metadata });
  expect(await kube.dryRun(remove)).toMatchObject({ kind: 'Status', metadata: { name: '' } });
  // With a body the server does not look at the query of a DELETE.
  expect(await kube.get(configMaps, place)).toMatchObject({ data: { a: '1' } });
});

test('a change of something that was changed in between is a conflict', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const place = { namespace, name: 'shared' };
  const { metadata } = await newConfigMap(kube, namespace, 'shared', { a: '1', b: '1' });
  const { resourceVersion = '' } = metadata;
  const change = (data: object) =>
    mergePatch(configMaps, place, { metadata: { resourceVersion }, data });
  expect(await kube.send(change({ a: null }))).toMatchObject({ data: { b: '1' } });
  const stale = await kube.send(change({ b: '2' })).catch((error: unknown) => error);
  expect(stale).toMatchObject({ code: 'CONFLICT', effect: 'none', details: { status: 409 } });
  expect(isStale(stale)).toBe(true);
  const old = { metadata, data: { c: '1' } };
  const whole = replacement(configMaps, place, { ...old, apiVersion: 'v1', kind: 'ConfigMap' });
  await expect(kube.send(whole)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect((await kube.get(configMaps, place))['data']).toEqual({ b: '1' });
});

test('an object is only deleted while it is the one that was looked at', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const place = { namespace, name: 'one' };
  const { metadata: first } = await newConfigMap(kube, namespace, 'one');
  await kube.send(deletion(configMaps, place, { uid: first.uid ?? '' }));
  const { metadata: second } = await newConfigMap(kube, namespace, 'one');
  for (const stale of [{ uid: first.uid ?? '' }, { resourceVersion: first.resourceVersion ?? '' }])
    await expect(kube.send(deletion(configMaps, place, stale))).rejects.toMatchObject({
      code: 'CONFLICT',
      effect: 'none',
    });
  const { uid = '', resourceVersion = '' } = second;
  await kube.send(deletion(configMaps, place, { uid, resourceVersion, propagation: 'Foreground' }));
  await vi.waitFor(async () => {
    const left = await kube.find(configMaps, place);
    expect(left?.metadata.deletionTimestamp ?? 'gone').toBeTruthy();
  });
  await expect(kube.send(deletion(configMaps, { namespace, name: 'two' }))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a quota that is used up is named', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const quotas = await kube.resource('', 'resourcequotas');
  const hard = { 'count/configmaps': '1' };
  await kube.send(creation(quotas, namespace, { metadata: { name: 'small' }, spec: { hard } }));
  // There is no controller here that counts.
  const counted = { status: { hard, used: { 'count/configmaps': '1' } } };
  const status = { namespace, name: 'small', subresource: 'status' };
  await kube.send(mergePatch(quotas, status, counted));
  await vi.waitFor(() =>
    expect(
      kube.dryRun(creation(configMaps, namespace, { metadata: { name: 'more' } })),
    ).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details: { quota: 'small', status: 403 } }),
  );
});

test('what an account may not do is named, and a review of it needs no name', async (there) => {
  await using viewer = kubeTo(there.server, there.server.viewer);
  await expect(viewer.all(configMaps, { namespace: 'default' })).rejects.toMatchObject({
    code: 'NO_PERMISSION',
    remedy: expect.stringContaining('list configmaps in default'),
    details: { verb: 'list', resource: 'configmaps', namespace: 'default' },
  });
  const reviews = await viewer.resource('authorization.k8s.io', 'selfsubjectaccessreviews');
  const resourceAttributes = { verb: 'delete', resource: 'configmaps', namespace: 'default' };
  const asked = creation(reviews, undefined, { spec: { resourceAttributes } });
  expect(await viewer.dryRun(asked)).toMatchObject({
    metadata: { name: '' },
    status: { allowed: false },
  });
});

test('a policy that denies is named', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const group = 'admissionregistration.k8s.io';
  const policies = await kube.resource(group, 'validatingadmissionpolicies');
  const bindings = await kube.resource(group, 'validatingadmissionpolicybindings');
  const rule = {
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: ['configmaps'],
    operations: ['CREATE'],
  };
  await kube.send(
    creation(policies, undefined, {
      metadata: { name: 'no-more' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: '!has(object.data)', message: 'no data here' }],
      },
    }),
  );
  const matchResources = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  };
  const spec = { policyName: 'no-more', validationActions: ['Deny'], matchResources };
  await kube.send(creation(bindings, undefined, { metadata: { name: 'no-more' }, spec }));
  const object = { metadata: { name: 'x' }, data: { a: '1' } };
  await vi.waitFor(
    () =>
      expect(kube.dryRun(creation(configMaps, namespace, object))).rejects.toMatchObject({
        code: 'ADMISSION_DENIED',
        details: { policy: 'no-more' },
        message: expect.stringContaining('no data here'),
      }),
    { timeout: 15_000, interval: 100 },
  );
});

test('nothing is made in a namespace that is going, and what is deprecated is told', async ({
  kube,
}) => {
  const namespace = await newNamespace(kube);
  await kube.send(deletion(namespaces, { name: namespace }));
  await vi.waitFor(() =>
    expect(newConfigMap(kube, namespace, 'late')).rejects.toMatchObject({ code: 'BLOCKED' }),
  );
  const endpoints = await kube.resource('', 'endpoints');
  await kube.list(endpoints, { namespace: 'default' });
  expect(kube.warnings).toContainEqual(expect.stringContaining('Endpoints is deprecated'));
});

test('fifty reads with a token that is refused share one new login; a change is not sent again', async ({
  server,
  kube,
}) => {
  const namespace = await newNamespace(kube);
  let logins = 0;
  const bearer = {
    login: async () => {
      logins += 1;
      return { token: logins % 2 ? 'not-known' : server.token };
    },
  };
  await using spent = Kube.open(endpointOf(server), { bearer, label: 'the Supervisor lab' });
  const create = creation(configMaps, namespace, { metadata: { name: 'once' } });
  await expect(spent.send(create)).rejects.toMatchObject({
    code: 'SESSION_LOST',
    effect: 'none',
    message: expect.stringContaining('the Supervisor lab'),
  });
  expect(await kube.find(configMaps, { namespace, name: 'once' })).toBeUndefined();
  logins = 0;
  await using again = Kube.open(endpointOf(server), { bearer });
  const reads = Array.from({ length: 50 }, () => again.list(configMaps, { namespace }));
  expect((await Promise.all(reads)).map(({ items }) => items.length)).toEqual(Array(50).fill(0));
  expect(logins).toBe(2);
});

test('a token that is refused time and again is reported with the name of its login', async ({
  server,
}) => {
  await using kube = Kube.open(endpointOf(server), {
    bearer: { login: async () => ({ token: 'not-known' }) },
    label: 'the cluster dev/web',
  });
  await expect(kube.list(configMaps)).rejects.toMatchObject({
    code: 'SESSION_LOST',
    message: expect.stringMatching(/401.*the cluster dev\/web does not take the token/),
    details: { login: 'the cluster dev/web' },
  });
});

test('a watch tells what happens after a list, of one object if asked, until it is left', async ({
  kube,
}) => {
  const namespace = await newNamespace(kube);
  const { resourceVersion } = await kube.list(configMaps, { namespace });
  const tell = async (watched: object, until: number) => {
    const told: string[] = [];
    const events = kube.watch(configMaps, { namespace, resourceVersion, ...watched });
    for await (const { type, object } of events) {
      told.push(`${type} ${object.metadata.name}`);
      if (told.length === until) break;
    }
    return told;
  };
  const all = tell({}, 5);
  const one = tell({ name: 'b' }, 2);
  await newConfigMap(kube, namespace, 'a');
  await newConfigMap(kube, namespace, 'b');
  await kube.send(mergePatch(configMaps, { namespace, name: 'a' }, { data: { x: '1' } }));
  await kube.send(deletion(configMaps, { namespace, name: 'a' }));
  await kube.send(deletion(configMaps, { namespace, name: 'b' }));
  expect(await all).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED a', 'DELETED b']);
  expect(await one).toEqual(['ADDED b', 'DELETED b']);
});

test('a signal ends a watch', async ({ kube }) => {
  const namespace = await newNamespace(kube);
  const { resourceVersion } = await kube.list(configMaps, { namespace });
  const stop = new AbortController();
  const seen: WatchEvent[] = [];
  const watching = (async () => {
    const watched = { namespace, resourceVersion, signal: stop.signal };
    for await (const event of kube.watch(configMaps, watched)) seen.push(event);
  })();
  await newConfigMap(kube, namespace, 'a');
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  stop.abort();
  await expect(watching).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' });
});

test('a watch that begins too long ago is EXPIRED', async ({ server, kube }) => {
  const crds = await definitions(kube);
  await kube.send(creation(crds, undefined, definitionOf('gears', 'Gear', 'v1')));
  await using later = kubeTo(server);
  const gears = await vi.waitFor(() => later.resource('test.example', 'gears'), { timeout: 5_000 });
  // The server knows nothing of gears from before there were any.
  const watched = later.watch(gears, { resourceVersion: '1' })[Symbol.asyncIterator]();
  const expired = await watched.next().catch((error: unknown) => error);
  expect(expired).toMatchObject({ code: 'EXPIRED', retryable: true, details: { status: 410 } });
  expect(isExpired(expired)).toBe(true);
});
