import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, expect, test, vi } from 'vitest';
import { powerOn } from '../src/tools/power/power-on.js';
import { getVmInfo } from '../src/tools/vm/get-vm-info.js';
import { listVms } from '../src/tools/vm/list-vms.js';
import { read } from './answer.js';
import { bins, built, cli, start } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built);

const methods = ({ sim }: { sim: { requests: readonly { method: string }[] } }, wanted: string) =>
  sim.requests.filter(({ method }) => method === wanted).length;

test('50 calls at once log in once', async () => {
  await using vc = await lab();
  await Promise.all(Array.from({ length: 50 }, () => read(vc, getVmInfo, { name: 'web-01' })));
  expect(vc.sim.sessions).toMatchObject({ logins: 1, failedLogins: 0, open: 1 });
});

test('50 calls at once that find the session expired share one new login, and all are answered', async () => {
  await using vc = await lab();
  await read(vc, listVms, {});
  vc.sim.sessions.expire();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      at % 2 === 0
        ? read(vc, getVmInfo, { name: 'web-01' })
        : read(vc, listVms, { filter: 'web-01' }),
    ),
  );
  expect(answers).toHaveLength(50);
  expect(vc.sim.sessions).toMatchObject({ logins: 2, failedLogins: 0, open: 1 });
});

test('a session that idled away is renewed, and nobody notices', async () => {
  await using vc = await lab();
  const before = await read(vc, listVms, {});
  vc.sim.clock.advance(31 * 60_000);
  expect(await read(vc, listVms, {})).toEqual(before);
  expect(vc.sim.sessions).toMatchObject({ logins: 2, open: 1 });
});

test('a change that meets an expired session is not sent a second time by itself', async () => {
  await using vc = await lab();
  const preview = await vc.call(powerOn, { name: 'ci-runner-01' });
  vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: { fault: 'NotAuthenticated' } });
  const outcome = await vc.agree(powerOn, { name: 'ci-runner-01' }, preview);
  expect(outcome).toMatchObject({ status: 'failed', code: 'SESSION_LOST', retryable: true });
  expect(changesAt(vc.sim)).toHaveLength(1);
  expect(await vc.change(powerOn, { name: 'ci-runner-01' })).toMatchObject({ status: 'done' });
});

test('closing the toolset logs out of every target it was used with', async () => {
  await using vc = await lab();
  for (const target of ['lab', 'prod']) await vc.call(listVms, {}, { target });
  expect(vc.sim.sessions.open).toBe(2);
  await vc.governed.close();
  expect(vc.sim.sessions).toMatchObject({ open: 0, logouts: 2 });
});

test.each([
  ['that works', ['vm', 'list'], 0],
  ['that shows a plan', ['vm', 'delete', 'web-01', '--dry-run'], 0],
  ['that changes something', ['vm', 'power-on', 'ci-runner-01', '--yes'], 0],
  ['that fails', ['vm', 'info', 'nobody'], 3],
])('a command %s leaves no session behind', async (_what, args, exit) => {
  await using vc = await lab();
  expect(await cli(args, vc.env)).toMatchObject({ exit });
  expect(vc.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
});

async function endedBy(signal: NodeJS.Signals): Promise<void> {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'RetrievePropertiesEx' }, then: 'hang' });
  const running = start(process.execPath, [bins.cli, 'vm', 'list'], vc.env);
  await vi.waitFor(() => expect(methods(vc, 'RetrievePropertiesEx')).toBe(1), 10_000);
  running.kill(signal);
  expect(await running.ended).toMatchObject({ stdout: '' });
  expect(vc.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a command ended by %s leaves no session behind',
  endedBy,
);

/** An MCP client at our server in a process of its own. */
async function serve(env: Readonly<Record<string, string>>, args = [bins.mcp]) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(transport);
  const ended = new Promise<void>((resolve) => {
    client.onclose = resolve;
  });
  return { client, ended, pid: transport.pid ?? 0 };
}

test.each([
  ['vmware-vsphere-mcp', [bins.mcp]],
  ['vmware-vsphere mcp', [bins.cli, 'mcp']],
])('%s keeps one session for all calls and logs out when its client goes', async (_what, args) => {
  await using vc = await lab();
  const { client } = await serve(vc.env, args);
  for (let call = 0; call < 3; call += 1) {
    const answer = await client.callTool({ name: 'list_vms', arguments: {} });
    expect(answer.structuredContent).toMatchObject({ total: 24 });
  }
  expect(vc.sim.sessions).toMatchObject({ logins: 1, open: 1 });
  await client.close();
  await vi.waitFor(() => expect(vc.sim.sessions).toMatchObject({ logouts: 1, open: 0 }), 10_000);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a server told to stop by %s logs out first',
  async (signal) => {
    await using vc = await lab();
    const { client, ended, pid } = await serve(vc.env);
    await client.callTool({ name: 'list_vms', arguments: {} });
    expect(vc.sim.sessions.open).toBe(1);
    process.kill(pid, signal);
    await ended;
    expect(vc.sim.sessions).toMatchObject({ logouts: 1, open: 0 });
  },
);

test.each(['client', 'SIGTERM'] as const)(
  'a change under way when the %s ends the server is recorded as unknown before it goes',
  async (by) => {
    await using vc = await lab();
    vc.sim.faults.add({ match: { method: 'SuspendVM_Task' }, then: 'taskHangs' });
    const { client, ended, pid } = await serve(vc.env);
    const call = client.callTool({
      name: 'suspend_vm',
      arguments: { name: 'web-01', dry_run: false },
    });
    call.catch(() => {});
    await vi.waitFor(() => expect(changesAt(vc.sim)).toHaveLength(1), 10_000);
    if (by === 'client') await client.close();
    else process.kill(pid, by);
    await ended;
    await vi.waitFor(() => expect(vc.audit().at(-1)).toMatchObject({ phase: 'outcome' }), 10_000);
    expect(vc.audit().map(({ phase, status }) => `${phase} ${status}`)).toEqual([
      'intent pending',
      'outcome unknown',
    ]);
    expect(changesAt(vc.sim)).toHaveLength(1);
  },
);

test('a server that was never called has logged in nowhere', async () => {
  await using vc = await lab();
  const { client } = await serve(vc.env);
  expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  await client.close();
  expect(vc.sim.requests).toEqual([]);
});
