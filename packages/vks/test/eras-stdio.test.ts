import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe } from '@vmware/policy/docs';
import { beforeAll, expect, test } from 'vitest';
import { vks } from '../src/toolset.js';
import { bins, built } from './cli.js';
import { changesAt, lab } from './lab.js';
import { bodyOf } from './mcp-lab.js';

beforeAll(built, 120_000);

const all = describe(vks).tools.filter(({ cliOnly }) => !cliOnly).length;
const launch = (args: readonly string[], env: Readonly<Record<string, string>>) => ({
  command: process.execPath,
  args: [...args],
  env: { ...env, PATH: process.env['PATH'] ?? '' },
  stderr: 'ignore' as const,
});

for (const [name, args] of [
  ['vmware-vks-mcp', [bins.mcp]],
  ['vmware-vks mcp', [bins.cli, 'mcp']],
] as const)
  test(`${name} serves a 2026-07-28 client over stdio and logs out when stdin closes`, async () => {
    await using at = await lab();
    const client = new Client(
      { name: 'new', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(new StdioClientTransport(launch(args, at.env)));
    expect((await client.listTools()).tools).toHaveLength(all);
    const result = await client.callTool({ name: 'list_namespaces', arguments: {} });
    expect(bodyOf(result)).toMatchObject({ total: 3 });
    await client.close();
    await expect.poll(() => at.sim.vcenter.sessions.open).toBe(0);
    expect(at.audit().at(-1)).toMatchObject({
      tool: 'list_namespaces',
      agent: 'new/1',
      status: 'ok',
    });
  });

test('a client of the v1 SDK reads, previews, and a person is asked about a forced delete', async () => {
  await using at = await lab();
  const client = new V1Client({ name: 'old', version: '1' }, { capabilities: { elicitation: {} } });
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { agree: true } };
  });
  await client.connect(new V1Transport(launch([bins.mcp], at.env)));
  expect((await client.listTools()).tools).toHaveLength(all);
  const input = { name: 'shop', namespace: 'prod', force: true };
  const preview = await client.callTool({ name: 'delete_tkc_cluster', arguments: input });
  expect(preview.structuredContent).toMatchObject({ action: 'preview' });
  expect(changesAt(at.sim)).toEqual([]);
  const done = await client.callTool({
    name: 'delete_tkc_cluster',
    arguments: { ...input, dry_run: false, confirmed: true },
  });
  expect(done.structuredContent).toMatchObject({ status: 'deleting' });
  expect(asked).toEqual([expect.stringContaining('lose the Deployment')]);
  expect(changesAt(at.sim)).toHaveLength(1);
  await client.close();
  await expect.poll(() => at.sim.vcenter.sessions.open).toBe(0);
});

test('with --read-only no kubeconfig can be had, and nothing that changes is listed', async () => {
  await using at = await lab();
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport(launch([bins.mcp, '--read-only'], at.env)));
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(
    names.filter((name) =>
      /kubeconfig|^(create|delete|update|scale|upgrade|add|remove|grant|revoke)_/.test(name),
    ),
  ).toEqual([]);
  await client.close();
});
