import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { changesAt, lab } from './lab.js';
import { bodyOf } from './mcp-lab.js';

const server = join(import.meta.dirname, '../bin/vmware-vsphere-mcp.cjs');
const cli = join(import.meta.dirname, '../bin/vmware-vsphere.cjs');
const launch = (args: string[], env: Readonly<Record<string, string>>) => ({
  command: process.execPath,
  args,
  env: { ...env, PATH: process.env['PATH'] ?? '' },
  stderr: 'ignore' as const,
});

test('the bins are built', () => {
  expect(existsSync(join(import.meta.dirname, '../dist/bin/vmware-vsphere-mcp.cjs'))).toBe(true);
});

for (const [name, args] of [
  ['vmware-vsphere-mcp', [server]],
  ['vmware-vsphere mcp', [cli, 'mcp']],
] as const)
  test(`${name} serves a 2026-07-28 client over stdio and logs out when stdin closes`, async () => {
    await using vc = await lab();
    const client = new Client(
      { name: 'new', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(new StdioClientTransport(launch([...args], vc.env)));
    expect((await client.listTools()).tools).toHaveLength(15);
    const result = await client.callTool({ name: 'list_hosts', arguments: {} });
    expect(bodyOf(result)).toMatchObject({ total: 4 });
    expect(vc.sim.sessions.open).toBe(1);
    await client.close();
    await expect.poll(() => vc.sim.sessions.open).toBe(0);
    expect(vc.audit().at(-1)).toMatchObject({ tool: 'list_hosts', agent: 'new/1', status: 'ok' });
  });

test('a client of the v1 SDK reads, previews, and is asked by elicitation', async () => {
  await using vc = await lab();
  vc.rules('version: 1\ndefault: { read: permit, write: permit, consent: { medium: human } }\n');
  const client = new V1Client({ name: 'old', version: '1' }, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { agree: true } };
  });
  await client.connect(new V1Transport(launch([server], vc.env)));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('power_off');
  const listed = await client.callTool({ name: 'list_vms', arguments: { limit: 3 } });
  expect(listed.structuredContent).toMatchObject({ returned: 3 });
  const preview = await client.callTool({ name: 'power_off', arguments: { name: 'web-01' } });
  expect(preview.structuredContent).toMatchObject({ action: 'preview' });
  const done = await client.callTool({
    name: 'power_off',
    arguments: { name: 'web-01', dry_run: false, confirmed: true },
  });
  expect(done.structuredContent).toMatchObject({ changed: true });
  expect(asked).toEqual([expect.stringContaining('web-01')]);
  expect(changesAt(vc.sim).filter((request) => request.startsWith('PowerOffVM_Task'))).toHaveLength(
    1,
  );
  await client.close();
});

test('a flag that does not exist ends the server with one line that says so', async () => {
  await using vc = await lab();
  const { spawnSync } = await import('node:child_process');
  const { status, stderr, stdout } = spawnSync(process.execPath, [server, '--toolsets', 'nope'], {
    env: { ...vc.env },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('There is no toolset named "nope"');
});
