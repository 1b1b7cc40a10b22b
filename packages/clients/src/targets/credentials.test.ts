import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { credentialsOf } from './credentials.js';
import type { TargetConfig } from './target.js';

function target(extra: Partial<TargetConfig> = {}): TargetConfig {
  return {
    name: 'prod-1',
    environment: '',
    product: 'vsphere',
    host: 'vc',
    port: 443,
    username: 'admin',
    verifySsl: true,
    source: 'config.yaml',
    directory: mkdtempSync(join(tmpdir(), 'credentials-')),
    ...extra,
  };
}

/** Writes `.env` beside the target's config.yaml. */
function withEnvFile(text: string, mode = 0o600, at = target()): TargetConfig {
  const file = join(at.directory, '.env');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return at;
}

test('the real environment wins over .env, the specific name over the general one', async () => {
  const at = withEnvFile('VMWARE_VSPHERE_PROD_1_PASSWORD=kept\nVMWARE_PROD_1_USERNAME=bob\n');
  expect(await credentialsOf(at, {})).toEqual({ username: 'bob', password: 'kept' });
  const env = { VMWARE_PROD_1_PASSWORD: 'real', VMWARE_PROD_1_USERNAME: 'eve' };
  expect(await credentialsOf(at, env)).toEqual({ username: 'eve', password: 'real' });
  const both = { ...env, VMWARE_VSPHERE_PROD_1_PASSWORD: 'specific' };
  expect((await credentialsOf(at, both)).password).toBe('specific');
});

test('reads the b64: values of the families and never rewrites the file', async () => {
  const text = `VMWARE_PROD_1_PASSWORD='b64:${Buffer.from('pä$$').toString('base64')}'\n`;
  const at = withEnvFile(text);
  expect((await credentialsOf(at, {})).password).toBe('pä$$');
  expect(readFileSync(join(at.directory, '.env'), 'utf8')).toBe(text);
  const literal = { VMWARE_PROD_1_PASSWORD: 'b64:not base64!' };
  expect((await credentialsOf(target(), literal)).password).toBe('b64:not base64!');
});

test.each(['640', '604', '620', '666'])('refuses a .env of mode %s', async (mode) => {
  const at = withEnvFile('VMWARE_PROD_1_PASSWORD=x\n', Number.parseInt(mode, 8));
  await expect(credentialsOf(at, {})).rejects.toMatchObject({
    code: 'ENV_FILE_EXPOSED',
    remedy: expect.stringContaining(`chmod 600 ${join(at.directory, '.env')}`),
  });
});

test('refuses a .env that is a symlink, a directory or too large', async () => {
  const linked = target();
  writeFileSync(join(linked.directory, 'elsewhere'), 'VMWARE_PROD_1_PASSWORD=x', { mode: 0o600 });
  symlinkSync(join(linked.directory, 'elsewhere'), join(linked.directory, '.env'));
  await expect(credentialsOf(linked, {})).rejects.toThrow('is a symbolic link');
  const folder = target();
  mkdirSync(join(folder.directory, '.env'));
  await expect(credentialsOf(folder, {})).rejects.toThrow('is not a regular file');
  await expect(credentialsOf(withEnvFile('A=1\n'.repeat(20_000)), {})).rejects.toThrow('64 KiB');
});

test('reads *_FILE secrets, and says which variable names a bad one', async () => {
  const at = target();
  const file = join(at.directory, 'secret');
  writeFileSync(file, 'from file\n');
  const env = { VMWARE_PROD_1_PASSWORD_FILE: file };
  expect((await credentialsOf(at, env)).password).toBe('from file');
  const gone = { VMWARE_PROD_1_PASSWORD_FILE: '/nowhere' };
  await expect(credentialsOf(at, gone)).rejects.toMatchObject({
    code: 'PASSWORD_FILE_UNREADABLE',
    message: expect.stringContaining('VMWARE_PROD_1_PASSWORD_FILE'),
  });
});

test('asks a helper without a shell, and never shows what it printed', async () => {
  const env = { VMWARE_PROD_1_PASSWORD: 'exec:printf %s;$HOME' };
  expect((await credentialsOf(target(), env)).password).toBe(';$HOME');
  const command = ['node', '-e', 'console.log("two words"); console.log("more")'];
  expect((await credentialsOf(target({ passwordCommand: command }), {})).password).toBe(
    'two words',
  );
  const leaky = ['node', '-e', 'console.log("hunter2"); process.exit(3)'];
  const failure = await credentialsOf(target({ passwordCommand: leaky }), {}).catch((e) => e);
  expect(failure).toMatchObject({ code: 'PASSWORD_HELPER_FAILED' });
  expect(failure.message).not.toContain('hunter2');
});

test('reads a Vault KV secret of version 1 or 2', async () => {
  const seen: unknown[] = [];
  const vault = createServer((request, response) => {
    seen.push(request.headers['x-vault-token']);
    const answers: Record<string, unknown> = {
      '/v1/secret/data/vc': { data: { data: { password: 'v2' }, metadata: { version: 4 } } },
      '/v1/kv/vc': { data: { pass: 'v1' } },
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? { errors: [] }));
  });
  await new Promise<void>((done) => vault.listen(0, '127.0.0.1', done));
  const { port } = vault.address() as AddressInfo;
  const env = { VAULT_ADDR: `http://127.0.0.1:${port}`, VAULT_TOKEN: 't' };
  const read = async (reference: string) =>
    (await credentialsOf(target({ vault: reference }), env)).password;
  expect(await read('secret/vc')).toBe('v2');
  expect(await read('secret/data/vc#password')).toBe('v2');
  expect(await read('kv/vc#pass')).toBe('v1');
  expect(new Set(seen)).toEqual(new Set(['t']));
  await expect(read('kv/vc#other')).rejects.toMatchObject({ code: 'VAULT_FAILED' });
  const clear = { ...env, VAULT_ADDR: 'http://vault.example.com' };
  await expect(credentialsOf(target({ vault: 'a/b' }), clear)).rejects.toThrow('clear text');
  await new Promise((done) => vault.close(done));
});

test('the variables that made the target also hold its password', async () => {
  const env = { VCENTER_HOST: 'vc', VCENTER_PASSWORD: 'p1' };
  expect((await credentialsOf(target({ source: 'VCENTER' }), env)).password).toBe('p1');
  const govc = { GOVC_URL: 'https://u:p%40ss@vc/sdk' };
  expect((await credentialsOf(target({ source: 'GOVC' }), govc)).password).toBe('p@ss');
});

test('without a password it says where it looked and which variable to set', async () => {
  const at = target();
  await expect(credentialsOf(at, {})).rejects.toMatchObject({
    code: 'NO_PASSWORD',
    message: expect.stringContaining(join(at.directory, '.env')),
    remedy: expect.stringContaining('Set VMWARE_VSPHERE_PROD_1_PASSWORD'),
  });
});
