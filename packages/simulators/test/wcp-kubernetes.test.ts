import { expect, test } from 'vitest';
import { type SimulateVksOptions, simulateVks, type VksSimulation } from '../src/index.js';
import { type KubeAnswer, type Sent, send } from './kube-wire.js';
import { gold, management, root, supervisorA, WcpWire } from './wcp-wire.js';

const password = 'Simulated-1!';
const basic = (username: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** A simulation and an administrator at its vCenter. */
async function enter(options: SimulateVksOptions = {}) {
  const sim = await simulateVks(options);
  const wire = new WcpWire(sim);
  await wire.login('administrator@vsphere.local');
  return { sim, wire, [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose]() };
}

const at = (sim: VksSimulation, index: number) => {
  const found = sim.supervisors[index];
  if (!found) throw new Error(`There is no Supervisor ${index}.`);
  return { host: found.host, port: found.port, ca: found.certificate.cert };
};

/** Logs in to a Supervisor and sends requests with the token. */
async function onSupervisor(sim: VksSimulation, index: number, username: string) {
  const server = at(sim, index);
  const { status, json } = await send(server, 'POST', '/wcp/login', {
    authorization: basic(username),
  });
  if (status !== 200) throw new Error(`The login was answered with ${status}.`);
  return (method: string, path: string, sent: Sent = {}): Promise<KubeAnswer> =>
    send(server, method, path, { token: json.session_id, ...sent });
}

const clusters = '/apis/cluster.x-k8s.io/v1beta2';
const names = ({ json }: KubeAnswer): string[] =>
  json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

test('each Supervisor answers at the address and with the certificate that the vCenter names', async () => {
  await using there = await enter();
  for (const [index, cluster] of ['domain-c8', 'domain-c9'].entries()) {
    const { json } = await there.wire.get(`${management}/clusters/${cluster}`);
    const { host, port, ca } = at(there.sim, index);
    expect(json).toMatchObject({
      api_server_cluster_endpoint: `${host}:${port}`,
      tls_endpoint_certificate: ca,
    });
  }
  const { sim } = there;
  expect(sim.url).toBe(`https://${sim.vcenter.host}:${sim.vcenter.port}`);
});

test('the lab has its clusters, machines, claims and load balancers where its namespaces are', async () => {
  await using there = await enter();
  const first = await onSupervisor(there.sim, 0, 'administrator@vsphere.local');
  const second = await onSupervisor(there.sim, 1, 'administrator@vsphere.local');
  expect(names(await first('GET', `${clusters}/clusters`))).toEqual(['web', 'shop']);
  expect(names(await second('GET', `${clusters}/clusters`))).toEqual([]);
  const machines = '/apis/vmoperator.vmware.com/v1alpha5/namespaces/dev/virtualmachines';
  expect(names(await first('GET', machines))).toContain('bastion');
  const claims = await first('GET', '/api/v1/namespaces/prod/persistentvolumeclaims');
  expect(claims.json.items).not.toHaveLength(0);
  expect((await second('GET', '/api/v1/namespaces/edge')).status).toBe(200);
  expect((await second('GET', '/api/v1/namespaces/dev')).status).toBe(404);
  expect(there.sim.logins()).toBe(2);
});

test('a namespace made at the vCenter is there on its Supervisor, and goes with all that is in it', async () => {
  await using there = await enter({ configureMilliseconds: 60_000 });
  const { sim, wire } = there;
  const ask = await onSupervisor(sim, 0, 'administrator@vsphere.local');
  const pass = async () => {
    sim.vcenter.clock.advance(60_000);
    await sim.settle();
  };
  const spec = {
    namespace: 'team',
    supervisor: supervisorA,
    storage_specs: [{ policy: gold, limit: 1024 }],
    vm_service_spec: { vm_classes: ['best-effort-small'] },
  };
  await wire.send('POST', `${root}/v2`, spec);
  await pass();
  const classes = '/apis/vmoperator.vmware.com/v1alpha5/namespaces/team/virtualmachineclasses';
  expect(names(await ask('GET', classes))).toEqual(['best-effort-small']);
  await wire.send('DELETE', `${root}/dev`);
  expect((await ask('GET', '/api/v1/namespaces/dev')).json.status.phase).toBe('Terminating');
  await pass();
  expect((await ask('GET', '/api/v1/namespaces/dev')).status).toBe(404);
  expect(names(await ask('GET', `${clusters}/clusters`))).toEqual(['shop']);
});

test('who may do what on a Supervisor follows the access list at the vCenter', async () => {
  await using there = await enter();
  const { sim, wire } = there;
  const developer = await onSupervisor(sim, 0, 'developer@vsphere.local');
  const configMap = (namespace: string) =>
    developer('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-' } },
    });
  expect((await configMap('dev')).status).toBe(201);
  expect((await configMap('prod')).status).toBe(403);
  const grant = `${root}/prod/access/vsphere.local/developer?type=USER`;
  await wire.send('POST', grant, { role: 'EDIT' });
  expect((await configMap('prod')).status).toBe(201);
  await wire.send('DELETE', grant);
  expect((await configMap('prod')).status).toBe(403);
  const reader = await onSupervisor(sim, 0, 'readonly@vsphere.local');
  expect((await reader('GET', `${clusters}/namespaces/dev/clusters`)).status).toBe(200);
  expect((await reader('DELETE', `${clusters}/namespaces/dev/clusters/web`)).status).toBe(403);
});

