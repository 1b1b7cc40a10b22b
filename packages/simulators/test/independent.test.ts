import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildGoTool } from '../src/go-tool.js';
import { simulate, vcsim } from '../src/index.js';
import { faultType, Wire } from './wire.js';

const packageRoot = join(import.meta.dirname, '..');

const steps = [
  'list',
  'find',
  'power',
  'snapshots',
  'rename',
  'destroy',
  'wait for updates',
  'log out',
];

async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return code === 0 ? output : `${output}exit ${code}`;
}

for (const dialect of ['vcenter', 'go'] as const)
  test(`govmomi, written by others, works against us in the ${dialect} dialect`, async ({
    skip,
  }) => {
    const conformance = await buildGoTool('conformance', './cmd/conformance');
    if ('skipped' in conformance) return skip(conformance.skipped);
    await using vcenter = await simulate({ dialect });
    const ca = join(await mkdtemp(join(tmpdir(), 'vmware-sim-')), 'ca.pem');
    await writeFile(ca, vcenter.ca);
    const url = new URL(`${vcenter.url}/sdk`);
    url.username = vcenter.credentials.username;
    url.password = vcenter.credentials.password;
    const output = await run(conformance.path, ['-ca', ca, url.href]);
    expect(output).toBe(steps.map((step) => `ok ${step}\n`).join(''));
    expect(vcenter.sessions.open).toBe(0);
  }, 120_000);

test('vcsim starts, wants the right password, and ends', async ({ skip }) => {
  const simulator = await vcsim({ vms: 3, sessionTimeout: '2s' });
  if ('skipped' in simulator) return skip(simulator.skipped);
  await using running = simulator;
  const wire = new Wire(running);
  const wrong = await wire.login({ ...running.credentials, password: 'wrong' });
  expect(wrong.status).toBe(500);
  expect(wrong.body).toContain('InvalidLogin');
  expect((await wire.login()).status).toBe(200);
  const content = await wire.call('RetrieveServiceContent', 'ServiceInstance:ServiceInstance');
  expect(content.body).toContain('<apiVersion>8.0.3.0</apiVersion>');
  expect(faultType(content.body)).toBeUndefined();
}, 120_000);

test('the schema tables are what govmomi says', ({ skip }) => {
  if (spawnSync('go', ['version']).error) return skip('Go is not installed');
  const script = join(packageRoot, '../../scripts/write-schema.mjs');
  const checked = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([checked.status, checked.stderr]).toEqual([0, '']);
}, 120_000);
