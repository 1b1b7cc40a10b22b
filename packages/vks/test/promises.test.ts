import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as surfaceOf } from '@vmware/policy/docs';
import { expect, test } from 'vitest';
import { getSupervisorKubeconfig } from '../src/tools/kubeconfig/get-supervisor-kubeconfig.js';
import { getTkcKubeconfig } from '../src/tools/kubeconfig/get-tkc-kubeconfig.js';
import { deleteNamespace } from '../src/tools/namespace/delete-namespace.js';
import { getNamespace } from '../src/tools/namespace/get-namespace.js';
import { listNamespaces } from '../src/tools/namespace/list-namespaces.js';
import { deleteTkcCluster } from '../src/tools/tkc/delete-tkc-cluster.js';
import { vks } from '../src/toolset.js';
import { change, planOf, problemOf, read } from './answer.js';
import { changing, inputFor } from './changes.js';
import { changesAt, lab } from './lab.js';
import { bodyOf, connect } from './mcp-lab.js';
import { readInputs, reading } from './reads.js';

// Each test is called as the security guide of what we replace puts its promise.

test('.env chmod 600 verified at start-up', async () => {
  await using at = await lab();
  const file = join(at.userHome, '.vmware-vks', '.env');
  writeFileSync(file, "VMWARE_VKS_LAB_PASSWORD='x'\n");
  for (const mode of [0o644, 0o640, 0o604, 0o660]) {
    chmodSync(file, mode);
    expect(await problemOf(at, listNamespaces, {})).toMatchObject({
      remedy: expect.stringContaining('chmod 600'),
    });
  }
  expect(at.sim.vcenter.requests).toEqual([]);
  chmodSync(file, 0o600);
  expect(await at.call(listNamespaces, {})).toMatchObject({ status: 'done' });
});

test('all writes default to dry run', async () => {
  await using at = await lab();
  for (const tool of changing) {
    const input = await inputFor(tool, at);
    expect(await at.call(tool, input)).toMatchObject({ status: 'preview' });
  }
  expect(changesAt(at.sim)).toEqual([]);
  const { tools } = surfaceOf(vks);
  for (const { effect, listing } of tools)
    if (effect !== 'read')
      expect(listing.inputSchema.properties).toMatchObject({ dry_run: { default: true } });
});

test('without confirmed a preview is returned', async () => {
  await using at = await lab();
  for (const tool of changing.filter(({ effect }) => effect === 'destroy')) {
    const input = await inputFor(tool, at);
    expect(await at.call(tool, input, { dryRun: false })).toMatchObject({
      status: 'preview',
      hint: expect.stringContaining('confirmed=true'),
    });
  }
  expect(changesAt(at.sim)).toEqual([]);
});

test('a namespace with clusters in it is not deleted', async () => {
  await using at = await lab();
  expect((await planOf(at, deleteNamespace, { name: 'prod' })).blockers[0]).toContain('shop');
});

test('a cluster with workloads in it is not deleted', async () => {
  await using at = await lab();
  const { blockers } = await planOf(at, deleteTkcCluster, { name: 'shop', namespace: 'prod' });
  expect(blockers[0]).toContain('Deployment');
});

test('every read and write is audited', async () => {
  await using at = await lab();
  const inputs = readInputs();
  expect(Object.keys(inputs).sort()).toEqual(reading.map(({ name }) => name).sort());
  for (const tool of reading) {
    expect(await at.call(tool, inputs[tool.name] as never)).toMatchObject({ status: 'done' });
    expect(at.audit()[0] ?? at.audit().at(-1)).toBeDefined();
  }
  for (const tool of changing) await at.change(tool, await inputFor(tool, at));
  const rows = at.audit();
  for (const { name } of reading)
    expect(
      rows.filter(({ tool, phase }) => tool === name && phase === 'read').length,
    ).toBeGreaterThan(0);
  for (const { name } of changing)
    expect(rows.filter(({ tool }) => tool === name).map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['preview', 'intent', 'outcome']),
    );
});

