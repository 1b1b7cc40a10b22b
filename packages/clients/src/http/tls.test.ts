import { afterEach, expect, test } from 'vitest';
import { certificate, loopback } from '../../test/loopback.js';
import { fetchCertificate } from './tls.js';
import { openTransport, textOf } from './transport.js';

const get = { method: 'GET', path: '/', idempotent: true } as const;
const yes = (_: unknown, response: { end(text: string): void }) => response.end('yes');

afterEach(() => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
});

test('refuses a certificate nobody vouches for, showing it, before a byte of the request is sent', async () => {
  await using there = await loopback(yes, certificate(), {});
  const { thumbprint } = await fetchCertificate('127.0.0.1', there.endpoint.port);
  await expect(openTransport(there.endpoint).send(get)).rejects.toMatchObject({
    code: 'TLS_UNTRUSTED',
    message: expect.stringContaining(thumbprint),
    remedy: expect.stringContaining('vmware-vsphere init'),
    details: { subject: 'CN=loopback test', thumbprint },
    effect: 'none',
  });
  expect(there.received).toEqual([]);
});

test('accepts the certificate of ca_file, and a pinned one whatever its name', async () => {
  const made = certificate('DNS:elsewhere.example');
  await using named = await loopback(yes);
  expect(await textOf(await openTransport(named.endpoint).send(get))).toBe('yes');

  await using pinned = await loopback(yes, made, {});
  const { thumbprint } = await fetchCertificate('127.0.0.1', pinned.endpoint.port);
  const transport = openTransport({ ...pinned.endpoint, thumbprint });
  expect(await textOf(await transport.send(get))).toBe('yes');
});

test('says which names a certificate is made out to when the host is not one of them', async () => {
  await using there = await loopback(yes, certificate('DNS:elsewhere.example'));
  await expect(openTransport(there.endpoint).send(get)).rejects.toMatchObject({
    code: 'TLS_HOSTNAME',
    message: expect.stringContaining('elsewhere.example'),
  });
  expect(there.received).toEqual([]);
});

test('refuses a certificate other than the pinned one even where nothing else is verified', async () => {
  await using there = await loopback(yes);
  const thumbprint = Array(32).fill('AB').join(':');
  const endpoint = { ...there.endpoint, verifySsl: false, thumbprint };
  await expect(openTransport(endpoint).send(get)).rejects.toMatchObject({
    code: 'TLS_UNTRUSTED',
    details: { pinned: thumbprint },
  });
  expect(there.received).toEqual([]);
});

test('verifies nothing only for the target that says so, and never because of the environment', async () => {
  await using there = await loopback(yes, certificate(), {});
  const lax = openTransport({ ...there.endpoint, verifySsl: false });
  expect(await textOf(await lax.send(get))).toBe('yes');
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  await expect(openTransport(there.endpoint).send(get)).rejects.toMatchObject({
    code: 'TLS_DISABLED_GLOBALLY',
  });
});
