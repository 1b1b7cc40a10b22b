import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusters, Lab, newCluster, password, send, users } from './kube-wire.js';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open({ tokenMilliseconds: 60_000 });
});
afterAll(() => lab[Symbol.asyncDispose]());

const mine = '/api/v1/namespaces/dev/persistentvolumeclaims';

test('a login gives a token that says when it ends, and a wrong password gives none', async () => {
  const { status, json } = await lab.login('Developer@VSPHERE.local');
  expect(status).toBe(200);
  const payload = JSON.parse(
    Buffer.from(json.session_id.split('.')[1], 'base64url').toString('utf8'),
  );
  const left = payload.exp * 1000 - lab.clock.now().getTime();
  expect(left).toBeGreaterThan(50_000);
  expect(left).toBeLessThanOrEqual(60_000);
  expect((await lab.login('developer@vsphere.local', undefined, 'wrong')).status).toBe(401);
  expect((await lab.login('stranger@vsphere.local')).status).toBe(401);
  expect((await send(lab.server, 'POST', '/wcp/login')).status).toBe(401);
});

test('a body that is no JSON is refused, and there is nothing else below /wcp', async () => {
  expect((await lab.login('administrator@vsphere.local', '[')).status).toBe(400);
  expect((await lab.call('GET', '/wcp/other')).status).toBe(404);
});

test('the namespaces of an account are those that it may enter', async () => {
  const basic = Buffer.from(`viewer@vsphere.local:${password}`).toString('base64');
  const { text } = await send(lab.server, 'GET', '/wcp/workloads', {
    authorization: `Basic ${basic}`,
  });
  expect(JSON.parse(text)).toMatchObject([{ namespace: 'dev', master_host: '127.0.0.1' }]);
  const nobody = Buffer.from(`nobody@vsphere.local:${password}`).toString('base64');
  const none = await send(lab.server, 'GET', '/wcp/workloads', {
    authorization: `Basic ${nobody}`,
  });
  expect(none.text).toBe('[]');
});

test('a token is of no use once its time is up, or once every token was ended', async () => {
  const { session_id: token } = (await lab.login('developer@vsphere.local')).json;
  expect((await send(lab.server, 'GET', mine, { token })).status).toBe(200);
  lab.clock.advance(60_001);
  const late = await send(lab.server, 'GET', mine, { token });
  expect(late.status).toBe(401);
  expect(late.json).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
  lab.token = (await lab.login('administrator@vsphere.local')).json.session_id;
  expect((await lab.get(mine)).status).toBe(200);
  lab.api.logins.expire();
  expect((await lab.get(mine)).status).toBe(401);
  lab.token = (await lab.login('administrator@vsphere.local')).json.session_id;
});

test('logins are counted when they succeed', async () => {
  const before = lab.api.logins.total;
  await lab.login('developer@vsphere.local');
  await lab.login('developer@vsphere.local', undefined, 'wrong');
  expect(lab.api.logins.total).toBe(before + 1);
});

const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by' } };
const spaces = '/api/v1/namespaces';

test.each([
  ['administrator@vsphere.local', 'GET', spaces, 200],
  ['administrator@vsphere.local', 'DELETE', `${spaces}/dev`, 403],
  ['administrator@vsphere.local', 'PATCH', `${spaces}/dev/resourcequotas/dev-storagequota`, 403],
  ['developer@vsphere.local', 'GET', spaces, 403],
  ['developer@vsphere.local', 'GET', `${spaces}/dev`, 200],
  ['developer@vsphere.local', 'GET', `${spaces}/kube-system/configmaps`, 403],
  ['developer@vsphere.local', 'GET', `${spaces}/dev/secrets`, 200],
  ['developer@vsphere.local', 'POST', `${spaces}/dev/configmaps`, 201],
  ['viewer@vsphere.local', 'GET', `${spaces}/dev/configmaps`, 200],
  ['viewer@vsphere.local', 'GET', `${spaces}/dev/secrets`, 403],
  ['viewer@vsphere.local', 'POST', `${spaces}/dev/configmaps`, 403],
  ['viewer@vsphere.local', 'GET', '/apis/storage.k8s.io/v1/storageclasses', 200],
  ['viewer@vsphere.local', 'GET', clusters.replace('dev', 'vmware-system-vks-public'), 200],
  ['nobody@vsphere.local', 'GET', '/apis/storage.k8s.io/v1/storageclasses', 403],
  ['nobody@vsphere.local', 'GET', `${spaces}/dev`, 403],
])('%s: %s %s is answered with %i', async (username, method, path, expected) => {
  const call = await lab.as(username);
  const { status, json } = await call(method, path, method === 'POST' ? { body: map } : {});
  expect(status).toBe(expected);
  if (expected === 403) expect(json.message).toContain(`User "sso:${username}" cannot`);
});

test('a refusal says who cannot do what where', async () => {
  const call = await lab.as('viewer@vsphere.local');
  const { json } = await call('POST', clusters, { body: newCluster('web') });
  expect(json).toMatchObject({
    reason: 'Forbidden',
    message:
      'clusters.cluster.x-k8s.io is forbidden: User "sso:viewer@vsphere.local" cannot create resource "clusters" in API group "cluster.x-k8s.io" in the namespace "dev"',
    details: { group: 'cluster.x-k8s.io', kind: 'clusters' },
  });
});

test('what an account may do is looked up at every request', async () => {
  const roles = ['none', 'edit'] as const;
  let at = 0;
  const moving = {
    username: 'moving@vsphere.local',
    password,
    get role() {
      return roles[at] ?? 'none';
    },
  };
  await using other = await Lab.open({ users: [...users, moving] });
  const call = await other.as(moving.username);
  expect((await call('GET', mine)).status).toBe(403);
  at = 1;
  expect((await call('GET', mine)).status).toBe(200);
});
