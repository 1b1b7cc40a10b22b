import { expect, onTestFinished, test, vi } from 'vitest';
import { type WcpLab, wcpLab } from '../../test/wcp.js';
import { deletion } from '../kube/change.js';
import type { Kube } from '../kube/client.js';
import { parseKubeconfig } from '../kube/kubeconfig.js';
import { supervisorOf } from './find-supervisor.js';

const web = { namespace: 'dev', name: 'web' };
const namesOf = async (kube: Kube, namespace?: string) => {
  const clusters = await kube.resource('cluster.x-k8s.io', 'clusters');
  const { items } = await kube.all(clusters, { namespace });
  return items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
};
const nodesOf = async (kube: Kube) => (await kube.all(await kube.resource('', 'nodes'))).items;
/** Requests at API servers from nobody they know. */
const strangers = ({ kubeRequests }: WcpLab['sim']) =>
  kubeRequests.filter(({ user, target }) => !user && !target.startsWith('/wcp/'));
const fifty = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, work));

test('each namespace is asked about at its own Supervisor, and fifty callers log in once', async () => {
  await using there = await wcpLab();
  const { supervisors } = there;
  const found = await fifty(async () => namesOf(await supervisors.kubeOf('dev'), 'dev'));
  expect(found).toEqual(Array(50).fill(['dev/web']));
  expect(there.logins()).toBe(1);
  expect(there.requestsAt('supervisor-a').filter((one) => one === 'GET /apis')).toHaveLength(1);
  expect(there.requestsAt('supervisor-b')).toEqual([]);
  expect((await supervisors.kubeOf('edge')).label).toBe('the Supervisor supervisor-b');
  expect(await namesOf(await supervisors.kubeOf('edge'), 'edge')).not.toContain('dev/web');
  expect(there.logins()).toBe(2);
});

test('many Supervisors are read at once, with one login and one discovery each', async () => {
  await using there = await wcpLab({ seed: 'large' });
  const all = await there.supervisors.list();
  expect(all.length).toBeGreaterThanOrEqual(5);
  const read = () => Promise.all(all.map(async (on) => namesOf(there.supervisors.kube(on))));
  const [first, second] = await Promise.all([read(), read()]);
  expect(first.flat()).toHaveLength(500);
  expect(second).toEqual(first);
  expect(there.logins()).toBe(all.length);
  for (const { name } of all)
    expect(there.requestsAt(name).filter((one) => one === 'GET /apis')).toHaveLength(1);
});

test('a cluster is entered with a credential of its own, renewed when it has expired', async () => {
  await using there = await wcpLab();
  const { sim, supervisors } = there;
  const kubes = await fifty(() => supervisors.cluster(web));
  expect(new Set(kubes).size).toBe(1);
  const [kube] = kubes;
  if (!kube) throw new Error('no client');
  expect(await nodesOf(kube)).not.toHaveLength(0);
  expect(there.logins()).toBe(2); // the Supervisor and the cluster
  for (const supervisor of sim.supervisors) supervisor.logins.expire();
  expect(strangers(sim)).toEqual([]); // a token of another server would not have been known
  await fifty(() => nodesOf(kube));
  expect(there.logins()).toBe(3);
});

test('where the login service knows no clusters the certificate of the secret is shown', async () => {
  await using there = await wcpLab({ guestLogin: false });
  const access = await there.supervisors.accessTo(web);
  expect(access).toMatchObject({ from: 'kubeconfig secret', validUntil: expect.any(Number) });
  expect(access.token).toBeUndefined();
  const given = await parseKubeconfig(await access.kubeconfig(web));
  expect(given.clientCert).toContain('BEGIN CERTIFICATE');
  expect(given.token).toBeUndefined();
  expect(await nodesOf(await there.supervisors.cluster(web))).not.toHaveLength(0);
  expect(there.logins()).toBe(1);
});

