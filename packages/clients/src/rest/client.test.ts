import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { loopback } from '../../test/loopback.js';
import { restLab, restTo, withoutApi } from '../../test/rest.js';
import { Rest } from './client.js';

const tags = { path: 'cis/tagging/tag' };
const ids = z.array(z.string());
const list = 'GET /api/cis/tagging/tag';
const requests = ({ vcenter }: Awaited<ReturnType<typeof restLab>>) =>
  vcenter.requests.map(({ method }) => method);

test('sends nothing until used, logs in once for all, and logs out on close', async () => {
  await using there = await restLab();
  expect(requests(there)).toEqual([]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => there.rest.get(tags, ids)));
  expect(answers[0]).toHaveLength(5);
  expect(there.count('POST /api/session')).toBe(1);
  expect(there.vcenter.sessions).toMatchObject({ logins: 1, open: 1 });
  await Promise.all([there.rest.close(), there.rest.close()]);
  expect(there.count('DELETE /api/session')).toBe(1);
  expect(there.vcenter.sessions).toMatchObject({ logouts: 1, open: 0 });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
});

test('a client that was never used closes without a word', async () => {
  await using there = await restLab();
  await there.rest.close();
  expect(requests(there)).toEqual([]);
});

test('reads whose session has expired share one new login, and all are answered', async () => {
  await using there = await restLab();
  const before = await there.rest.get(tags, ids);
  there.vcenter.sessions.expire();
  const answers = await Promise.all(Array.from({ length: 20 }, () => there.rest.get(tags, ids)));
  expect(answers).toEqual(Array(20).fill(before));
  expect(there.vcenter.sessions.logins).toBe(2);
});

test('a session that is refused again after one new login is reported, not renewed for ever', async () => {
  await using there = await restLab();
  there.fail(list, { status: 401 }, Number.POSITIVE_INFINITY);
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'SESSION_LOST' });
  expect(there.count(list)).toBe(2);
  expect(there.vcenter.sessions.logins).toBe(2);
});

test('a wrong password is tried once over REST and SOAP together, and the account is not locked', async () => {
  await using there = await restLab({}, 'wrong');
  const tries = Array.from({ length: 10 }, () => there.rest.get(tags, ids));
  for (const one of await Promise.allSettled(tries))
    expect(one).toMatchObject({
      reason: {
        code: 'AUTH_FAILED',
        message: expect.stringContaining('Authentication required.'),
        remedy: expect.stringContaining('doctor --reset-login lab'),
        details: { status: 401, error_type: 'UNAUTHENTICATED' },
      },
    });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  await expect(there.vim.identity()).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  await using another = restTo(there);
  await expect(another.get(tags, ids)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  expect(there.vcenter.sessions).toMatchObject({ logins: 0, failedLogins: 1 });
});

test('a password that SOAP was refused is not tried over REST', async () => {
  await using there = await restLab({}, 'wrong');
  await expect(there.vim.identity()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
  expect(requests(there)).not.toContain('POST /api/session');
});

test('speaks the older API where there is no /api, and asks for that once', async () => {
  await using there = await restLab();
  const expected = await there.rest.get(tags, ids);
  withoutApi(there.vcenter);
  await using older = restTo(there);
  expect(await older.get(tags, ids)).toEqual(expected);
  there.vcenter.sessions.expire();
  const before = there.count('POST /api/session');
  expect(await older.get(tags, ids)).toEqual(expected);
  expect(there.count('POST /api/session')).toBe(before);
  expect(there.count('POST /rest/com/vmware/cis/session')).toBe(2);
  await older.close();
  expect(there.count('DELETE /rest/com/vmware/cis/session')).toBe(1);
});

test('a wrong password is tried once where there is no /api', async () => {
  await using there = await restLab({}, 'wrong');
  withoutApi(there.vcenter);
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringContaining('Authentication required.'),
    details: { error_type: 'com.vmware.vapi.std.errors.unauthenticated' },
  });
  expect(there.vcenter.sessions.failedLogins).toBe(1);
});

test('a host without the API says so, and no login counts as refused', async () => {
  await using there = await restLab();
  withoutApi(there.vcenter);
  there.fail('POST /rest/com/vmware/cis/session', { status: 404 });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    message: expect.stringContaining('no vSphere Automation API'),
  });
  expect((await there.vim.identity()).userName).toBe(there.vcenter.credentials.username);
});

