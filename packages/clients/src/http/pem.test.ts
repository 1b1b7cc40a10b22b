import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { certificate, loopback } from '../../test/loopback.js';
import { authorities, identityOf } from './pem.js';
import { openTransport } from './transport.js';

const own = certificate();
const other = certificate();
const keyOf = ({ file }: { file: string }) => join(dirname(file), 'key.pem');

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'pem-')), 'some.pem');
  writeFileSync(path, text);
  return path;
}

function locked(): string {
  const path = file('');
  execFileSync('openssl', [
    'pkey',
    '-in',
    keyOf(own),
    '-aes128',
    '-passout',
    'pass:x',
    '-out',
    path,
  ]);
  return path;
}

const endpoint = (clientCert: string, clientKey: string) => ({
  name: 'lab',
  product: 'nsx-security',
  host: '127.0.0.1',
  port: 1,
  verifySsl: true,
  directory: tmpdir(),
  clientCert,
  clientKey,
});

test('a certificate and its key are shown as they are in their files', () => {
  expect(identityOf(endpoint(own.file, keyOf(own)))).toMatchObject({
    cert: own.cert,
    key: own.key,
    certificate: { subject: 'CN=loopback test' },
  });
});

test.each([
  ['client_cert', file('no PEM'), keyOf(own), 'holds no certificate in PEM form'],
  ['client_cert', keyOf(own), keyOf(own), 'holds no certificate in PEM form'],
  ['client_key', own.file, file('-----BEGIN PRIVATE KEY-----\nAAAA\n'), 'holds no private key'],
  ['client_key', own.file, own.file, 'holds no private key in PEM form'],
  ['client_key', own.file, keyOf(other), `is not the key of client_cert ${own.file}`],
  ['client_key', own.file, locked(), 'is encrypted'],
])('%s of %s and %s: %s', (key, clientCert, clientKey, why) => {
  const named = key === 'client_cert' ? clientCert : clientKey;
  expect(() => identityOf(endpoint(clientCert, clientKey))).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`${key} ${named} ${why}`),
      remedy: expect.stringMatching(/config\.yaml|openssl pkey/),
    }),
  );
});

test('a file that is not there is named with its key', () => {
  expect(() => identityOf(endpoint('/nowhere.pem', keyOf(own)))).toThrow(
    expect.objectContaining({
      code: 'CLIENT_CERT_UNREADABLE',
      remedy: 'Correct client_cert in config.yaml.',
    }),
  );
});

test('a ca_file without a certificate is an error, and nothing is sent', async () => {
  expect(authorities(own.file)).toBe(own.cert);
  await using there = await loopback((_, response) => response.end('yes'));
  const caFile = file('no PEM');
  const transport = openTransport({ ...there.endpoint, caFile });
  await expect(
    transport.send({ method: 'GET', path: '/', idempotent: true }),
  ).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(caFile) });
  expect(there.received).toEqual([]);
});

test('certificates may be text instead of files, and go before them', async () => {
  expect(
    identityOf({ ...endpoint('absent', 'absent'), clientCertPem: own.cert, clientKeyPem: own.key }),
  ).toMatchObject({ cert: own.cert, key: own.key });
  await using server = await loopback((_request, response) => response.end('ok'), own, {
    caFile: other.file,
    ca: own.cert,
  });
  const status = async (ca: string) => {
    const transport = openTransport({ ...server.endpoint, ca });
    const request = { method: 'GET', path: '/', idempotent: true } as const;
    return transport.send(request).finally(() => transport.close());
  };
  expect(await status(own.cert)).toMatchObject({ status: 200 });
  await expect(status(other.cert)).rejects.toMatchObject({ code: 'TLS_UNTRUSTED' });
  // OpenSSL takes text without a certificate for an empty list.
  await expect(status('no PEM')).rejects.toMatchObject({ code: 'CA_INVALID' });
});
