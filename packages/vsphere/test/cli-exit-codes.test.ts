import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { programsOf, start } from './cli.js';

/** Each program, and a command that reads a list from its target. */
const lists = {
  vsphere: ['list_vms', 'vm list'],
  'nsx-security': ['list_dfw_policies', 'policy list'],
  vks: ['list_namespaces', 'namespace list'],
} as const;
type Product = keyof typeof lists;
const products: readonly Product[] = ['vsphere', 'nsx-security', 'vks'];

beforeAll(async () => {
  for (const product of products) await programsOf(product).built();
}, 240_000);

/** A home with one target, at a port that nobody listens at, and what a program needs to log in there. */
function homeFor(product: Product, port = 1): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'exit-'));
  const dir = join(home, `.vmware-${product}`);
  mkdirSync(dir, { mode: 0o700 });
  const target = `{name: lab, host: 127.0.0.1, port: ${port}, username: agent, verify_ssl: false}`;
  writeFileSync(join(dir, 'config.yaml'), `targets:\n  - ${target}\n`);
  return { HOME: home, VMWARE_LAB_PASSWORD: 'any' };
}

function writeRules({ HOME = '' }: Record<string, string>, text: string): void {
  mkdirSync(join(HOME, '.vmware'), { recursive: true, mode: 0o700 });
  writeFileSync(join(HOME, '.vmware/rules.yaml'), text, { mode: 0o600 });
}

const line = (product: Product, more = ''): string[] =>
  [...lists[product][1].split(' '), ...more.split(' ')].filter((word) => word !== '');

test.each(products)(
  '%s ends with the same code for the same reason as the others',
  async (product) => {
    const { cli } = programsOf(product);
    const env = homeFor(product);
    const exit = async (words: readonly string[], more: Record<string, string> = env) => {
      const { exit: code, stdout, stderr } = await cli(words, more);
      expect([stdout === '', stderr === '']).toEqual([code !== 0, code === 0]);
      return code;
    };
    expect(await exit(['--version'])).toBe(0);
    expect(await exit(line(product, '--nonsense'))).toBe(2);
    expect(await exit(line(product, '-o xml'))).toBe(2);
    expect(await exit(line(product), { HOME: mkdtempSync(join(tmpdir(), 'exit-')) })).toBe(2);
    expect(await exit(line(product, '-t moon'))).toBe(3);
    expect(await exit(['explain', 'nothing'])).toBe(3);
    expect(await exit(line(product), { HOME: env['HOME'] ?? '' })).toBe(4);
    expect(await exit(line(product))).toBe(8);
    writeRules(
      env,
      `version: 1\nrules: [{id: no, effect: forbid, tools: [${lists[product][0]}], reason: "No."}]\n`,
    );
    expect(await exit(line(product))).toBe(5);
    const broken = homeFor(product);
    writeRules(broken, 'version: [');
    expect(await exit(line(product), broken)).toBe(9);
  },
  60_000,
);

test('vmware-audit does so too', async () => {
  const bin = join(import.meta.dirname, '../../policy/bin/vmware-audit.cjs');
  const env = { HOME: mkdtempSync(join(tmpdir(), 'exit-')) };
  const exit = async (...words: string[]) =>
    (await start(process.execPath, [bin, ...words], env).ended).exit;
  expect(await exit('--version')).toBe(0);
  expect(await exit('log', '--nonsense')).toBe(2);
  expect(await exit('explain', 'nothing')).toBe(3);
  expect(await exit('show', 'nothing')).toBe(9);
});

test.each(products)(
  '%s does not wait for a server that accepts and says nothing when time is up, or after Ctrl-C',
  async (product) => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const env = homeFor(product, (silent.address() as AddressInfo).port);
    // The handshake's own patience is 10 s: whoever waits for it is later than this.
    const late = () => sleep(8_000, 'late', { ref: false });
    const { cli, bins } = programsOf(product);
    const timed = await Promise.race([cli(line(product, '--timeout 0.5'), env), late()]);
    expect(timed).toMatchObject({ exit: 7 });

    const before = sockets.length;
    const running = start(process.execPath, [bins.cli, ...line(product)], env);
    await expect.poll(() => sockets.length, { timeout: 10_000 }).toBeGreaterThan(before);
    running.kill('SIGINT');
    expect(await Promise.race([running.ended, late()])).toMatchObject({ exit: 130 });
    for (const socket of sockets) socket.destroy();
    silent.close();
  },
);
