import { expect, test } from 'vitest';
import { loopback } from '../../test/loopback.js';
import { retryAfter, retrying } from './retry.js';
import { openTransport, textOf } from './transport.js';

const read = { method: 'GET', path: '/', idempotent: true } as const;
const change = { method: 'POST', path: '/', body: 'x', idempotent: false } as const;

/** Answers 503 the first `times` times. */
const busy = (times: number, headers: Record<string, string> = {}) =>
  loopback((_, response) => {
    if (times-- > 0) response.writeHead(503, headers);
    response.end('answer');
  });

test('repeats a read while the server is busy, waiting as long as it asks', async () => {
  await using there = await busy(2, { 'retry-after': '7' });
  const waited: number[] = [];
  const wait = async (milliseconds: number) => void waited.push(milliseconds);
  const response = await retrying(openTransport(there.endpoint), { wait }).send(read);
  expect(await textOf(response)).toBe('answer');
  expect(waited).toEqual([7000, 7000]);
});

test('gives up after the third try, and hands on what the server said', async () => {
  await using there = await busy(9);
  const wait = async () => undefined;
  const response = await retrying(openTransport(there.endpoint), { wait }).send(read);
  expect(response.status).toBe(503);
  await textOf(response);
  expect(there.received).toHaveLength(3);
});

test('repeats a read whose connection was dropped, but never a change', async () => {
  let drops = 2;
  await using there = await loopback((request, response) => {
    if (drops-- > 0) request.socket.destroy();
    else response.end('answer');
  });
  const wait = async () => undefined;
  const transport = retrying(openTransport(there.endpoint), { wait });
  await expect(transport.send(change)).rejects.toMatchObject({ effect: 'unknown' });
  expect(there.received).toEqual(['x']);
  expect(await textOf(await transport.send(read))).toBe('answer');
});

test('never repeats a change that was told to come back later', async () => {
  await using there = await busy(9, { 'retry-after': '0' });
  const response = await retrying(openTransport(there.endpoint)).send(change);
  await textOf(response);
  expect(there.received).toHaveLength(1);
});

test('stops waiting for a busy server when the caller does', async () => {
  await using there = await busy(9, { 'retry-after': '50' });
  const transport = retrying(openTransport(there.endpoint));
  const signal = AbortSignal.timeout(100);
  await expect(transport.send({ ...read, signal })).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('understands Retry-After in seconds and as a date, and waits a minute at most', () => {
  const now = Date.parse('Sun, 22 Nov 2026 10:00:00 GMT');
  expect(retryAfter('5', now)).toBe(5000);
  expect(retryAfter('Sun, 22 Nov 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(retryAfter('Sun, 22 Nov 2020 10:00:30 GMT', now)).toBe(0);
  expect(retryAfter('99999999999', now)).toBe(60_000);
  expect(retryAfter('soon', now)).toBeUndefined();
});