test('output is wrapped in boundary markers', async () => {
  await using at = await lab();
  await using connected = await connect(at, 'modern');
  const { client } = connected;
  for (const name of ['list_namespaces', 'list_tkc_clusters', 'check_vks_compatibility']) {
    const { content } = await client.callTool({ name, arguments: {} });
    const [block] = content;
    expect(block?.type === 'text' && block.text).toMatch(
      /^<untrusted-output ([0-9a-f]{32})>\n[\s\S]*\n<\/untrusted-output \1>$/,
    );
  }
});

test('text from servers is cut at 500 characters', async () => {
  await using at = await lab();
  const namespace = at.sim.world.namespaces.get('dev');
  if (namespace)
    Object.assign(namespace, { messages: ['x'.repeat(2_000)], description: 'y'.repeat(2_000) });
  const { messages, description } = await read(at, getNamespace, { name: 'dev' });
  expect([...(messages[0] ?? '')]).toHaveLength(500);
  expect([...description]).toHaveLength(1_000);
});

test('kubeconfig tokens are never on disk by MCP tools', async () => {
  await using at = await lab();
  const before = filesIn(at.userHome);
  await using connected = await connect(at, 'modern');
  const { client } = connected;
  const tokens: string[] = [];
  for (const [name, input] of [
    ['get_supervisor_kubeconfig', { namespace: 'dev' }],
    ['get_tkc_kubeconfig', { name: 'web', namespace: 'dev' }],
  ] as const) {
    const answer = await client.callTool({ name, arguments: { ...input, dry_run: false } });
    const { kubeconfig } = bodyOf(answer) as { kubeconfig: string };
    tokens.push(/token: (\S+)/.exec(kubeconfig)?.[1] ?? '');
  }
  await at.governed.close();
  expect(tokens.every((token) => token.length > 50)).toBe(true);
  const after = filesIn(at.userHome);
  expect(after.length).toBeGreaterThan(before.length); // the audit log, which has rows about them
  for (const file of after)
    for (const token of tokens)
      expect(readFileSync(file, 'latin1')).not.toContain(token.slice(-64));
});

test('kubeconfigs are short-lived, and their end is told', async () => {
  await using at = await lab();
  for (const given of [
    await change(at, getSupervisorKubeconfig, { namespace: 'dev' }),
    await change(at, getTkcKubeconfig, { name: 'web', namespace: 'dev' }),
  ]) {
    const hours = (Date.parse(given.expires_at ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(0);
    expect(hours).toBeLessThan(24);
  }
});

test('TLS is verified by default', async () => {
  await using at = await lab();
  const config = join(at.userHome, '.vmware-vks', 'config.yaml');
  writeFileSync(
    config,
    readFileSync(config, 'utf8')
      .replaceAll(/thumbprint: '[^']*'/g, 'port: 443')
      .replaceAll(/, port: 443\}/g, '}'),
  );
  const outcome = await at.call(listNamespaces, {});
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(JSON.stringify(outcome)).toMatch(/certificate|TLS/i);
  expect(at.sim.vcenter.requests).toEqual([]);
});

test('a tool that takes too long is cut', async () => {
  await using at = await lab();
  const timeouts = Object.values(vks.groups)
    .flat()
    .map(({ timeout = 300_000 }) => timeout);
  expect(timeouts.every((milliseconds) => milliseconds > 0)).toBe(true);
  at.sim.vcenter.faults.add({
    match: { method: 'GET /api/vcenter/namespaces/instances/v2' },
    times: Number.POSITIVE_INFINITY,
    then: 'hang',
  });
  const stop = new AbortController();
  const call = at.call(listNamespaces, {}, { signal: stop.signal });
  stop.abort();
  expect(await call).not.toMatchObject({ status: 'done' });
});

/** Every file below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
