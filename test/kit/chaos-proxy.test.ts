import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChaosProxy, chaosProxy, type Place } from './chaos-proxy.js';

/** A server that sends back what it gets. */
const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
let place: Place;

beforeAll(async () => {
  await new Promise<void>((listening) => echo.listen(0, '127.0.0.1', listening));
  place = { host: '127.0.0.1', port: (echo.address() as AddressInfo).port };
});
afterAll(() => void echo.close());

async function dial({ endpoint }: ChaosProxy): Promise<Socket> {
  const socket = connect(endpoint.port, endpoint.host);
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the connection ends or so many bytes are there, and in how many pieces. */
async function answer(socket: Socket, bytes = Number.POSITIVE_INFINITY) {
  const pieces: Buffer[] = [];
  let error = '';
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code ?? '';
  });
  await new Promise<void>((done) => {
    socket.once('close', () => done());
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      if (Buffer.concat(pieces).length >= bytes) done();
    });
  });
  return { text: Buffer.concat(pieces).toString(), pieces: pieces.length, error };
}

test('in good weather everything passes, and is counted', async () => {
  await using proxy = await chaosProxy(place);
  const socket = await dial(proxy);
  socket.write('hello');
  expect(await answer(socket, 5)).toMatchObject({ text: 'hello' });
  expect(proxy.passed).toEqual({ request: 5, answer: 5 });
});

test('a cut ends the connection after that very byte, and the next one passes whole', async () => {
  await using proxy = await chaosProxy(place);
  const socket = await dial(proxy);
  proxy.cut('answer', 3);
  socket.write('hello');
  expect(await answer(socket)).toMatchObject({ text: 'hel', error: '' });
  const next = await dial(proxy);
  next.write('again');
  expect(await answer(next, 5)).toMatchObject({ text: 'again' });
});

test('a cut with RST is no end but an error', async () => {
  await using proxy = await chaosProxy(place);
  const socket = await dial(proxy);
  // After some bytes libuv may report the reset that follows them as an end.
  proxy.cut('answer', 0, 'RST');
  socket.write('hello');
  expect(await answer(socket)).toMatchObject({ text: '', error: 'ECONNRESET' });
});

test('a dripping connection gives a byte at a time, and none is lost', async () => {
  await using proxy = await chaosProxy(place);
  proxy.weather = { drip: 1, delay: 2 };
  const socket = await dial(proxy);
  socket.write('hello');
  const { text, pieces } = await answer(socket, 5);
  expect(text).toBe('hello');
  expect(pieces).toBeGreaterThan(2);
});

test('a silent connection stays open and swallows, until its client closes it', async () => {
  await using proxy = await chaosProxy(place);
  proxy.weather = { silent: ['answer'] };
  const socket = await dial(proxy);
  socket.write('hello');
  await expect.poll(() => proxy.passed).toEqual({ request: 5, answer: 5 });
  expect([proxy.open, proxy.waiting, socket.bytesRead]).toEqual([1, 1, 0]);
  socket.destroy();
  await expect.poll(() => [proxy.open, proxy.waiting]).toEqual([0, 0]);
});

test('garbage replaces what the server says, byte for byte', async () => {
  await using proxy = await chaosProxy(place);
  proxy.weather = { garbage: true };
  const socket = await dial(proxy);
  socket.write('hello');
  expect(await answer(socket, 5)).toMatchObject({ text: '?????' });
});
