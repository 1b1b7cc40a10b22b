import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, test } from 'vitest';
import { start } from '../../vsphere/test/cli.js';
import { bins, built } from './cli.js';
import { changesAt, lab } from './lab.js';
import { bodyOf } from './mcp-lab.js';

beforeAll(built, 120_000);

const launch = (args: readonly string[], env: Readonly<Record<string, string>>) => ({
  command: process.execPath,
  args: [...args],
  env: { ...env, PATH: process.env['PATH'] ?? '' },
  stderr: 'ignore' as const,
});

for (const [name, args] of [
  ['vmware-nsx-security-mcp', [bins.mcp]],
  ['vmware-nsx-security mcp', [bins.cli, 'mcp']],
] as const)
  test(`${name} serves a 2026-07-28 client over stdio and logs out when stdin closes`, async () => {
    await using nsx = await lab();
    const client = new Client(
      { name: 'new', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(new StdioClientTransport(launch(args, nsx.env)));
    expect((await client.listTools()).tools).toHaveLength(39);
    const result = await client.callTool({ name: 'list_groups', arguments: {} });
    expect(bodyOf(result)).toMatchObject({ total: 14 });
    expect(nsx.sim.sessions.open).toBe(1);
    await client.close();
    await expect.poll(() => nsx.sim.sessions.open).toBe(0);
    expect(nsx.audit().at(-1)).toMatchObject({ tool: 'list_groups', agent: 'new/1', status: 'ok' });
  });

test('a 2025 client of the current SDK is served over stdio too', async () => {
  await using nsx = await lab();
  const client = new Client({ name: 'then', version: '1' });
  await client.connect(
    new StdioClientTransport(launch([bins.mcp, '--toolsets', 'analysis'], nsx.env)),
  );
  expect((await client.listTools()).tools).toHaveLength(4);
  const result = await client.callTool({ name: 'analyze_dfw_rules', arguments: { limit: 1 } });
  expect(result.structuredContent).toMatchObject({ returned: 1, truncated: true });
  await client.close();
  await expect.poll(() => nsx.sim.sessions.open).toBe(0);
});

test('a client of the v1 SDK reads, previews, and is asked by elicitation', async () => {
  await using nsx = await lab();
  nsx.rules('version: 1\ndefault: { read: permit, write: permit, consent: { high: human } }\n');
  const client = new V1Client({ name: 'old', version: '1' }, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { agree: true } };
  });
  await client.connect(new V1Transport(launch([bins.mcp], nsx.env)));
  const { tools } = await client.listTools();
  expect(tools).toHaveLength(39);
  const listed = await client.callTool({ name: 'list_dfw_policies', arguments: { limit: 3 } });
  expect(listed.structuredContent).toMatchObject({ returned: 3, total: 8 });
  const input = { policy_id: 'shop', rule_id: 'old-ftp' };
  const preview = await client.callTool({ name: 'delete_dfw_rule', arguments: input });
  expect(preview.structuredContent).toMatchObject({ action: 'preview' });
  expect(changesAt(nsx.sim)).toEqual([]);
  const done = await client.callTool({
    name: 'delete_dfw_rule',
    arguments: { ...input, dry_run: false, confirmed: true },
  });
  expect(done.structuredContent).toMatchObject({ status: 'deleted' });
  expect(asked).toEqual([expect.stringContaining('old-ftp')]);
  expect(changesAt(nsx.sim)).toHaveLength(1);
  await client.close();
  await expect.poll(() => nsx.sim.sessions.open).toBe(0);
});

test('--config names the targets of a server', async () => {
  await using nsx = await lab();
  const elsewhere = join(nsx.userHome, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  const config = join(elsewhere, 'mine.yaml');
  renameSync(join(nsx.userHome, '.vmware-nsx-security/config.yaml'), config);
  for (const args of [
    [bins.mcp, '--config', config],
    [bins.cli, 'mcp', '-c', config],
  ]) {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport(launch(args, nsx.env)));
    const result = await client.callTool({ name: 'list_groups', arguments: {} });
    expect(bodyOf(result)).toMatchObject({ total: 14 });
    await client.close();
  }
  await expect.poll(() => nsx.sim.sessions.open).toBe(0);
});

test('a toolset that does not exist ends the server with one line that says so', async () => {
  await using nsx = await lab();
  const server = start(process.execPath, [bins.mcp, '--toolsets', 'nope'], nsx.env);
  const { exit, stdout, stderr } = await server.ended;
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toContain('There is no toolset named "nope"');
});
