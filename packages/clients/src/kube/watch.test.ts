import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { configMaps } from '../../test/kube.js';
import { certificate, loopback } from '../../test/loopback.js';
import { Kube } from './client.js';
import { fixedToken } from './login.js';

const made = certificate();
const line = (type: string, name: string, resourceVersion: string) =>
  `${JSON.stringify({
    type,
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, resourceVersion } },
  })}\n`;
const mark = (resourceVersion: string) =>
  `${JSON.stringify({ type: 'BOOKMARK', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion } } })}\n`;

type Connection = (response: ServerResponse, request: IncomingMessage) => void;

/** Plays one script after the other, the last one for ever; says from which version each was asked. */
async function playing(...scripts: readonly Connection[]) {
  const asked: URLSearchParams[] = [];
  const server = await loopback((request, response) => {
    const script = scripts[Math.min(asked.length, scripts.length - 1)];
    asked.push(new URL(request.url ?? '', 'https://x').searchParams);
    script?.(response, request);
  }, made);
  const kube = Kube.open(server.endpoint, { bearer: fixedToken('t'), label: 'the lab' });
  return {
    kube,
    from: () => asked.map((query) => query.get('resourceVersion')),
    asked,
    watch: (more = {}) =>
      kube.watch(configMaps, { namespace: 'dev', resourceVersion: '5', ...more }),
    async [Symbol.asyncDispose]() {
      await kube.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function take(
  events: AsyncIterable<{ type: string; object: { metadata: { name: string } } }>,
  many: number,
) {
  const told: string[] = [];
  for await (const { type, object } of events) {
    told.push(`${type} ${object.metadata.name}`);
    if (told.length === many) break;
  }
  return told;
}

const ends =
  (text: string): Connection =>
  (response) =>
    void response.end(text);
const cut =
  (text: string): Connection =>
  (response) =>
    void response.write(text, () => response.destroy());

test('connections that end, or are cut inside a line, are made anew where they ended', async () => {
  const long = line('MODIFIED', 'ä', '9');
  const [head, tail] = [Buffer.from(long).subarray(0, -70), Buffer.from(long).subarray(-70)];
  await using there = await playing(
    ends(line('ADDED', 'a', '6') + mark('8')),
    cut(line('ADDED', 'b', '9') + line('ADDED', 'c', '10').slice(0, 20)),
    (response) => void response.write(head, () => setTimeout(() => response.end(tail), 20)),
    ends(line('DELETED', 'b', '11')),
  );
  expect(await take(there.watch(), 4)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED ä', 'DELETED b']);
  expect(there.from()).toEqual(['5', '8', '9', '9']);
  expect(there.asked[0]?.get('allowWatchBookmarks')).toBe('true');
  expect(Number(there.asked[0]?.get('timeoutSeconds'))).toBeLessThan(120);
});

test('a character that is cut between two pieces arrives whole', async () => {
  const bytes = Buffer.from(line('ADDED', 'ä', '6'));
  const at = bytes.indexOf(0xc3) + 1;
  await using there = await playing((response) => {
    response.write(bytes.subarray(0, at), () =>
      setTimeout(() => response.end(bytes.subarray(at)), 20),
    );
  });
  expect(await take(there.watch(), 1)).toEqual(['ADDED ä']);
});

test.each([
  ['<html>'],
  ['<html>\n'],
  ['{}\n'],
  ['{"type":"NEW","object":{}}\n'],
  ['{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{}}}\n'],
  ['{"type":"ADDED"}\n'],
])('%j is no event', async (text) => {
  await using there = await playing(ends(line('ADDED', 'a', '6') + text));
  const events = there.watch()[Symbol.asyncIterator]();
  await events.next();
  await expect(events.next()).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: expect.stringContaining('configmaps.v1 on the lab'),
  });
  expect(there.from()).toEqual(['5']);
});

test('a line that does not end is given up', async () => {
  await using there = await playing((response) => {
    const more = () => void response.write('x'.repeat(64 * 1024), (failed) => failed ?? more());
    more();
  });
  await expect(take(there.watch(), 1)).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: expect.stringContaining('longer than'),
  });
});

const failure = (code: number, reason: string) =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message: 'm', details: { name: 'a' } } })}\n`;

test.each([
  [failure(410, 'Expired'), 'EXPIRED'],
  [failure(403, 'Forbidden'), 'ADMISSION_DENIED'],
  [failure(500, 'InternalError'), 'UPSTREAM'],
  ['{"type":"ERROR"}\n', 'UPSTREAM'],
])('the error %j ends a watch as %s', async (text, code) => {
  await using there = await playing(ends(text));
  await expect(take(there.watch(), 1)).rejects.toMatchObject({ code, effect: 'none' });
  expect(there.from()).toEqual(['5']);
});

test('a server that answers no more is asked a few times, then the watch says so', async () => {
  await using there = await playing(ends(line('ADDED', 'a', '6')), cut(''));
  await expect(take(there.watch(), 2)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(there.from()).toEqual(['5', '6', '6', '6', '6', '6']);
});

test('a watch is of one object and nothing else when it names one', async () => {
  await using there = await playing(ends(line('ADDED', 'a', '6')));
  await take(there.watch({ name: 'a', fieldSelector: 'x=y' }), 1);
  expect(there.asked[0]?.get('fieldSelector')).toBe('metadata.name=a,x=y');
  await expect(take(there.watch({ name: 'a,metadata.namespace=b' }), 1)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect(there.asked).toHaveLength(1);
});

test('a signal ends a watch while it waits between connections, and before it begins', async () => {
  await using there = await playing(ends(''));
  const stop = new AbortController();
  const watching = take(there.watch({ signal: stop.signal }), 1);
  setTimeout(() => stop.abort(), 100);
  await expect(watching).rejects.toMatchObject({ code: 'CANCELLED' });
  const many = there.asked.length;
  await expect(take(there.watch({ signal: stop.signal }), 1)).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect(there.asked).toHaveLength(many);
});
