import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, expect, test, vi } from 'vitest';
import { start } from '../../vsphere/test/cli.js';
import { listNamespaces } from '../src/tools/namespace/list-namespaces.js';
import { getClusterHealth } from '../src/tools/tkc/get-cluster-health.js';
import { getTkcCluster } from '../src/tools/tkc/get-tkc-cluster.js';
import { scaleTkcCluster } from '../src/tools/tkc/scale-tkc-cluster.js';
import { problemOf, read } from './answer.js';
import { bins, built, cli } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built, 120_000);

const web = { name: 'web', namespace: 'dev' };
const fifty = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, work));

test('50 calls at once log in once to the vCenter and once to the Supervisor', async () => {
  await using at = await lab();
  await fifty(() => read(at, getTkcCluster, web));
  expect(at.sim.vcenter.sessions).toMatchObject({ logins: 1, failedLogins: 0, open: 1 });
  expect(at.sim.logins()).toBe(1);
});

test('50 calls at once that find the vCenter session expired share one new login', async () => {
  await using at = await lab();
  await read(at, listNamespaces, {});
  at.sim.vcenter.sessions.expire();
  expect(await fifty(() => read(at, listNamespaces, {}))).toHaveLength(50);
  expect(at.sim.vcenter.sessions).toMatchObject({ logins: 2, failedLogins: 0 });
});

test('50 calls at once that find the token of a Supervisor expired share one new login', async () => {
  await using at = await lab();
  await read(at, getTkcCluster, web);
  at.sim.supervisors[0]?.logins.expire();
  expect(await fifty(() => read(at, getTkcCluster, web))).toHaveLength(50);
  expect(at.sim.logins()).toBe(2);
});

test('a change on an expired token is not sent twice: it says so, and the next one works', async () => {
  await using at = await lab();
  const input = { ...web, pool_name: 'workers', worker_count: 4 };
  const preview = await at.call(scaleTkcCluster, input);
  // The second plan has the Supervisor check it first.
  at.sim.kubeFaults.add({
    match: { method: 'PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}', nth: 2 },
    then: { status: 401 },
  });
  const outcome = await at.agree(scaleTkcCluster, input, preview);
  expect(outcome).toMatchObject({ status: 'failed', code: 'SESSION_LOST' });
  expect(await at.change(scaleTkcCluster, input)).toMatchObject({ status: 'done' });
});

test('the token of a Supervisor is never shown to a cluster, nor the other way round', async () => {
  await using at = await lab();
  await read(at, getClusterHealth, web);
  // One login for the Supervisor and one naming the cluster.
  const logins = at.sim.kubeRequests
    .filter(({ method }) => method === 'POST /wcp/login')
    .map(({ body }) => body);
  expect(logins).toHaveLength(2);
  expect(logins[1]).toContain('guest_cluster_name');
});

test.each([
  ['vCenter', 'POST /api/session', 'vcenter'],
  ['Supervisor', 'POST /wcp/login', 'kube'],
] as const)('a refused login says that it was the one to the %s', async (which, method, where) => {
  await using at = await lab();
  const fault = { match: { method }, times: Number.POSITIVE_INFINITY, then: { status: 401 } };
  (where === 'vcenter' ? at.sim.vcenter.faults : at.sim.kubeFaults).add(fault);
  const problem = await problemOf(at, getTkcCluster, web);
  expect(problem).toMatchObject({ code: 'AUTH_FAILED' });
  expect(problem.message).toContain(
    which === 'vCenter' ? '127.0.0.1' : 'the Supervisor supervisor-a',
  );
  expect(problem.remedy).toMatch(/vmware-vks/);
});

test('after a refused login nothing more is tried, so that the account is not locked', async () => {
  await using at = await lab();
  at.sim.kubeFaults.add({
    match: { method: 'POST /wcp/login' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 401 },
  });
  await problemOf(at, getTkcCluster, web);
  const tried = at.sim.kubeRequests.filter(({ method }) => method === 'POST /wcp/login').length;
  expect(await problemOf(at, getTkcCluster, web)).toMatchObject({ code: 'LOGIN_PAUSED' });
  expect(at.sim.kubeRequests.filter(({ method }) => method === 'POST /wcp/login')).toHaveLength(
    tried,
  );
});

test('where a Supervisor has no login service the vCenter has', async () => {
  await using at = await lab({ loginOnSupervisor: false });
  expect(await read(at, getTkcCluster, web)).toMatchObject({ name: 'web' });
});

test.each([
  ['that works', 'namespace list', 0],
  ['that reads a cluster', 'tkc get web -n dev', 0],
  ['that shows a plan', 'tkc scale web -n dev --pool workers --workers 9 --dry-run', 0],
  ['that changes something', 'tkc scale web -n dev --pool workers --workers 9 --yes', 0],
  ['that nobody agrees to', 'tkc delete shop -n prod', 6],
  ['that fails', 'tkc get nobody -n dev', 3],
])('a command %s leaves no session behind', async (_what, line, exit) => {
  await using at = await lab();
  expect(await cli(line.split(' '), at.env)).toMatchObject({ exit });
  expect(at.sim.vcenter.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a command ended by %s leaves no session behind',
  async (signal) => {
    await using at = await lab();
    const method = 'GET /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}';
    at.sim.kubeFaults.add({ match: { method }, then: 'hang' });
    const running = start(process.execPath, [bins.cli, 'tkc', 'get', 'web', '-n', 'dev'], at.env);
    await vi.waitFor(
      () => expect(at.sim.kubeRequests.some((one) => one.method === method)).toBe(true),
      10_000,
    );
    running.kill(signal);
    expect(await running.ended).toMatchObject({ stdout: '' });
    expect(at.sim.vcenter.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
  },
);

test.each(['SIGTERM', 'SIGINT', 'client'] as const)(
  'a server that is ended by the %s logs out first',
  async (by) => {
    await using at = await lab();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bins.mcp],
      env: { PATH: process.env['PATH'] ?? '', ...at.env },
      stderr: 'ignore',
    });
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(transport);
    for (let call = 0; call < 3; call += 1)
      await client.callTool({ name: 'list_tkc_clusters', arguments: {} });
    expect(at.sim.vcenter.sessions).toMatchObject({ logins: 1, open: 1 });
    if (by === 'client') await client.close();
    else process.kill(transport.pid ?? 0, by);
    await vi.waitFor(() => expect(at.sim.vcenter.sessions).toMatchObject({ open: 0 }), 10_000);
  },
);

test('a change under way when Ctrl-C comes is recorded as unknown, and the session ends', async () => {
  await using at = await lab();
  at.sim.kubeFaults.add({
    // The dry run of the preview and that of the second plan go through.
    match: { method: 'PATCH /apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusters/{}', nth: 3 },
    then: 'hang',
  });
  const line = 'tkc scale web -n dev --pool workers --workers 9 --yes'.split(' ');
  const running = start(process.execPath, [bins.cli, ...line], at.env);
  await vi.waitFor(() => expect(changesAt(at.sim)).toHaveLength(1), 10_000);
  running.kill('SIGINT');
  const { stderr } = await running.ended;
  expect(stderr).toContain('[UNKNOWN_OUTCOME]');
  expect(at.sim.vcenter.sessions.open).toBe(0);
  expect(at.audit().slice(-2)).toMatchObject([
    { phase: 'intent' },
    { phase: 'outcome', status: 'unknown' },
  ]);
});
