import { expect, test, vi } from 'vitest';
import { nsxLab } from '../../test/nsx.js';
import type { Group, SecurityPolicy } from './index.js';

const groups = '/policy/api/v1/infra/domains/default/groups';
const group = (id: string) => `${groups}/${id}`;
const list = 'GET /policy/api/v1/infra/domains/{}/groups';
const put = 'PUT /policy/api/v1/infra/domains/{}/groups/{}';

test('logs in once for many readers, and ends the session on close', async () => {
  await using there = await nsxLab();
  expect(there.sim.requests).toEqual([]);
  const all = await Promise.all(Array.from({ length: 20 }, () => there.nsx.list<Group>(groups)));
  expect(new Set(all.map(({ length }) => length)).size).toBe(1);
  expect(there.count('POST /api/session/create')).toBe(1);
  await Promise.all([there.nsx.close(), there.nsx.close()]);
  expect(there.sim.sessions).toMatchObject({ logins: 1, logouts: 1, open: 0 });
});

test.each([401, 403] as const)(
  'a session that the manager answers with %i is renewed once, for a read and for a change',
  async (expiredStatus) => {
    await using there = await nsxLab({ expiredStatus });
    const before = await there.nsx.list<Group>(groups);
    there.sim.sessions.expire();
    expect(await there.nsx.list<Group>(groups)).toHaveLength(before.length);
    there.sim.sessions.expire();
    await there.nsx.send({
      method: 'PUT',
      target: group('fresh'),
      body: { display_name: 'Fresh' },
    });
    expect(there.sim.sessions.logins).toBe(3);
    expect(await there.nsx.get<Group>(group('fresh'))).toMatchObject({ _revision: 0 });
  },
);

test.each([
  ['with spaces', 'p w d'],
  ['with a plus', 'a+b'],
  ['with everything', `!*'();:@&=+$,/?#[]%~é€"<>`],
])('a password %s arrives as it is', async (_what, password) => {
  const user = { username: 'ädmin+x', password, role: 'enterprise_admin' as const };
  await using there = await nsxLab({ users: [user] });
  expect(await there.nsx.get('/api/v1/node/version')).toHaveProperty('product_version');
});

test.each(['session', 'basic'] as const)(
  'a wrong password is tried once by %s',
  async (authentication) => {
    await using there = await nsxLab({}, 'wrong');
    const nsx = there.open({ authentication });
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => nsx.list(groups)));
    for (const one of tries)
      expect(one).toMatchObject({
        reason: {
          code: 'AUTH_FAILED',
          remedy: expect.stringContaining('doctor --reset-login lab'),
        },
      });
    await expect(nsx.list(groups)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
    await expect(there.open().list(groups)).rejects.toMatchObject({ code: 'LOGIN_PAUSED' });
    expect(there.sim.sessions.failedLogins).toBe(1);
  },
);

test('basic authentication makes no session', async () => {
  await using there = await nsxLab();
  const nsx = there.open({ authentication: 'basic' });
  expect(await nsx.list(groups)).not.toHaveLength(0);
  await nsx.close();
  expect(there.sim.sessions).toMatchObject({ logins: 0, open: 0 });
});

test('walks every page of a list, and ends', async () => {
  await using there = await nsxLab({ pageSize: 5 });
  const all = await there.nsx.list<Group>(groups);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(10);
  expect(there.count(list)).toBe(Math.ceil(all.length / 5));
});

test('a search, which returns a cursor on its last page too, ends', async () => {
  await using there = await nsxLab({ pageSize: 3 });
  const query = { query: 'resource_type:Group' };
  const found = await there.nsx.list<Group>('/policy/api/v1/search/query', { query });
  expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
  expect(there.count('GET /policy/api/v1/search/query')).toBe(Math.ceil(found.length / 3));
});

test('what NSX said is kept: message, code, module', async () => {
  await using there = await nsxLab();
  await expect(there.nsx.get(group('nothing'))).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringMatching(/HTTP 404: .*could not be found.*\(error_code \d+\)/),
    details: { status: 404, error_code: expect.any(Number), module_name: expect.any(String) },
  });
  expect(await there.nsx.find(group('nothing'))).toBeUndefined();
});

test.each([412, 409, 400] as const)(
  'a stale revision, answered with %i, says who made the newer one',
  async (staleStatus) => {
    await using there = await nsxLab({ staleStatus });
    const before = await there.nsx.get<Group>(group('jump-hosts'));
    const body = { ...before, description: 'first' };
    await there.nsx.send({ method: 'PUT', target: group('jump-hosts'), body });
    await expect(
      there.nsx.send({
        method: 'PUT',
        target: group('jump-hosts'),
        body: { ...before, description: 'second' },
      }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      retryable: true,
      message: expect.stringMatching(/It is at revision 1, last changed by admin at \d{4}-/),
      details: { current_revision: 1 },
    });
    expect(await there.nsx.get(group('jump-hosts'))).toMatchObject({ description: 'first' });
  },
);

