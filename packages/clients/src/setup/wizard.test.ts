import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { certificate, loopback } from '../../test/loopback.js';
import { person } from '../../test/person.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { fetchCertificate } from '../http/tls.js';
import { credentialsOf, openTargets, type TargetConfig } from '../targets/index.js';
import { runWizard, type Wizard } from './wizard.js';

const directory = () => join(homedir(), '.vmware-nsx-security');
const config = () => join(directory(), 'config.yaml');
const book = () => openTargets({ product: 'nsx-security' });

beforeEach(() => rmSync(directory(), { recursive: true, force: true }));

const quick = { force: false, skipTest: true };

/** A wizard that notes the targets it logs in to. */
function wizard(found: 'ok' | 'fail' = 'ok') {
  const logins: TargetConfig[] = [];
  const made: Wizard = {
    product: 'nsx-security',
    machine: 'NSX Manager',
    targetName: 'nsx-prod',
    username: 'admin',
    instead: 'write ~/.vmware-nsx-security/config.yaml',
    next: 'policy list',
    async login(target) {
      logins.push(target);
      return { state: found, detail: 'admin on NSX 4.2' };
    },
  };
  return { made, logins };
}

const manager = () => loopback((_, response) => response.end(), certificate(), {});

/** What is in the folder of the product, to see that nothing came or went. */
const kept = () => [
  existsSync(config()) && readFileSync(config(), 'utf8'),
  existsSync(join(directory(), '.env')),
];

test('asks for a target, shows its certificate, and keeps the password apart in a file of mode 600', async () => {
  await using there = await manager();
  const { port } = there.endpoint;
  const { thumbprint } = await fetchCertificate('127.0.0.1', port);
  const { made, logins } = wizard();
  const { terminal, said } = person('127.0.0.1', '', String(port), '', 'lab', 'y', 's3cret');
  await runWizard(made, terminal, { force: false, skipTest: false });
  expect(said.slice(0, 6)).toEqual([
    'NSX Manager: ',
    'Name for this target [nsx-prod]: ',
    'Port [443]: ',
    'User [admin]: ',
    'Environment (rules match it: prod, staging, lab) [prod]: ',
    expect.stringContaining(`SHA-256  ${thumbprint}`),
  ]);
  const target = (await book()).find();
  expect(target).toMatchObject({ name: 'nsx-prod', port, environment: 'lab', thumbprint });
  expect(await credentialsOf(target, {})).toEqual({ username: 'admin', password: 's3cret' });
  expect(readFileSync(config(), 'utf8')).not.toContain('s3cret');
  expect(statSync(join(directory(), '.env')).mode & 0o777).toBe(0o600);
  expect(logins).toHaveLength(1);
  expect(said.at(-1)).toContain('`vmware-nsx-security policy list`');
});

test('--skip-test writes the target and tries no login', async () => {
  await using there = await manager();
  const { made, logins } = wizard();
  const { terminal } = person('127.0.0.1', '', String(there.endpoint.port), '', '', 'y', 'x');
  await runWizard(made, terminal, quick);
  expect(logins).toEqual([]);
  expect((await book()).list()).toHaveLength(1);
});

test('a test that fails keeps what was written and names the command that shows what is wrong', async () => {
  await using there = await manager();
  const { terminal, said } = person(
    '127.0.0.1',
    'a',
    String(there.endpoint.port),
    '',
    '',
    'y',
    'x',
  );
  await runWizard(wizard('fail').made, terminal, { force: false, skipTest: false });
  expect(said.at(-1)).toContain('`vmware-nsx-security doctor --target a`');
  expect((await book()).find('a').host).toBe('127.0.0.1');
});

test('an answer that cannot be is said and asked for again, and no other answer is lost', async () => {
  await using there = await manager();
  const { port } = there.endpoint;
  const { terminal, said, left } = person(
    ...['https://nsx.example.com/', '127.0.0.1'],
    ...['my lab', 'lab'],
    ...['https', '70000', String(port)],
    ...['', 'lab', 'y'],
    ...['', 'x'],
  );
  await runWizard(wizard().made, terminal, quick);
  expect(said).toContain('"https://nsx.example.com/" must be a host name or address, not a URL.');
  expect(said).toContain('"my lab" must be letters, digits, dots, dashes or _.');
  expect(said).toContain('"https" is no port number.');
  expect(said).toContain('"70000" is no port number.');
  expect(left).toEqual([]);
  expect((await book()).find('lab')).toMatchObject({ host: '127.0.0.1', port });
});

