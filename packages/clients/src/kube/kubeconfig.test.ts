import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { certificate } from '../../test/loopback.js';
import { parseKubeconfig, renderKubeconfig } from './kubeconfig.js';

const made = certificate();
const other = certificate();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const server = 'https://10.0.0.1:6443';

const configOf = (cluster: object, user: object, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'web', cluster: { server, ...cluster } }],
    users: [{ name: 'admin', user }],
    contexts: [{ name: 'c', context: { cluster: 'web', user: 'admin' } }],
    'current-context': 'c',
    ...more,
  });

test('a kubeconfig that is written is read as it was meant', async () => {
  const text = await renderKubeconfig({
    cluster: 'web',
    context: 'web-context',
    namespace: 'dev',
    server,
    ca: made.cert,
    insecure: false,
    user: { token: 'a.b.c' },
  });
  expect(await parseKubeconfig(text)).toEqual({
    server,
    ca: made.cert,
    token: 'a.b.c',
    namespace: 'dev',
  });
  expect(parse(text)).toMatchObject({
    'current-context': 'web-context',
    contexts: [
      { name: 'web-context', context: { cluster: 'web', user: 'web-user', namespace: 'dev' } },
    ],
  });
});

test('a client certificate is passed on, and a long token stays on one line', async () => {
  const user = { clientCert: made.cert, clientKey: made.key };
  const where = { cluster: 'web', context: 'web-context', server, insecure: false };
  expect(await parseKubeconfig(await renderKubeconfig({ ...where, user }))).toEqual({
    server,
    ...user,
  });
  const token = 'x'.repeat(5_000);
  const text = await renderKubeconfig({ ...where, user: { token } });
  expect(text.split('\n').filter((line) => line.includes(token))).toHaveLength(1);
  expect(text).not.toContain('insecure');
});

test('nothing is checked only where the target says so, and then no authority is named', async () => {
  const user = { token: 't' };
  const where = { cluster: 'web', context: 'web-context', server, ca: made.cert, user };
  const [{ cluster }] = parse(await renderKubeconfig({ ...where, insecure: true })).clusters;
  expect(cluster).toEqual({ server, 'insecure-skip-tls-verify': true });
});

test.each([
  [{ exec: { command: 'rm' } }, 'exec'],
  [{ 'auth-provider': { name: 'oidc' } }, 'auth-provider'],
  [{ 'client-certificate': '/etc/passwd', 'client-key': '/etc/passwd' }, 'client-certificate'],
  [{ tokenFile: '/etc/passwd', token: 't' }, 'tokenFile'],
  [{ username: 'a', password: 'b' }, 'username'],
  [{ as: 'admin', token: 't' }, 'as'],
  [{}, 'neither a token nor a client certificate'],
  [{ 'client-certificate-data': base64(made.cert) }, 'need each other'],
  [{ 'client-certificate-data': base64('x'), 'client-key-data': base64(made.key) }, 'PEM'],
  [
    { 'client-certificate-data': base64(made.cert), 'client-key-data': base64(other.key) },
    'is not the key of',
  ],
])('a user with %j is refused', async (user, why) => {
  await expect(parseKubeconfig(configOf({}, user))).rejects.toMatchObject({
    code: 'KUBECONFIG_INVALID',
    message: expect.stringContaining(why),
  });
});

/** Ten aliases of ten aliases of ten: read naively it fills memory. */
const bomb = Array.from(
  { length: 9 },
  (_, at) =>
    `a${at}: &a${at} [${Array(10)
      .fill(at ? `*a${at - 1}` : 'x')
      .join(',')}]`,
).join('\n');

test.each([
  [configOf({ 'certificate-authority': '/etc/passwd' }, { token: 't' }), 'certificate-authority'],
  [configOf({ 'certificate-authority-data': base64('no') }, { token: 't' }), 'PEM'],
  [configOf({ 'proxy-url': 'http://x' }, { token: 't' }), 'proxy-url'],
  [configOf({ server: 'http://10.0.0.1:6443' }, { token: 't' }), 'https'],
  [configOf({ server: 'https://u:p@10.0.0.1' }, { token: 't' }), 'https'],
  [configOf({ server: 'https://10.0.0.1/api/v1/proxy' }, { token: 't' }), 'https'],
  [configOf({}, { token: 't' }, { 'current-context': 'other' }), 'contexts'],
  [configOf({}, { token: 't' }, { users: [] }), 'users'],
  ['', 'kind'],
  ['a: [', 'YAML'],
  [bomb, 'YAML'],
  ['x'.repeat(1024 * 1024 + 1), '1 MiB'],
])('a kubeconfig is refused that is: %#', async (text, why) => {
  await expect(parseKubeconfig(text)).rejects.toMatchObject({
    code: 'KUBECONFIG_INVALID',
    message: expect.stringContaining(why),
  });
});

test('what is refused is not repeated, and the only context there is needs no word', async () => {
  const secret = 'hunter2hunter2';
  const user = {
    'client-certificate-data': base64(secret),
    'client-key-data': secret,
    token: secret,
  };
  const error = await parseKubeconfig(configOf({}, user)).catch((reason: Error) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).not.toContain(secret);
  const config = configOf({}, { token: 't' }, { 'current-context': '' });
  expect(await parseKubeconfig(config)).toEqual({ server, token: 't' });
});
