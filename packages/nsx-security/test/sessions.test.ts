import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, expect, test, vi } from 'vitest';
import { start } from '../../vsphere/test/cli.js';
import { getGroup } from '../src/tools/group/get-group.js';
import { listGroups } from '../src/tools/group/list-groups.js';
import { applyVmTag } from '../src/tools/tag/apply-vm-tag.js';
import { read } from './answer.js';
import { atTerminal, interrupt } from './at-terminal.js';
import type { OnSim } from './changes.js';
import { bins, built, cli } from './cli.js';
import { changesAt, lab } from './lab.js';

beforeAll(built, 120_000);

const groups = { method: 'GET /policy/api/v1/infra/domains/{}/groups' };
const seen = ({ sim }: OnSim, { method }: { method: string }) =>
  sim.requests.filter((request) => request.method === method).length;

test('50 calls at once log in once', async () => {
  await using nsx = await lab();
  await Promise.all(
    Array.from({ length: 50 }, () => read(nsx, getGroup, { group_id: 'web-servers' })),
  );
  expect(nsx.sim.sessions).toMatchObject({ logins: 1, failedLogins: 0, open: 1 });
});

test.each([401, 403] as const)(
  '50 calls at once that find the session expired (%i) share one new login, and all are answered',
  async (expiredStatus) => {
    await using nsx = await lab({ expiredStatus });
    await read(nsx, listGroups, {});
    nsx.sim.sessions.expire();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => read(nsx, listGroups, { limit: 1 })),
    );
    expect(answers).toHaveLength(50);
    expect(nsx.sim.sessions).toMatchObject({ logins: 2, failedLogins: 0, open: 1 });
  },
);

test('closing the toolset logs out of every target it was used with', async () => {
  await using nsx = await lab();
  for (const target of ['lab', 'prod']) await nsx.call(listGroups, {}, { target });
  expect(nsx.sim.sessions.open).toBe(2);
  await nsx.governed.close();
  expect(nsx.sim.sessions).toMatchObject({ open: 0, logouts: 2 });
});

test.each([
  ['that works', 'policy list', 0],
  ['that prints JSON', 'group get web-servers -o json', 0],
  ['that shows a plan', 'rule delete shop old-ftp --dry-run', 0],
  ['that changes something', 'tag apply scratch-01 --scope a --value b --yes', 0],
  ['that traces', 'traceflow run --src-vm web-01 --dst-vm app-01 --yes', 0],
  ['that analyses', 'analyze rules', 0],
  ['that nobody agrees to', 'rule delete shop old-ftp', 2],
  ['that is blocked', 'policy delete shop --yes --confirm shop', 6],
  ['that fails', 'policy get nobody', 3],
])('a command %s leaves no session behind', async (_what, line, exit) => {
  await using nsx = await lab();
  expect(await cli(line.split(' '), nsx.env)).toMatchObject({ exit });
  expect(nsx.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
});

test('doctor logs in, and out again; with --skip-auth it sends no request at all', async () => {
  await using nsx = await lab();
  expect(await cli(['doctor', '--skip-auth'], nsx.env)).toMatchObject({ exit: 0 });
  expect(nsx.sim.requests).toEqual([]);
  expect(await cli(['doctor'], nsx.env)).toMatchObject({ exit: 0 });
  expect(nsx.sim.sessions).toMatchObject({ logins: 2, logouts: 2, open: 0 });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a command ended by %s leaves no session behind',
  async (signal) => {
    await using nsx = await lab();
    nsx.sim.faults.add({ match: groups, then: 'hang' });
    const running = start(process.execPath, [bins.cli, 'group', 'list'], nsx.env);
    await vi.waitFor(() => expect(seen(nsx, groups)).toBe(1), 10_000);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ stdout: '' });
    expect(nsx.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
  },
);

test('Ctrl-C at either question of a delete changes nothing and leaves no session behind', async () => {
  for (const before of [[], [['Do it? [y/N] ', 'y']]] as const) {
    await using nsx = await lab();
    const question = before.length === 0 ? 'Do it? [y/N] ' : 'Type the name to confirm (old-ftp): ';
    const { exit, screen } = await atTerminal(['rule', 'delete', 'shop', 'old-ftp'], nsx.env, [
      ...before,
      [question, interrupt],
    ]);
    expect(screen).toContain('Interrupted. Nothing was changed.');
    expect(exit).toBe(130);
    expect(changesAt(nsx.sim)).toEqual([]);
    expect(nsx.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
  }
});

test('a change under way when Ctrl-C comes is recorded as unknown, and the session ends', async () => {
  await using nsx = await lab();
  const route = { method: 'POST /api/v1/fabric/virtual-machines?action=add_tags' };
  nsx.sim.faults.add({ match: route, then: 'hang' });
  const line = 'tag apply scratch-01 --scope a --value b --yes'.split(' ');
  const running = start(process.execPath, [bins.cli, ...line], nsx.env);
  await vi.waitFor(() => expect(changesAt(nsx.sim)).toHaveLength(1), 10_000);
  running.kill('SIGINT');
  const { exit, stderr } = await running.ended;
  expect(exit).toBe(7);
  expect(stderr).toMatch(/`vmware-audit show [0-9a-f-]{36}`.*\[UNKNOWN_OUTCOME\]/);
  expect(changesAt(nsx.sim)).toHaveLength(1);
  expect(nsx.sim.sessions.open).toBe(0);
  expect(nsx.audit().slice(-2)).toMatchObject([
    { phase: 'intent', tool: applyVmTag.name },
    { phase: 'outcome', status: 'unknown' },
  ]);
});

test.each(['SIGTERM', 'SIGINT', 'client'] as const)(
  'a server that is ended by the %s logs out first',
  async (by) => {
    await using nsx = await lab();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bins.mcp],
      env: { PATH: process.env['PATH'] ?? '', ...nsx.env },
      stderr: 'ignore',
    });
    const client = new Client({ name: 'test', version: '0' });
    await client.connect(transport);
    for (let call = 0; call < 3; call += 1)
      await client.callTool({ name: 'list_groups', arguments: {} });
    expect(nsx.sim.sessions).toMatchObject({ logins: 1, open: 1 });
    if (by === 'client') await client.close();
    else process.kill(transport.pid ?? 0, by);
    await vi.waitFor(() => expect(nsx.sim.sessions).toMatchObject({ logouts: 1, open: 0 }), 10_000);
  },
);
