import { afterAll, expect, test } from 'vitest';
import schemas from '../src/kube/schema.json' with { type: 'json' };
import { type KubeApiserver, kubeApiserver } from '../src/kube-apiserver.js';
import {
  clusters,
  type KubeAnswer,
  Lab,
  mergePatch,
  newCluster,
  type Sent,
  send,
} from './kube-wire.js';

// The same requests to the simulator and to a real kube-apiserver with Cluster API's definitions: the same words back.

const real = await start();
const lab = real && (await Lab.open());
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await real?.[Symbol.asyncDispose]();
});

async function start(): Promise<KubeApiserver | undefined> {
  const server = await kubeApiserver();
  if ('skipped' in server) {
    process.stderr.write(
      `The simulated Kubernetes against a real one: skipped, ${server.skipped}\n`,
    );
    return undefined;
  }
  const { token } = server;
  const post = (path: string, body: unknown) => send(server, 'POST', path, { token, body });
  const lines = schemas.filter(({ kind }) => kind === 'Cluster');
  await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'clusters.cluster.x-k8s.io' },
    spec: {
      group: 'cluster.x-k8s.io',
      scope: 'Namespaced',
      names: { kind: 'Cluster', plural: 'clusters', shortNames: ['cl'] },
      versions: lines.map(({ version, schema }, at) => ({
        name: version,
        served: true,
        storage: at === 0,
        schema: { openAPIV3Schema: schema },
        subresources: { status: {} },
      })),
    },
  });
  await post('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'dev' },
  });
  while ((await send(server, 'GET', clusters, { token })).status !== 200)
    await new Promise((done) => setTimeout(done, 50));
  await post(clusters, newCluster('web'));
  return server;
}

if (lab) {
  await lab.post(clusters, newCluster('web'));
  // What webhooks and controllers put there is not compared, and is in the way of a delete.
  const kind = lab.api.world.kinds.named('clusters', 'cluster.x-k8s.io');
  const web = lab.api.world.store.get(kind, 'dev', 'web');
  if (web) {
    const { finalizers: _, ...metadata } = web.metadata;
    lab.api.world.store.replace(kind, { ...web, metadata });
  }
}

const web = `${clusters}/web`;
const maps = '/api/v1/namespaces/dev/configmaps';
const map = (more: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'map' },
  ...more,
});
const patch = (body: unknown): Sent => ({ body, type: mergePatch });
const options = (more: object): Sent => ({
  body: { kind: 'DeleteOptions', apiVersion: 'v1', ...more },
});
const { kind: _, ...kindless } = newCluster('s');

const requests: [string, string, Sent?][] = [
  ['GET', `${clusters}/nope`],
  ['GET', '/apis/cluster.x-k8s.io/v1beta2/nothing'],
  ['GET', '/apis/no.such/v1'],
  ['GET', '/api/v1/namespaces/nope'],
  ['GET', '/api/v1/namespaces/dev/nothing'],
  ['GET', '/api/v1/namespaces/dev%2Fx/configmaps'],
  ['GET', `${maps}/a%2Fb`],
  ['POST', clusters, { body: newCluster('web') }],
  ['POST', clusters.replace('dev', 'nope'), { body: newCluster('web') }],
  ['POST', `${clusters}?fieldValidation=Strict`, { body: newCluster('s', {}, { bogus: 1 }) }],
  [
    'POST',
    clusters,
    { body: newCluster('s', { controlPlane: { replicas: 'x' } }, { paused: 'y' }) },
  ],
  ['POST', clusters, { body: newCluster('s', {}, { controlPlaneEndpoint: { port: 70_000 } }) }],
  ['POST', clusters, { body: newCluster('s', {}, { clusterNetwork: { serviceDomain: '' } }) }],
  [
    'POST',
    clusters,
    { body: newCluster('s', {}, { clusterNetwork: { pods: { cidrBlocks: [] } } }) },
  ],
  ['POST', clusters, { body: newCluster('s', { classRef: { name: 'BAD NAME' } }) }],
  ['POST', clusters, { body: { ...newCluster('s'), spec: null } }],
  ['POST', clusters, { body: { ...newCluster('s'), spec: {} } }],
  ['POST', clusters, { body: newCluster('Bad_Name') }],
  ['POST', clusters, { body: newCluster('') }],
  ['POST', clusters, { body: { ...newCluster('s'), kind: 'Machine' } }],
  ['POST', clusters, { body: { ...newCluster('s'), metadata: { name: 's', namespace: 'other' } } }],
  [
    'POST',
    clusters,
    { body: { ...newCluster('s'), metadata: { name: 's', resourceVersion: '5' } } },
  ],
  ['POST', clusters, { body: 'x', type: 'text/plain' }],
  ['POST', `${clusters}?dryRun=Yes`, { body: newCluster('s') }],
  ['POST', `${clusters}?fieldValidation=Nope`, { body: newCluster('s') }],
  ['PATCH', web, { body: {} }],
  ['PATCH', web, patch({ metadata: { resourceVersion: '1' }, spec: { paused: true } })],
  ['PATCH', web, patch({ spec: { paused: 'x' } })],
  ['PATCH', web, patch({ metadata: { name: 'x' } })],
  ['PATCH', `${clusters}/nope`, patch({})],
  ['PATCH', clusters, patch({})],
  ['PUT', web, { body: newCluster('web') }],
  ['PUT', web, { body: { ...newCluster('web'), metadata: { name: 'web', resourceVersion: '1' } } }],
  ['PUT', web, { body: newCluster('other') }],
  ['PUT', `${clusters}/nope`, { body: newCluster('nope') }],
  ['GET', `${clusters}?resourceVersion=abc`],
  ['GET', `${clusters}?watch=true&resourceVersion=abc`],
  ['GET', `${clusters}?limit=abc`],
  ['GET', `${clusters}?labelSelector=a%20b`],
  ['GET', `${clusters}?fieldSelector=spec.x%3D1`],
  ['GET', `${clusters}?fieldSelector=nonsense`],
  ['GET', `${maps}?fieldSelector=spec.x%3D1`],
  ['DELETE', web, options({ preconditions: { uid: '00000000-0000-0000-0000-000000000000' } })],
  ['DELETE', web, options({ preconditions: { resourceVersion: '1' } })],
  ['DELETE', web, options({ dryRun: ['x'] })],
  ['DELETE', `${web}?propagationPolicy=Nope`],
  ['DELETE', `${web}?dryRun=All`],
  ['DELETE', `${clusters}/nope`],
  ['POST', `${maps}?fieldValidation=Strict`, { body: map({ bogus: 1 }) }],
  ['POST', maps, { body: map({ kind: 'Secret' }) }],
  ['PUT', maps, { body: map({}) }],
];