test('the vCenter has the login service too, for the Supervisor a cluster is on', async () => {
  await using there = await enter({ supervisors: 1 });
  const { sim } = there;
  const vcenter = { host: sim.host, port: sim.port, ca: sim.ca };
  const login = (sent: Sent) => send(vcenter, 'POST', '/wcp/login', sent);
  const refused = await login({ authorization: 'Basic eDp5' });
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="WCP"']);
  const authorization = basic('administrator@vsphere.local');
  const { json } = await login({ authorization });
  const answer = await send(at(sim, 0), 'GET', '/api/v1/namespaces', { token: json.session_id });
  expect(answer.status).toBe(200);
  const guest = await login({
    authorization,
    body: { guest_cluster_name: 'web', guest_cluster_namespace: 'dev' },
  });
  expect(guest.json).toHaveProperty('guest_cluster_server');
  const missing = { guest_cluster_name: 'nothing', guest_cluster_namespace: 'dev' };
  expect((await login({ authorization, body: missing })).status).toBe(404);
  expect((await send(vcenter, 'GET', '/wcp/login', { authorization })).status).toBe(404);
});

test('the login service can be at the vCenter alone', async () => {
  await using there = await enter({ supervisors: 1, loginOnSupervisor: false });
  const { sim } = there;
  const authorization = basic('administrator@vsphere.local');
  const own = () => send(at(sim, 0), 'POST', '/wcp/login', { authorization });
  expect((await own()).status).toBe(404);
  sim.kubeFaults.clear();
  expect((await own()).status).toBe(404);
  const vcenter = { host: sim.host, port: sim.port, ca: sim.ca };
  const { json } = await send(vcenter, 'POST', '/wcp/login', { authorization });
  const answer = await send(at(sim, 0), 'GET', '/api/v1/namespaces', { token: json.session_id });
  expect(answer.status).toBe(200);
});

test('without a Supervisor there is no login service, and one that is configuring has no address', async () => {
  await using off = await enter({ supervisors: 0 });
  const { host, port, ca } = off.sim;
  const authorization = basic('administrator@vsphere.local');
  expect((await send({ host, port, ca }, 'POST', '/wcp/login', { authorization })).status).toBe(
    404,
  );
  await using fresh = await enter({
    supervisors: [{ name: 'ready' }, { name: 'fresh', configStatus: 'CONFIGURING' }],
    namespaces: [],
  });
  expect(fresh.sim.supervisors).toHaveLength(1);
  expect([...fresh.sim.world.supervisors.values()].map(({ endpoint }) => endpoint !== '')).toEqual([
    true,
    false,
  ]);
});

test('faults at Supervisors are not those at the vCenter', async () => {
  const method = 'GET /api/v1/namespaces';
  await using there = await enter({ kubeFaults: [{ match: { method }, then: { status: 503 } }] });
  const ask = await onSupervisor(there.sim, 0, 'administrator@vsphere.local');
  expect((await ask('GET', '/api/v1/namespaces')).status).toBe(503);
  expect((await ask('GET', '/api/v1/namespaces')).status).toBe(200);
  expect(there.sim.kubeRequests.map((each) => each.method)).toContain(method);
  expect(there.sim.vcenter.requests.map((each) => each.method)).toEqual(['POST /api/session']);
});

test('of 500 clusters a hundred are on each of five Supervisors', async () => {
  await using there = await enter({ seed: 'large' });
  const { sim } = there;
  const lists = await Promise.all(
    sim.supervisors.map(async (_, index) => {
      const ask = await onSupervisor(sim, index, 'administrator@vsphere.local');
      return names(await ask('GET', `${clusters}/clusters`));
    }),
  );
  expect(lists.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100]);
});

test('a seed that is empty stays empty, whatever its namespaces are called', async () => {
  const namespaces = [{ name: 'dev', supervisor: 'supervisor-a' }];
  await using there = await enter({ seed: 'empty', namespaces });
  const ask = await onSupervisor(there.sim, 0, 'administrator@vsphere.local');
  expect(names(await ask('GET', `${clusters}/clusters`))).toEqual([]);
});

test('a port that is taken is said, and nothing is left listening', async () => {
  await using there = await enter({ seed: 'empty' });
  await expect(simulateVks({ seed: 'empty', port: there.sim.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
