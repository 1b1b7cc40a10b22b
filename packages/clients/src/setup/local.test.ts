import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type Certified, certificate, loopback } from '../../test/loopback.js';
import { fetchCertificate } from '../http/tls.js';
import type { TargetConfig } from '../targets/index.js';
import { localOf } from './local.js';

const directory = join(homedir(), '.vmware-nsx-security');
const path = join(directory, 'config.yaml');

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
});

const tried: string[] = [];
const local = localOf({
  product: 'nsx-security',
  machine: 'NSX Manager',
  targetName: 'nsx-prod',
  username: 'admin',
  instead: 'write a file',
  next: 'policy list',
  async login({ name }: TargetConfig) {
    tried.push(name);
    return { state: 'ok', detail: `admin on NSX of ${name}` };
  },
});

const configure = (targets: string, extra = '') =>
  writeFileSync(path, `${extra}targets:\n${targets}`, { mode: 0o600 });
const password = (name: string) =>
  writeFileSync(join(directory, '.env'), `VMWARE_NSX_SECURITY_${name}_PASSWORD=x\n`, {
    mode: 0o600,
  });

/** Every check with what it found; a thrown error is a failure with its remedy. */
async function found(target?: string, skipAuth = false) {
  const findings = new Map<string, { state: string; detail: string; remedy?: string }>();
  for (const { name, run } of await local.checks(target, skipAuth))
    findings.set(
      name,
      await run().catch(({ message, remedy }) => ({ state: 'fail', detail: message, remedy })),
    );
  return findings;
}
const states = (findings: Awaited<ReturnType<typeof found>>) =>
  [...findings].map(([name, { state }]) => `${name} ${state}`);

const manager = (made: Certified = certificate()) =>
  loopback((_, response) => response.end(), made, {});

test('a target that is well passes every check, in the order in which they depend on each other', async () => {
  await using there = await manager();
  const { port } = there.endpoint;
  const { thumbprint } = await fetchCertificate('127.0.0.1', port);
  configure(`  lab: {host: 127.0.0.1, port: ${port}, thumbprint: '${thumbprint}'}\n`);
  password('LAB');
  expect(states(await found())).toEqual([
    'Configuration ok',
    'lab: password ok',
    'lab: network ok',
    'lab: certificate ok',
    'lab: login ok',
  ]);
});

test('--skip-auth tries no login and checks the rest', async () => {
  await using there = await manager();
  configure(`  lab: {host: 127.0.0.1, port: ${there.endpoint.port}, verify_ssl: false}\n`);
  tried.length = 0;
  const findings = await found(undefined, true);
  expect(states(findings)).toEqual([
    'Configuration ok',
    'lab: password fail',
    'lab: network ok',
    'lab: certificate warn',
  ]);
  expect(tried).toEqual([]);
  expect(findings.get('lab: certificate')?.remedy).toContain('Set thumbprint: ');
});

test('a certificate that nobody vouches for fails, with what to do', async () => {
  await using there = await manager();
  configure(`  lab: {host: 127.0.0.1, port: ${there.endpoint.port}}\n`);
  password('LAB');
  expect((await found()).get('lab: certificate')).toMatchObject({
    state: 'fail',
    remedy: expect.stringContaining('thumbprint: or ca_file:'),
  });
});

test('a port where nothing listens fails, with the place', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  configure(`  lab: {host: 127.0.0.1, port: ${port}}\n`);
  expect((await found(undefined, true)).get('lab: network')).toMatchObject({
    state: 'fail',
    detail: `127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
  });
});

test.each([
  ['targets: [\n', 'config.yaml:2:1'],
  ['', 'config.yaml:1:1'],
  ['targets: {lab: {hots: x}}\n', 'did you mean host?'],
])('a broken config.yaml (%j) is a finding, not the end of doctor', async (text, said) => {
  writeFileSync(path, text);
  const findings = await found();
  expect(states(findings)).toEqual(['Configuration fail']);
  expect(findings.get('Configuration')).toMatchObject({
    detail: expect.stringContaining(said),
    remedy: expect.any(String),
  });
});

test('no target and an unknown one are findings too', async () => {
  expect((await found()).get('Configuration')).toMatchObject({
    state: 'fail',
    remedy: 'Run vmware-nsx-security init.',
  });
  configure('  lab: {host: x}\n');
  const findings = await found('labb', true);
  expect(states(findings)).toEqual(['Configuration fail']);
  expect(findings.get('Configuration')?.detail).toContain('no target named labb');
});

test('a target with a client certificate needs no password, and its certificate is looked at', async () => {
  const own = certificate();
  const key = join(dirname(own.file), 'key.pem');
  const broken = join(mkdtempSync(join(tmpdir(), 'pem-')), 'x.pem');
  writeFileSync(broken, 'no PEM');
  await using there = await manager();
  const at = `host: 127.0.0.1, port: ${there.endpoint.port}`;
  configure(
    `  good: {${at}, client_cert: ${own.file}, client_key: ${key}}\n` +
      `  bad: {${at}, client_cert: ${own.file}, client_key: ${broken}}\n` +
      `  basic: {${at}, auth: basic, client_cert: ${own.file}, client_key: ${key}}\n`,
  );
  const findings = await found(undefined, true);
  expect(findings.get('good: client certificate')).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('CN=loopback test, until '),
  });
  expect(findings.get('bad: client certificate')).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('client_key'),
    remedy: 'Correct client_key in config.yaml.',
  });
  expect(findings.has('basic: password')).toBe(true);
});

test('contexts show every target and the default; use changes it', async () => {
  expect(await local.contexts()).toEqual([]);
  configure('  a: {host: x, environment: lab}\n  b: {host: y}\n', 'default_target: b\n');
  const shown = async () => (await local.contexts()).map(({ name, current }) => [name, current]);
  expect(await shown()).toEqual([
    ['a', false],
    ['b', true],
  ]);
  await local.use('a');
  expect(await shown()).toEqual([
    ['a', true],
    ['b', false],
  ]);
  await expect(local.use('c')).rejects.toMatchObject({ code: 'UNKNOWN_TARGET' });
});
