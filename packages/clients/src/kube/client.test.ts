import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { configMaps } from '../../test/kube.js';
import { certificate, loopback } from '../../test/loopback.js';
import { creation, deletion, mergePatch } from './change.js';
import { Kube } from './client.js';
import { fixedToken } from './login.js';

const made = certificate();
const place = { namespace: 'dev', name: 'a' };
const patch = mergePatch(configMaps, place, { data: { a: '1' } });
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
const emptyList = {
  apiVersion: 'v1',
  kind: 'ConfigMapList',
  metadata: { resourceVersion: '7' },
  items: [],
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const say = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const status = (code: number, reason: string, message: string, details = {}) => ({
  kind: 'Status',
  apiVersion: 'v1',
  code,
  reason,
  message,
  details,
});

/** A server that answers as it is told, and a client with a token. */
async function serving(handler: Handler, bearer = fixedToken('t')) {
  const server = await loopback(handler, made);
  const kube = Kube.open(server.endpoint, { bearer, label: 'the lab' });
  return {
    ...server,
    kube,
    async [Symbol.asyncDispose]() {
      await kube.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a change whose answer is cut at any byte may have happened, and is sent once', async () => {
  const body = JSON.stringify(object);
  const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  let cut = 0;
  await using there = await serving(({ socket }) => {
    socket.write(whole.slice(0, cut), () => socket.destroy());
  });
  for (cut = 0; cut < whole.length; cut++) {
    const before = there.received.length;
    await expect(there.kube.send(patch), `cut at ${cut}`).rejects.toMatchObject({
      effect: 'unknown',
      retryable: false,
      remedy: expect.stringContaining('Look at the object'),
    });
    expect(there.received.length - before).toBe(1);
  }
});

test.each([
  ['200 OK', '<html>'],
  ['200 OK', '{"kind":"ConfigMap"}'],
  ['201 Created', ''],
  ['500 Internal Server Error', '<html>'],
  ['502 Bad Gateway', ''],
  ['503 Service Unavailable', 'no healthy upstream'],
  ['504 Gateway Timeout', JSON.stringify(status(504, 'Timeout', 'request did not complete'))],
  ['500 Internal Server Error', JSON.stringify(status(500, 'InternalError', 'etcd went away'))],
])('a change answered with %s %j may have happened', async (line, body) => {
  await using there = await serving((_, response) => say(response, Number(line.slice(0, 3)), body));
  for (const change of [patch, creation(configMaps, 'dev', object), deletion(configMaps, place)])
    await expect(there.kube.send(change)).rejects.toMatchObject({ effect: 'unknown' });
  expect(there.received).toHaveLength(3);
});

test.each([
  [500, status(500, 'InternalError', 'failed calling webhook "v.example": timed out'), 'UPSTREAM'],
  [503, status(503, 'ServiceUnavailable', 'starting'), 'BUSY'],
  [429, status(429, 'TooManyRequests', 'later'), 'BUSY'],
  [
    400,
    status(400, 'BadRequest', 'admission webhook "v.example" denied the request: no'),
    'ADMISSION_DENIED',
  ],
  [
    403,
    status(403, 'Forbidden', 'admission webhook "v.example" denied the request: no'),
    'ADMISSION_DENIED',
  ],
  [409, status(409, 'Conflict', 'the object has been modified', { name: 'a' }), 'CONFLICT'],
  [404, status(404, 'NotFound', 'configmaps "a" not found', { name: 'a' }), 'NOT_FOUND'],
  [404, '404 page not found', 'API_NOT_SERVED'],
])('a change answered with %i %j did not happen: %s', async (code, body, expected) => {
  await using there = await serving((_, response) => say(response, code, body));
  await expect(there.kube.send(patch)).rejects.toMatchObject({ code: expected, effect: 'none' });
  expect(there.received).toHaveLength(1);
});

test('a change that is only to be checked is not sent as one, and none leads elsewhere', async () => {
  await using there = await serving((_, response) => say(response, 200, object));
  const { target } = patch;
  for (const change of [
    { ...patch, target: `${target}&dryRun=All` },
    { ...deletion(configMaps, place), target: '/api/v1/namespaces/dev/configmaps/a?dryRun=All' },
    { ...deletion(configMaps, place), body: { dryRun: ['All'] } },
    { ...patch, target: '/api/v1/namespaces/dev%2fconfigmaps/a' },
  ])
    await expect(there.kube.send(change)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(there.received).toEqual([]);
});

test('a dry run is a read: it is repeated when its answer is lost', async () => {
  let asked = 0;
  await using there = await serving(({ socket }, response) => {
    asked += 1;
    if (asked === 1) socket.destroy();
    else say(response, 200, object);
  });
  expect(await there.kube.dryRun(patch)).toEqual(object);
});

/** Logins that are counted; the server takes the token of the last one. */
function door(expiresAt?: () => number) {
  const counts = { logins: 0, refused: 0 };
  const login = async () => {
    counts.logins += 1;
    await new Promise((done) => setTimeout(done, 5));
    return { token: `t${counts.logins}`, ...(expiresAt && { expiresAt: expiresAt() }) };
  };
  const handler: Handler = (request, response) => {
    const isKnown = request.headers.authorization === `Bearer t${counts.logins}`;
    if (!isKnown) counts.refused += 1;
    say(response, isKnown ? 200 : 401, isKnown ? emptyList : status(401, 'Unauthorized', 'no'));
  };
  return { counts, bearer: { login }, handler };
}
const fifty = (kube: Kube) =>
  Promise.all(Array.from({ length: 50 }, () => kube.list(configMaps, { namespace: 'dev' })));

test('fifty calls log in once, and once more when their token has expired on the server', async () => {
  const { counts, bearer, handler } = door();
  let expired = false;
  await using there = await serving((request, response) => {
    const isOld = expired && request.headers.authorization === 'Bearer t1';
    if (isOld) say(response, 401, status(401, 'Unauthorized', 'expired'));
    else handler(request, response);
  }, bearer);
  await fifty(there.kube);
  expect(counts.logins).toBe(1);
  expired = true;
  expect(await fifty(there.kube)).toHaveLength(50);
  expect(counts).toEqual({ logins: 2, refused: 0 });
});

test('a token that has ended is not sent any more: fifty calls renew it once, a change too', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { counts, bearer, handler } = door(() => Date.now() + 10 * 3_600_000);
  const methods: string[] = [];
  await using there = await serving((request, response) => {
    methods.push(request.method ?? '');
    handler(request, response);
  }, bearer);
  await there.kube.list(configMaps);
  vi.setSystemTime(Date.now() + 10 * 3_600_000 - 30_000);
  await Promise.all([fifty(there.kube), there.kube.send(patch)]);
  expect(counts).toEqual({ logins: 2, refused: 0 });
  expect(methods.filter((method) => method === 'PATCH')).toHaveLength(1);
});

test('a token that is born spent, by a clock that is wrong, is used until it is refused', async () => {
  const { counts, bearer, handler } = door(() => Date.now() - 3_600_000);
  await using there = await serving(handler, bearer);
  for (let at = 0; at < 5; at++) await there.kube.list(configMaps);
  expect(counts).toEqual({ logins: 1, refused: 0 });
});

test.each(['', 'two words', 'a\r\nX: y', 'é'])('the token %j is not sent', async (token) => {
  await using there = await serving(
    (_, response) => say(response, 200, emptyList),
    fixedToken(token),
  );
  await expect(there.kube.list(configMaps)).rejects.toMatchObject({ code: 'UPSTREAM' });
  expect(there.received).toEqual([]);
});

test('fifty who look for a resource read the documents once; a failure is forgotten', async () => {
  const asked: string[] = [];
  let broken = true;
  await using there = await serving(({ url = '' }, response) => {
    asked.push(url);
    if (broken) say(response, 200, '<html>');
    else if (url === '/apis')
      say(response, 200, {
        kind: 'APIGroupList',
        groups: [{ name: 'g.example', versions: [{ version: 'v1' }] }],
      });
    else say(response, 200, { resources: [{ name: 'as', kind: 'A', namespaced: true }] });
  });
  await expect(there.kube.resource('g.example', 'as')).rejects.toMatchObject({ code: 'UPSTREAM' });
  broken = false;
  asked.length = 0;
  await Promise.all(Array.from({ length: 50 }, () => there.kube.resource('g.example', 'as')));
  expect(asked.toSorted()).toEqual(['/apis', '/apis/g.example/v1']);
});

test('one caller’s signal ends its own waiting for discovery, not that of others', async () => {
  let answer = () => {};
  const asked = new Promise<void>((arrived) => {
    answer = arrived;
  });
  let respond = () => {};
  await using there = await serving((_, response) => {
    respond = () => say(response, 200, { kind: 'APIGroupList', groups: [] });
    answer();
  });
  const stop = new AbortController();
  const first = there.kube.apis({ signal: stop.signal });
  const second = there.kube.apis();
  await asked;
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
  respond();
  expect((await second).versions('')).toEqual(['v1']);
});

test('pages that expire in between are read again from the start, once', async () => {
  const expired = status(410, 'Expired', 'The provided continue parameter is too old');
  const page = (name: string, next?: string) => ({
    ...emptyList,
    metadata: { resourceVersion: '7', ...(next && { continue: next }) },
    items: [{ metadata: { name } }],
  });
  let begun = 0;
  await using there = await serving(({ url = '' }, response) => {
    if (!url.includes('continue=')) {
      begun += 1;
      say(response, 200, page('a', `c${begun}`));
    } else if (url.includes('continue=c2')) say(response, 200, page('b'));
    else say(response, 410, expired);
  });
  const { items } = await there.kube.all(configMaps);
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  await expect(there.kube.all(configMaps)).rejects.toMatchObject({ code: 'EXPIRED' });
  expect(begun).toBe(4);
});

test.each([
  ['{"kind":"ConfigMapList","apiVersion":"v1","metadata":{}}'],
  ['{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":{}}'],
  ['{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[{"metadata":{}}]}'],
  ['{"kind":"Status","apiVersion":"v1","metadata":{},"items":[]}'],
  ['[]'],
  ['null'],
  ['<html>'],
])('%s is no empty list', async (body) => {
  await using there = await serving((_, response) => say(response, 200, body));
  await expect(there.kube.all(configMaps)).rejects.toMatchObject({ code: 'UPSTREAM' });
});

test('warnings are told with the answer and kept once', async () => {
  await using there = await serving((_, response) => {
    response.setHeader('warning', ['299 - "v1beta1 is \\"old\\", really"', '299 - "second"']);
    say(response, 200, object);
  });
  const told: string[] = [];
  const onWarning = (text: string) => void told.push(text);
  await there.kube.send(patch, { onWarning });
  await there.kube.send(patch);
  expect(told).toEqual(['v1beta1 is "old", really', 'second']);
  expect(there.kube.warnings).toEqual(told);
});

test('a client that is closed sends nothing', async () => {
  await using there = await serving((_, response) => say(response, 200, object));
  await there.kube.close();
  await expect(there.kube.send(patch)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  expect(there.received).toEqual([]);
});
