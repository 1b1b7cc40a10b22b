import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { beforeAll, expect, test } from 'vitest';

const outDir = mkdtempSync(join(tmpdir(), 'vmware-sim-vks-'));
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

test('--product vks says where everything is, in lines that a shell takes, and ends when told to', async () => {
  const child = spawn(process.execPath, [command, '--product', 'vks', '--seed', 'empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('VMWARE_VKS_SIM_PASSWORD')) break;
  }
  expect(output).toMatch(
    /^supervisor {2}supervisor-a on domain-c8 at https:\/\/127\.0\.0\.1:\d+$/m,
  );
  const url = /^url +https:\/\/127\.0\.0\.1:(\d+)$/m.exec(output);
  const lines = output.slice(output.indexOf('export'));
  const shown = `${lines}\ncat "$VMWARE_VKS_CONFIG"; echo "$VMWARE_VKS_SIM_PASSWORD"`;
  const { stdout } = spawnSync('bash', ['-c', shown], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TMPDIR: outDir },
  });
  expect(stdout).toMatch(
    new RegExp(`^targets:\\n {2}- \\{ name: sim, host: 127\\.0\\.0\\.1, port: ${url?.[1]}, `),
  );
  expect(stdout.trim().split('\n').at(-1)).toBe('Simulated-1!');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test.each([
  [['--product', 'nsx'], "There is no product 'nsx'. Use --product vsphere or --product vks."],
  [
    ['--product', 'vks', '--seed', 'small'],
    "There is no seed 'small'. Use --seed empty, lab or large.",
  ],
  [['--product', 'vks', '--nsx'], '--nsx is not for --product vks. Leave it out.'],
  [['--seed', 'large'], "There is no seed 'large'. Use --seed small or --seed lab."],
])('%j is answered with what to type instead', (args, words) => {
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect([status, stderr.trim()]).toEqual([2, `vmware-sim: ${words}`]);
});