test.each([
  ['the host', []],
  ['the port', ['127.0.0.1', '', 'x', 'y', 'z']],
])('whoever never answers %s is told so, and nothing is written', async (_what, answers) => {
  const { terminal } = person(...answers);
  await expect(runWizard(wizard().made, terminal, quick)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('Nothing was written.'),
    remedy: 'Run `vmware-nsx-security init` again.',
  });
  expect(kept()).toEqual([false, false]);
});

test.each([
  ['a certificate nobody recognises', ['n']],
  ['a certificate nobody agrees to', ['']],
])('%s ends it, and nothing is written', async (_what, answers) => {
  await using there = await manager();
  const { terminal, said } = person(
    '127.0.0.1',
    '',
    String(there.endpoint.port),
    '',
    '',
    ...answers,
  );
  await runWizard(wizard().made, terminal, quick);
  expect(said.at(-1)).toBe('Nothing was written.');
  expect(kept()).toEqual([false, false]);
});

test('no password: nothing is written', async () => {
  await using there = await manager();
  const { terminal } = person('127.0.0.1', '', String(there.endpoint.port), '', '', 'y');
  await expect(runWizard(wizard().made, terminal, quick)).rejects.toMatchObject({
    message: 'No password was given. Nothing was written.',
  });
  expect(kept()).toEqual([false, false]);
});

const before =
  '# mine\ntargets:\n  nsx-prod: {host: old.example.com, environment: prod}\n  dr: {host: dr.example.com}\n';

function configured(text = before): void {
  mkdirSync(directory(), { mode: 0o700 });
  writeFileSync(config(), text, { mode: 0o600 });
}

test('a name in use is asked for again as soon as it is typed', async () => {
  await using there = await manager();
  configured();
  const { terminal, said } = person(
    '127.0.0.1',
    '',
    'lab',
    String(there.endpoint.port),
    '',
    '',
    'y',
    'x',
  );
  await runWizard(wizard().made, terminal, quick);
  expect(said).toContain('"nsx-prod" is in use; --force replaces it.');
  expect((await book()).list().map(({ name }) => name)).toEqual(['nsx-prod', 'dr', 'lab']);
  expect(readFileSync(config(), 'utf8')).toContain('# mine');
});

test('--force replaces the target of that name and no other, and a login refused before is tried again', async () => {
  await using there = await manager();
  configured();
  const old = (await book()).find('nsx-prod');
  new LoginCircuit(old).refused();
  const { port } = there.endpoint;
  const { terminal } = person('127.0.0.1', '', String(port), 'ops', 'lab', 'y', 'new');
  await runWizard(wizard().made, terminal, { force: true, skipTest: true });
  const [first, second] = (await book()).list();
  expect(first).toMatchObject({ name: 'nsx-prod', host: '127.0.0.1', port, username: 'ops' });
  expect(second).toMatchObject({ name: 'dr', host: 'dr.example.com' });
  expect(() => new LoginCircuit(old).check()).not.toThrow();
});

test('a config.yaml that is broken is found out before anything is asked, and stays as it is', async () => {
  configured('targets: [\n');
  const { terminal, said } = person('127.0.0.1');
  await expect(runWizard(wizard().made, terminal, quick)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
  expect(said).toEqual([]);
  expect(readFileSync(config(), 'utf8')).toBe('targets: [\n');
});

test('a .env that others can read is found out before anything is asked', async () => {
  configured();
  writeFileSync(join(directory(), '.env'), 'A=1\n');
  chmodSync(join(directory(), '.env'), 0o644);
  const { terminal, said } = person('127.0.0.1');
  await expect(runWizard(wizard().made, terminal, quick)).rejects.toMatchObject({
    code: 'ENV_FILE_EXPOSED',
  });
  expect(said).toEqual([]);
  expect(readFileSync(config(), 'utf8')).toBe(before);
});

test('nobody at a terminal: what to do instead', async () => {
  const { terminal } = person();
  const nobody = { ...terminal, isInteractive: false };
  await expect(runWizard(wizard().made, nobody, quick)).rejects.toMatchObject({
    code: 'USAGE',
    remedy:
      'Run `vmware-nsx-security init` in a terminal, or write ~/.vmware-nsx-security/config.yaml.',
  });
});