test.each([
  { status: 503, headers: { 'retry-after': '0' } },
  { drop: 'before-acting' },
  { drop: 'after-acting' },
] as const)('a read is repeated after %o', async (failure) => {
  await using there = await restLab();
  there.fail(list, failure);
  expect(await there.rest.get(tags, ids)).toHaveLength(5);
  expect(there.count(list)).toBe(2);
});

test('a login whose answer is lost is not sent again by itself, and is no refusal', async () => {
  await using there = await restLab();
  there.fail('POST /api/session', { drop: 'before-acting' });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(there.count('POST /api/session')).toBe(1);
  expect(await there.rest.get(tags, ids)).toHaveLength(5);
});

test.each([
  [403, 'NO_PERMISSION', false],
  [500, 'UPSTREAM', false],
  [502, 'UPSTREAM', true],
])('HTTP %i is reported as %s', async (status, code, retryable) => {
  await using there = await restLab();
  there.fail(list, { status }, Number.POSITIVE_INFINITY);
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({
    code,
    retryable,
    message: expect.stringContaining('GET /api/cis/tagging/tag'),
    details: { status },
  });
});

test.each([
  ['/api', (_: unknown) => {}, 'NOT_FOUND'],
  ['/rest', withoutApi, 'com.vmware.vapi.rest.httpNotFound'],
] as const)('keeps the error type and the words of %s', async (_root, make, type) => {
  await using there = await restLab();
  make(there.vcenter);
  await expect(there.rest.get({ path: 'cis/nothing' }, ids)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Not found.'),
    details: { status: 404, error_type: type, messages: ['Not found.'] },
  });
});

test('an answer that is cut, is no JSON or has another shape is not taken for an empty one', async () => {
  await using there = await restLab();
  await expect(there.rest.get(tags, z.array(z.number()))).rejects.toMatchObject({
    code: 'UPSTREAM',
    message: expect.stringMatching(/cannot be read: 0: /),
  });
  there.fail(list, { status: 200, headers: { 'content-type': 'text/html' } });
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'UPSTREAM' });
  there.fail(list, { cutAfterBytes: 10 }, Number.POSITIVE_INFINITY);
  await expect(there.rest.get(tags, ids)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test.each([['"two\\r\\nlines"'], ['""'], ['{"value":"wrapped"}'], ['<html>']])(
  'a login answered with %s gives no session',
  async (body) => {
    await using server = await loopback((_request, response) => response.end(body));
    await using rest = Rest.open(server.endpoint, {
      credentials: async () => ({ username: 'a', password: 'b' }),
    });
    await expect(rest.get(tags, ids)).rejects.toMatchObject({ code: 'UPSTREAM' });
    expect(server.received).toHaveLength(1);
  },
);

test('the caller’s signal ends a read that is not answered', async () => {
  await using there = await restLab();
  await there.rest.get(tags, ids);
  there.fail(list, 'hang');
  const stop = new AbortController();
  const read = there.rest.get(tags, ids, { signal: stop.signal });
  await vi.waitFor(() => expect(there.count(list)).toBe(2));
  stop.abort();
  await expect(read).rejects.toMatchObject({ code: 'CANCELLED' });
});

test.each([
  '../session',
  'a/b',
  '%2e%2e',
  'x?action=attach',
  'x#y',
  'x y',
  'x\r\nHost: evil',
  'é',
  ':',
])('the id %j stays in its route', async (id) => {
  await using there = await restLab();
  for (const make of [() => {}, withoutApi]) {
    make(there.vcenter);
    await using rest = restTo(there);
    await expect(rest.get({ path: 'cis/tagging/tag', id }, ids)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { method, on } = there.vcenter.requests.at(-1) ?? {};
    expect(method).toMatch(/^GET \/(api|rest\/com\/vmware)\/cis\/tagging\/tag\/(id:)?\{tag\}$/);
    expect(on).toBe(id);
  }
});

test.each(['', '.', '..', '\ud800'])('the id %j is not sent at all', async (id) => {
  await using there = await restLab();
  await expect(there.rest.get({ path: 'cis/tagging/tag', id }, ids)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect(requests(there)).toEqual([]);
});
