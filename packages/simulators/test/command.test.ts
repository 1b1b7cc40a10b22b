import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { beforeAll, expect, test } from 'vitest';

const outDir = mkdtempSync(join(tmpdir(), 'vmware-sim-'));
const command = join(outDir, 'vmware-sim.js');

beforeAll(async () => {
  await build({
    config: false,
    silent: true,
    entry: [join(import.meta.dirname, '../src/bin/vmware-sim.ts')],
    outDir,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    noExternal: ['saxes'],
    outExtension: () => ({ js: '.js' }),
  });
});

test('prints how to reach it, answers, and ends cleanly when told to', async () => {
  const child = spawn(process.execPath, [command, '--seed', 'small', '--no-tls'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('GOVC_INSECURE')) break;
  }
  const url = /^url +(\S+)$/m.exec(output)?.[1];
  expect(output).toContain(`export VCENTER_HOST='${url?.slice('http://'.length)}'`);
  expect((await fetch(`${url}/sdk/vimServiceVersions.xml`)).status).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('serves an NSX Manager beside the vCenter when asked, on the same machines', async () => {
  const child = spawn(process.execPath, [command, '--nsx'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (/nsx thumbprint +\S+\n/.test(output)) break;
  }
  const said = (what: string) => new RegExp(`^nsx ${what} +(\\S+)$`, 'm').exec(output)?.[1] ?? '';
  const answered = await readUnverified(
    `${said('url')}/api/v1/fabric/virtual-machines?display_name=web-01`,
    `${said('username')}:${said('password')}`,
  );
  expect(JSON.parse(answered)).toMatchObject({ results: [{ display_name: 'web-01' }] });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

const readUnverified = (url: string, auth: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { auth, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });

test('says what to type instead when the command line is wrong', async () => {
  const said = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    return [status, stderr.trim()];
  };
  expect(said('--seed', 'x')).toEqual([
    2,
    "vmware-sim: There is no seed 'x'. Use --seed small or --seed lab.",
  ]);
  expect(said('--vms', '0')).toEqual([
    2,
    "vmware-sim: --vms takes a whole number from 1 to 100000, not '0'.",
  ]);
  expect(said('--colour')).toEqual([
    2,
    "vmware-sim: Unknown option '--colour'. Run vmware-sim --help.",
  ]);
  expect(said('--nsx-port', '1')).toEqual([
    2,
    'vmware-sim: --nsx-port is for the NSX Manager. Add --nsx.',
  ]);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  expect(said('--port', String(port))).toEqual([
    2,
    `vmware-sim: Port ${port} cannot be used (EADDRINUSE). Choose another --port.`,
  ]);
  expect(said('--nsx', '--nsx-port', String(port))).toEqual([
    2,
    `vmware-sim: Port ${port} cannot be used (EADDRINUSE). Choose another --nsx-port.`,
  ]);
  taken.close();
});
