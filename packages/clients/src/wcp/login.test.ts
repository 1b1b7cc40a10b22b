import { expect, test } from 'vitest';
import { certificate, loopback } from '../../test/loopback.js';
import { addressOf, serverOf } from './address.js';
import { expiryOf, logIn, logInToCluster } from './login.js';

const made = certificate();
const cluster = { namespace: 'dev', name: 'web' };
const credentials = async () => ({ username: 'a@vsphere.local', password: 'p:ä' });
const signal = () => AbortSignal.timeout(10_000);

/** A login service that answers so, and what it was asked. */
async function service(status: number, body: unknown) {
  const asked: { authorization: string | undefined; path: string | undefined }[] = [];
  const server = await loopback((request, response) => {
    asked.push({ authorization: request.headers.authorization, path: request.url });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }, made);
  return { ...server, asked };
}
const to = (
  ...servers: readonly { endpoint: Awaited<ReturnType<typeof loopback>>['endpoint'] }[]
) => ({
  to: 'the Supervisor a',
  places: servers.map(({ endpoint }) => endpoint),
  credentials,
});

const jwt = (payload: object) =>
  ['x', Buffer.from(JSON.stringify(payload)).toString('base64url'), 'y'].join('.');

test('asks as kubectl-vsphere does, and knows when a token ends', async () => {
  const token = jwt({ exp: 1_800_000_000 });
  await using there = await service(200, { session_id: token });
  expect(await logIn(to(there), signal())).toEqual({ token, expiresAt: 1_800_000_000_000 });
  expect(there.asked).toEqual([
    {
      authorization: `Basic ${Buffer.from('a@vsphere.local:p:ä').toString('base64')}`,
      path: '/wcp/login',
    },
  ]);
  expect(there.received).toEqual(['']);
});

test('a login to a cluster names it, and says where it is and who vouches for it', async () => {
  await using there = await service(200, {
    session_id: 'guest',
    guest_cluster_server: '10.0.0.9',
    guest_cluster_ca: Buffer.from(made.cert).toString('base64'),
  });
  expect(await logInToCluster(to(there), cluster, signal())).toEqual({
    token: 'guest',
    expiresAt: undefined,
    server: '10.0.0.9',
    ca: made.cert,
  });
  expect(JSON.parse(there.received[0] ?? '')).toEqual({
    guest_cluster_name: 'web',
    guest_cluster_namespace: 'dev',
  });
});

test.each([
  [401, 'AUTH_FAILED'],
  [403, 'NO_PERMISSION'],
  [500, 'UPSTREAM'],
  [200, 'UPSTREAM'],
])('HTTP %i without a token is %s, and nobody else is asked', async (status, code) => {
  await using first = await service(status, {});
  await using second = await service(200, { session_id: 't' });
  await expect(logIn(to(first, second), signal())).rejects.toMatchObject({
    code,
    message: expect.stringContaining('the Supervisor a'),
  });
  expect(second.asked).toEqual([]);
});

test.each(['', 'two words', 'a\r\nX: y', 'é'])(
  'the session_id %j is no token',
  async (session_id) => {
    await using there = await service(200, { session_id });
    await expect(logIn(to(there), signal())).rejects.toMatchObject({ code: 'UPSTREAM' });
  },
);

test('where there is no login service the next place is asked; when there is none, all are told', async () => {
  await using first = await service(404, '');
  await using second = await service(200, { session_id: 't' });
  expect(await logIn(to(first, second), signal())).toMatchObject({ token: 't' });
  await using third = await service(404, '');
  await third[Symbol.asyncDispose]();
  await expect(logIn(to(third, first), signal())).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringMatching(/nothing listens there.*HTTP 404/),
    details: { login: 'the Supervisor a' },
  });
});

test.each(['', 'a', 'a.b.c', 'a.bnVsbA.c', jwt({ exp: 'soon' })])('%j says no end', (token) => {
  expect(expiryOf(token)).toBeUndefined();
});

test.each([
  ['10.0.0.1', { host: '10.0.0.1', port: 6443 }, '10.0.0.1:6443'],
  ['10.0.0.1:7443', { host: '10.0.0.1', port: 7443 }, '10.0.0.1:7443'],
  ['fd00::1', { host: 'fd00::1', port: 6443 }, '[fd00::1]:6443'],
  ['[fd00::1]', { host: 'fd00::1', port: 6443 }, '[fd00::1]:6443'],
  ['[fd00::1]:7443', { host: 'fd00::1', port: 7443 }, '[fd00::1]:7443'],
])('%s is an address', (text, address, server) => {
  expect(addressOf(text, 6443)).toEqual(address);
  expect(serverOf(address)).toBe(server);
});
