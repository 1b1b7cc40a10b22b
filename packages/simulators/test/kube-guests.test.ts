import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guest } from '../src/kube/guest/guest-server.js';
import { clusters, Lab, newCluster, type Sent, send } from './kube-wire.js';

let lab: Lab;
const shop = { namespace: 'shop', name: 'front' };
beforeAll(async () => {
  lab = await Lab.open({ tokenMilliseconds: 60_000_000 });
  const pools = [{ name: 'workers', replicas: 2 }];
  const version = 'v1.31.4';
  await lab.api.addCluster({
    namespace: 'dev',
    name: 'web',
    version,
    pools,
    workloads: {
      deployments: [
        { ...shop, replicas: 2 },
        { namespace: 'shop', name: 'back', replicas: 2, ready: 0 },
      ],
      statefulSets: [{ namespace: 'shop', name: 'db' }],
      daemonSets: [{ namespace: 'shop', name: 'agent' }],
      claims: [{ namespace: 'shop', name: 'data', storage: '5Gi', storageClass: 'gold-policy' }],
      loadBalancers: [
        { ...shop, address: '10.30.0.20' },
        { namespace: 'shop', name: 'waits' },
      ],
    },
  });
  await lab.api.addCluster({ namespace: 'dev', name: 'other', version, pools });
});
afterAll(() => lab[Symbol.asyncDispose]());

function guest(name = 'web'): Guest {
  const found = lab.api.guest('dev', name);
  if (!found) throw new Error(`There is no cluster ${name}.`);
  return found;
}

const enter = (name: string, username = 'administrator@vsphere.local') =>
  lab.login(username, { guest_cluster_name: name, guest_cluster_namespace: 'dev' });

const ask = (path: string, sent: Sent, { host, port, certificate } = guest()) =>
  send({ host, port, ca: certificate }, 'GET', path, sent);

const deployments = '/apis/apps/v1/deployments';

test('the login service says where a cluster is, whom to trust, and gives a token for it', async () => {
  const { status, json } = await enter('web');
  expect(status).toBe(200);
  expect(json.guest_cluster_server).toBe(guest().endpoint);
  const ca = Buffer.from(json.guest_cluster_ca, 'base64').toString('utf8');
  const [host = '', port] = json.guest_cluster_server.split(':');
  const answer = await send({ host, port: Number(port), ca }, 'GET', deployments, {
    token: json.session_id,
  });
  expect(answer.status).toBe(200);
  expect(answer.json.kind).toBe('DeploymentList');
});

test('a token is good for the one API server that it was asked for', async () => {
  const { session_id: token } = (await enter('web')).json;
  expect((await ask(deployments, { token })).status).toBe(200);
  expect((await ask(deployments, { token }, guest('other'))).status).toBe(401);
  expect((await ask(deployments, { token: lab.token })).status).toBe(401);
  expect((await send(lab.server, 'GET', clusters, { token })).status).toBe(401);
});

test('the authority of one cluster is not that of another, nor of the Supervisor', async () => {
  const { host, port } = guest();
  for (const ca of [guest('other').certificate, lab.api.certificate.cert])
    await expect(send({ host, port, ca }, 'GET', '/healthz')).rejects.toThrow(/certificate/);
});

test('the secret holds a client certificate that its own cluster takes, and no other', async () => {
  const { json } = await lab.get('/api/v1/namespaces/dev/secrets/web-kubeconfig');
  const kubeconfig = Buffer.from(json.data.value, 'base64').toString('utf8');
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? '';
  const pem = (name: string) => Buffer.from(field(name), 'base64').toString('utf8');
  expect(field('server')).toBe(`https://${guest().endpoint}`);
  const { host, port } = guest();
  const server = { host, port, ca: pem('certificate-authority-data') };
  const certificate = { cert: pem('client-certificate-data'), key: pem('client-key-data') };
  const answer = await send(server, 'GET', deployments, { certificate });
  expect(answer.status).toBe(200);
  expect((await ask(deployments, { certificate }, guest('other'))).status).toBe(401);
});

test('whoever may change the namespace is an administrator there, whoever may only look is nobody', async () => {
  const { session_id: edits } = (await enter('web', 'developer@vsphere.local')).json;
  expect((await ask('/api/v1/nodes', { token: edits })).status).toBe(200);
  const { session_id: views } = (await enter('web', 'viewer@vsphere.local')).json;
  expect((await ask('/api/v1/nodes', { token: views })).status).toBe(403);
  expect((await enter('web', 'nobody@vsphere.local')).status).toBe(404);
});

test('a cluster that is not there, or not yet, cannot be logged in to', async () => {
  expect((await enter('nope')).status).toBe(404);
  await lab.post(clusters, newCluster('early'));
  expect((await enter('early')).status).toBe(404);
});