test('a create that somebody else was quicker with is a conflict, and nothing is overwritten', async () => {
  await using there = await nsxLab();
  const make = (display_name: string) =>
    there.nsx.send({ method: 'PUT', target: group('twin'), body: { display_name } });
  await make('mine');
  await expect(make('theirs')).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await there.nsx.get(group('twin'))).toMatchObject({ display_name: 'mine' });
});

test('a group in use is not deleted, and NSX says why', async () => {
  await using there = await nsxLab();
  await expect(
    there.nsx.send({ method: 'DELETE', target: group('web-servers') }),
  ).rejects.toMatchObject({ code: 'BLOCKED', details: { error_code: 500030 } });
});

test('a role that may not do it is named', async () => {
  const user = { username: 'watcher', password: 'Simulated-1!', role: 'auditor' as const };
  await using there = await nsxLab({ users: [user] });
  await expect(
    there.nsx.send({ method: 'PUT', target: group('x'), body: { display_name: 'x' } }),
  ).rejects.toMatchObject({
    code: 'NO_PERMISSION',
    message: expect.stringContaining('The account has the role auditor'),
    remedy: expect.stringContaining('security_engineer'),
    details: { roles: ['auditor'] },
  });
  expect(there.sim.sessions.logins).toBe(1);
});

test.each([
  { status: 429, headers: { 'retry-after': '0' } },
  { status: 503, headers: { 'retry-after': '0' } },
  { drop: 'before-acting' },
  { drop: 'after-acting' },
  { cutAfterBytes: 20 },
] as const)('a read is repeated after %o', async (failure) => {
  await using there = await nsxLab();
  there.sim.faults.add({ match: { method: list }, then: failure });
  const reading = there.nsx.list(groups);
  if ('cutAfterBytes' in failure)
    await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  else expect((await reading).length).toBeGreaterThan(0);
});

test.each([
  [{ status: 429 }, 'BUSY', 'none'],
  [{ status: 502 }, 'UPSTREAM', 'unknown'],
  [{ status: 504 }, 'UPSTREAM', 'unknown'],
  [{ drop: 'before-acting' }, 'CONNECTION_LOST', 'unknown'],
  [{ drop: 'after-acting' }, 'CONNECTION_LOST', 'unknown'],
  [{ cutAfterBytes: 0 }, 'CONNECTION_LOST', 'unknown'],
  [{ cutAfterBytes: 30 }, 'CONNECTION_LOST', 'unknown'],
] as const)(
  'a change is sent once when it meets %o: %s, effect %s',
  async (failure, code, effect) => {
    await using there = await nsxLab();
    there.sim.faults.add({ match: { method: put }, then: failure });
    await expect(
      there.nsx.send({ method: 'PUT', target: group('once'), body: { display_name: 'once' } }),
    ).rejects.toMatchObject({ code, effect });
    expect(there.count(put)).toBe(1);
  },
);

test('an aborted change that was sent may have happened', async () => {
  await using there = await nsxLab();
  there.sim.faults.add({ match: { method: put }, then: 'hang' });
  const stop = new AbortController();
  const change = there.nsx.send(
    { method: 'PUT', target: group('late'), body: { display_name: 'late' } },
    { signal: stop.signal },
  );
  await vi.waitFor(() => expect(there.count(put)).toBe(1));
  stop.abort();
  await expect(change).rejects.toMatchObject({ code: 'CANCELLED', effect: 'unknown' });
});

test('keeps below the limits of the manager with many callers and several clients', async () => {
  await using there = await nsxLab();
  const clients = [there.nsx, there.open(), there.open({ authentication: 'basic' })];
  await Promise.all(
    Array.from({ length: 240 }, (_, i) => clients[i % clients.length]?.get(group('jump-hosts'))),
  );
  expect(there.sim.limits).toMatchObject({ refused: 0 });
  expect(there.sim.limits.peakPerSecond).toBeLessThanOrEqual(100);
  expect(there.sim.limits.peakInFlight).toBeLessThanOrEqual(32);
});

test('a policy is read with its rules', async () => {
  await using there = await nsxLab();
  const policy = await there.nsx.get<SecurityPolicy>(
    '/policy/api/v1/infra/domains/default/security-policies/shop',
  );
  expect(policy.rules?.length).toBeGreaterThan(0);
});