/** Without what no two servers share: ids, versions. */
const comparable = ({ status, text, json, headers }: KubeAnswer) => ({
  status,
  warning: headers['warning'],
  said: JSON.parse(
    JSON.stringify(text.startsWith('{') ? json : { text })
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uid')
      .replace(/record \(\d+\)/g, 'record (version)')
      // Of several mistakes the real server names any first: the order of a Go map.
      .replace(/is invalid: \[(.*?)\]"/, (_, said: string) => `is invalid: [${inOrder(said)}]"`),
    (key, value: unknown) =>
      key === 'causes' && Array.isArray(value)
        ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : value,
  ),
});

const inOrder = (said: string): string =>
  said
    .split(/, (?=spec\.)/)
    .sort()
    .join(', ');

test.skipIf(!real).each(requests)(
  '%s %s is answered in the same words',
  async (method, path, sent = {}) => {
    if (!real || !lab) throw new Error('Nothing runs.');
    const theirs = await send(real, method, path, { token: real.token, ...sent });
    const ours = await lab.call(method, path, sent);
    expect(comparable(ours)).toEqual(comparable(theirs));
  },
);

test.skipIf(!real)('a delete with a body is no dry run, whatever its query says', async () => {
  if (!real || !lab) throw new Error('Nothing runs.');
  const gone = `${maps}/gone`;
  const made = { body: { ...map({}), metadata: { name: 'gone' } } };
  const at = { token: real.token };
  await send(real, 'POST', maps, { ...at, ...made });
  await lab.call('POST', maps, made);
  await send(real, 'DELETE', `${gone}?dryRun=All`, { ...at, ...options({}) });
  await lab.call('DELETE', `${gone}?dryRun=All`, options({}));
  expect(await send(real, 'GET', gone, at)).toMatchObject({ status: 404 });
  expect(await lab.call('GET', gone)).toMatchObject({ status: 404 });
});

test.skipIf(!real)('what cannot be read is refused with the same code and reason', async () => {
  if (!real || !lab) throw new Error('Nothing runs.');
  const others: [string, string, Sent][] = [
    ['POST', clusters, { body: '{nope' }],
    ['POST', clusters, { body: '[]' }],
    ['POST', clusters, { body: kindless }],
    ['POST', clusters, { body: { ...newCluster('s'), apiVersion: 'cluster.x-k8s.io/v1beta1' } }],
    ['PATCH', web, { body: '{nope', type: mergePatch }],
    ['PATCH', `${web}?fieldValidation=Strict`, patch({ spec: { zzz: 1 } })],
    ['PATCH', web, patch({ metadata: { uid: 'x' } })],
    ['GET', `${clusters}?limit=1&continue=nonsense`, {}],
  ];
  for (const [method, path, sent] of others) {
    const theirs = await send(real, method, path, { token: real.token, ...sent });
    const ours = await lab.call(method, path, sent);
    const { code, reason } = theirs.json;
    expect(ours.status).toBe(theirs.status);
    expect(ours.json).toMatchObject({ code, reason });
  }
});

test.skipIf(!real)(
  'somebody who is not known, and somebody who may not, hear the same',
  async () => {
    if (!real || !lab) throw new Error('Nothing runs.');
    const paths = [`${clusters}/x`, '/api/v1/namespaces/dev', maps, '/api/v1/nodes'];
    const call = await lab.as('nobody@vsphere.local');
    for (const path of paths) {
      const theirs = await send(real, 'GET', path, { token: real.viewer });
      const ours = await call('GET', path);
      const said = theirs.json.message.replace('"viewer"', '"sso:nobody@vsphere.local"');
      expect(ours.json).toEqual({ ...theirs.json, message: said });
      const stranger = { token: 'stranger' };
      const unknown = await send(real, 'GET', path, stranger);
      expect(comparable(await send(lab.server, 'GET', path, stranger))).toEqual(
        comparable(unknown),
      );
    }
  },
);