test('without logins to clusters the secret is the only way', async () => {
  await using closed = await Lab.open({ guestLogin: false });
  await closed.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools: [] });
  const asked = { guest_cluster_name: 'web', guest_cluster_namespace: 'dev' };
  expect((await closed.login('administrator@vsphere.local', asked)).status).toBe(404);
  expect((await closed.get('/api/v1/namespaces/dev/secrets/web-kubeconfig')).status).toBe(200);
});

test('a cluster has what a real one comes with, besides what people run', async () => {
  const { session_id: token } = (await enter('web')).json;
  const system = async (path: string) =>
    (await ask(path, { token })).json.items
      .filter(({ metadata }: { metadata: { namespace: string } }) =>
        /^kube-system$|^vmware-system-/.test(metadata.namespace),
      )
      .map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  expect(await system(deployments)).toEqual(
    expect.arrayContaining(['coredns', 'antrea-controller', 'vsphere-csi-controller']),
  );
  expect(await system('/apis/apps/v1/daemonsets')).toEqual(
    expect.arrayContaining(['kube-proxy', 'antrea-agent', 'vsphere-csi-node']),
  );
  const { json } = await ask('/apis/apps/v1/namespaces/shop/deployments', { token });
  const ready = json.items.map(
    ({ status }: { status: { readyReplicas?: number } }) => status.readyReplicas,
  );
  expect(ready).toEqual([undefined, 2]);
  const { json: claims } = await ask('/api/v1/namespaces/shop/persistentvolumeclaims', { token });
  expect(claims.items[0].status).toMatchObject({ phase: 'Bound', capacity: { storage: '5Gi' } });
  const { json: services } = await ask('/api/v1/namespaces/shop/services', { token });
  expect(services.items.map(({ status }: { status: object }) => status)).toEqual([
    { loadBalancer: { ingress: [{ ip: '10.30.0.20' }] } },
    { loadBalancer: {} },
  ]);
  expect((await ask(clusters, { token })).status).toBe(404);
});

test('each machine is a node, and DaemonSets are on all of them', async () => {
  const { session_id: token } = (await enter('web')).json;
  const { json: nodes } = await ask('/api/v1/nodes', { token });
  expect(nodes.items).toHaveLength(3);
  for (const { status } of nodes.items) {
    expect(status.nodeInfo.kubeletVersion).toBe('v1.31.4+vmware.1-fips');
    expect(status.capacity).toMatchObject({ cpu: '2', memory: '4194304Ki' });
    expect(status.conditions.find(({ type }: { type: string }) => type === 'Ready').status).toBe(
      'True',
    );
  }
  const { json: proxy } = await ask('/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy', {
    token,
  });
  expect(proxy.status.numberReady).toBe(3);
  expect((await ask('/version', { token })).json.gitVersion).toBe('v1.31.4+vmware.1-fips');
});

test('nodes follow an upgrade and a scale', async () => {
  await lab.patch(`${clusters}/other`, {
    spec: {
      topology: {
        version: 'v1.31.11',
        workers: { machineDeployments: [{ class: 'node-pool', name: 'workers', replicas: 1 }] },
      },
    },
  });
  await lab.pass(2_000_000);
  const { session_id: token } = (await enter('other')).json;
  const { json } = await ask('/api/v1/nodes', { token }, guest('other'));
  const versions = json.items.map(
    ({ status }: { status: { nodeInfo: { kubeletVersion: string } } }) =>
      status.nodeInfo.kubeletVersion,
  );
  expect(versions).toEqual(['v1.31.11+vmware.1-fips', 'v1.31.11+vmware.1-fips']);
  expect((await ask('/version', { token }, guest('other'))).json.gitVersion).toBe(
    'v1.31.11+vmware.1-fips',
  );
});

test('what is asked of a cluster is recorded with its name', async () => {
  const { session_id: token } = (await enter('web')).json;
  await ask('/api/v1/nodes?limit=500', { token });
  expect(lab.requests.at(-1)).toMatchObject({
    server: 'dev/web',
    method: 'GET /api/v1/nodes',
    user: 'sso:administrator@vsphere.local',
  });
});

test('a cluster that is gone does not listen any more', async () => {
  await using own = await Lab.open();
  await own.api.addCluster({ namespace: 'dev', name: 'web', version: 'v1.31.4', pools: [] });
  const found = own.api.guest('dev', 'web');
  if (!found) throw new Error('There is no cluster.');
  const server = { host: found.host, port: found.port, ca: found.certificate };
  expect((await send(server, 'GET', '/healthz')).status).toBe(200);
  await own.delete(`${clusters}/web`);
  await own.pass(1_000_000);
  await expect(send(server, 'GET', '/healthz')).rejects.toThrow(/ECONNREFUSED/);
});