test('a kubeconfig has a token of the server it is for, and the authority that vouches for it', async () => {
  await using there = await wcpLab();
  const { supervisors } = there;
  const on = await supervisors.of('dev');
  const { endpoint, token, expiresAt } = await supervisors.tokenFor(on);
  expect(on.certificate).toContain('BEGIN CERTIFICATE');
  expect(endpoint).toMatchObject({ thumbprint: on.thumbprint, verifySsl: true });
  expect(expiresAt).toEqual(expect.any(Number));
  const access = await supervisors.accessTo(web);
  const given = await parseKubeconfig(
    await access.kubeconfig({ name: 'web', namespace: 'default' }),
  );
  expect(given).toMatchObject({ namespace: 'default', ca: access.endpoint.ca });
  expect(given.token).toBe(access.token?.token);
  expect(given.token).not.toBe(token);
});

test('who may not read the secret is told so, with both reasons', async () => {
  const viewer = {
    username: 'viewer@vsphere.local',
    password: 'Simulated-1!',
    privileges: ['Namespaces.Configure', 'Namespaces.Manage', 'Namespaces.ListAccess'],
    kubernetes: { role: 'view' },
  } as const;
  await using there = await wcpLab({ guestLogin: false, users: [viewer] });
  await expect(there.supervisors.cluster(web)).rejects.toMatchObject({
    code: 'NO_CREDENTIAL',
    message: expect.stringMatching(
      /login service does not know it.*web-kubeconfig cannot be read.*403/,
    ),
    remedy: expect.stringContaining('dev'),
  });
});

test('a refused login says which of the three it was, and is not tried again', async () => {
  await using vcenter = await wcpLab({}, { password: 'wrong' });
  await expect(vcenter.supervisors.kubeOf('dev')).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringContaining('to the target lab'),
  });
  await using supervisor = await wcpLab({}, { supervisorPassword: 'wrong' });
  const kube = await supervisor.supervisors.kubeOf('dev');
  for (const one of await Promise.allSettled(Array.from({ length: 10 }, () => namesOf(kube))))
    expect(one).toMatchObject({
      reason: {
        code: 'AUTH_FAILED',
        message: expect.stringContaining('to the Supervisor supervisor-a'),
        remedy: expect.stringContaining('preflight-auth --target lab'),
      },
    });
  await expect(namesOf(kube)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  await expect(
    supervisor.supervisors.tokenFor(await supervisor.supervisors.of('edge')),
  ).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  const logins = supervisor.sim.kubeRequests.filter(({ target }) => target === '/wcp/login');
  expect(logins.length).toBeLessThanOrEqual(1);

  await using guest = await wcpLab({
    kubeFaults: [{ match: { method: 'POST /wcp/login', nth: 2 }, then: { status: 401 } }],
  });
  await expect(guest.supervisors.cluster(web)).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringContaining('to the cluster dev/web'),
  });
  await expect(guest.supervisors.accessTo(web)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
});

test('the login service of the vCenter is asked where Supervisors have none, or where it is set', async () => {
  await using without = await wcpLab({ loginOnSupervisor: false });
  expect(await namesOf(await without.supervisors.kubeOf('dev'), 'dev')).toEqual(['dev/web']);
  await using set = await wcpLab({}, { supervisorLogin: 'vcenter' });
  expect(await namesOf(await set.supervisors.kubeOf('dev'), 'dev')).toEqual(['dev/web']);
  expect(await nodesOf(await set.supervisors.cluster(web))).not.toHaveLength(0);
  expect(set.sim.kubeRequests.filter(({ target }) => target === '/wcp/login')).toEqual([]);
});

