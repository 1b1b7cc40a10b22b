import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { loopback } from '../../test/loopback.js';
import { openTransport, textOf } from './transport.js';

const read = { method: 'GET', path: '/', idempotent: true } as const;
const change = { method: 'POST', path: '/', body: 'do it', idempotent: false } as const;

test('reuses a connection and sends no more requests at a time than allowed', async () => {
  let connections = 0;
  let now = 0;
  let most = 0;
  await using there = await loopback((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end('ok');
    }, 5);
  });
  there.server.on('secureConnection', () => connections++);
  const transport = openTransport(there.endpoint, { concurrency: 3 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => textOf(await transport.send(read))),
  );
  transport.close();
  expect(answers).toEqual(Array(20).fill('ok'));
  expect(most).toBe(3);
  expect(connections).toBeLessThanOrEqual(3);
});

test('a host where nothing listens is UNREACHABLE and nothing was changed', async () => {
  const vacant = createServer();
  await new Promise<void>((done) => vacant.listen(0, '127.0.0.1', done));
  const address = vacant.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await new Promise((done) => vacant.close(done));
  await using there = await loopback((_, response) => response.end());
  await expect(openTransport({ ...there.endpoint, port }).send(change)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    effect: 'none',
    details: { reason: 'ECONNREFUSED' },
  });
});

test('a connection that is not up yet is given up when nobody waits for it, and later ones are made', async () => {
  const accepted: Socket[] = [];
  const silent = createServer((socket) => accepted.push(socket.on('error', () => {})));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { port } = silent.address() as AddressInfo;
  await using there = await loopback((_, response) => response.end());
  const transport = openTransport({ ...there.endpoint, port });
  for (let twice = 1; twice <= 2; twice++) {
    const answer = transport.send(change);
    await expect.poll(() => accepted.length).toBe(twice);
    transport.stopConnecting();
    await expect(answer).rejects.toMatchObject({ effect: 'none', code: 'CONNECTION_CLOSED' });
  }
  for (const socket of accepted) socket.destroy();
  silent.close();
});

test('a connection closed after a change was sent leaves its effect unknown, that of a read none', async () => {
  await using there = await loopback((request) => request.socket.destroy());
  const transport = openTransport(there.endpoint);
  await expect(transport.send(change)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    effect: 'unknown',
    retryable: false,
  });
  await expect(transport.send(read)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    effect: 'none',
  });
  expect(there.received).toEqual(['do it', '']);
});

test('an answer cut in the middle is not taken for a whole one', async () => {
  await using there = await loopback((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => request.socket.destroy());
  });
  const transport = openTransport(there.endpoint);
  const answer = await transport.send(change);
  await expect(textOf(answer)).rejects.toMatchObject({ effect: 'unknown' });
});

test('a server that falls silent is given up, and so is one the caller stops waiting for', async () => {
  await using there = await loopback(() => undefined);
  const quiet = openTransport(there.endpoint, { silence: 30 });
  await expect(quiet.send(change)).rejects.toMatchObject({ code: 'TIMEOUT', effect: 'unknown' });

  const transport = openTransport(there.endpoint);
  const signal = AbortSignal.timeout(100);
  await expect(transport.send({ ...read, signal })).rejects.toMatchObject({ code: 'TIMEOUT' });
  const stop = new AbortController();
  const waiting = transport.send({ ...read, signal: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' });
});