test('what is not there is named with what is like it', async () => {
  await using there = await wcpLab();
  const { supervisors } = there;
  await expect(supervisors.of('dew')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('Did you mean dev?'),
  });
  await expect(supervisors.find('supervisor-c')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('supervisor-a'),
  });
  await expect(supervisors.find(undefined)).rejects.toMatchObject({ code: 'AMBIGUOUS' });
  expect((await supervisors.find('domain-c9')).name).toBe('supervisor-b');
  await expect(supervisors.cluster({ namespace: 'dev', name: 'wev' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(supervisors.cluster({ namespace: 'dev', name: '../web' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});

test('no Supervisor is said so; one that cannot be read is never taken for an empty one', async () => {
  await using off = await wcpLab({ supervisors: 0 });
  await expect(off.supervisors.of('dev')).rejects.toMatchObject({
    code: 'WORKLOAD_MANAGEMENT_OFF',
  });
  await expect(off.supervisors.find(undefined)).rejects.toMatchObject({
    code: 'WORKLOAD_MANAGEMENT_OFF',
  });
  await using down = await wcpLab();
  const kube = await down.supervisors.kubeOf('dev');
  for (const supervisor of down.sim.supervisors) await supervisor[Symbol.asyncDispose]();
  await expect(namesOf(kube, 'dev')).rejects.toMatchObject({
    message: expect.stringContaining('the Supervisor supervisor-a'),
  });
  const summary = { namespace: 'dev', supervisor: 'gone', config_status: 'RUNNING' };
  const known = { ...summary, description: undefined, stats: undefined };
  expect(() => supervisorOf('dev', [known], [])).toThrow(
    expect.objectContaining({ code: 'UPSTREAM', retryable: true }),
  );
});

test('a Supervisor with another certificate than vCenter names is not trusted', async () => {
  await using there = await wcpLab();
  const on = await there.supervisors.of('dev');
  const other = { ...on, thumbprint: on.thumbprint?.replace(/^../, '00') };
  await expect(there.supervisors.kube(other).apis()).rejects.toMatchObject({
    code: 'TLS_UNTRUSTED',
  });
  await expect(
    there.supervisors.kube({ ...on, thumbprint: undefined, certificate: undefined }).apis(),
  ).rejects.toMatchObject({ code: 'TLS_UNTRUSTED' });
  const unready = { ...on, endpoint: undefined, configStatus: 'CONFIGURING' };
  expect(() => there.supervisors.kube(unready)).toThrow(
    expect.objectContaining({ code: 'SUPERVISOR_NOT_READY' }),
  );
  expect(there.logins()).toBe(0);
});

test('a cluster is looked at again after a minute: the same is kept, another of its name is entered', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  await using there = await wcpLab();
  const { sim, supervisors } = there;
  const first = await supervisors.cluster(web);
  vi.setSystemTime(Date.now() + 61_000);
  expect(await supervisors.cluster(web)).toBe(first);
  expect(there.logins()).toBe(2);

  const kube = await supervisors.kubeOf('dev');
  const clusters = await kube.resource('cluster.x-k8s.io', 'clusters');
  await kube.send(deletion(clusters, web));
  await vi.waitFor(async () => {
    sim.vcenter.clock.advance(60_000);
    await sim.settle();
    expect(await kube.find(clusters, web)).toBeUndefined();
  });
  await sim.supervisors[0]?.addCluster({
    ...web,
    version: 'v1.33.1+vmware.1-fips',
    pools: [{ name: 'only', replicas: 1 }],
  });
  vi.setSystemTime(Date.now() + 61_000);
  const second = await supervisors.cluster(web);
  expect(second).not.toBe(first);
  expect(await nodesOf(second)).toHaveLength(2);
});

test('a caller who stops waiting stops nobody else', async () => {
  await using there = await wcpLab();
  const stop = new AbortController();
  const first = there.supervisors.list({ signal: stop.signal });
  const second = there.supervisors.list();
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await second).toHaveLength(2);
});

test('nothing is opened after closing', async () => {
  await using there = await wcpLab();
  const on = await there.supervisors.of('dev');
  await there.supervisors.close();
  expect(() => there.supervisors.kube(on)).toThrow(
    expect.objectContaining({ code: 'CONNECTION_CLOSED' }),
  );
});
