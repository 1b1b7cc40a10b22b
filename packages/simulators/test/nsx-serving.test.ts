import { expect, test } from 'vitest';
import { type FaultRule, simulate, simulateNsx } from '../src/index.js';
import { domain, groups, NsxWire, policies } from './nsx-wire.js';

test('lists come in pages whose cursor ends, and stays right while objects come and go', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const all = (await wire.get(groups)).json;
  expect([all.cursor, all.results.length]).toEqual([undefined, all.result_count]);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { json } = await wire.get(`${groups}?page_size=3${cursor ? `&cursor=${cursor}` : ''}`);
    seen.push(...json.results.map(({ id }: { id: string }) => id));
    if (!cursor) await wire.put(`${groups}/aaa-new`, {});
    cursor = json.cursor;
  } while (cursor);
  expect(seen).toEqual(all.results.map(({ id }: { id: string }) => id));
  expect(seen).toEqual([...seen].sort());
  for (const [size, status] of [
    ['0', 400],
    ['1001', 400],
    ['1000', 200],
  ] as const)
    expect((await wire.get(`${groups}?page_size=${size}`)).status).toBe(status);
  expect((await wire.get(`${groups}?cursor=made-up`)).status).toBe(400);
  const byName = (await wire.get(`${groups}?sort_by=display_name&sort_ascending=false`)).json;
  const names = byName.results.map(({ display_name }: { display_name: string }) => display_name);
  expect(names).toEqual([...names].sort().reverse());
});

test('a page is never larger than the manager allows', async () => {
  await using nsx = await simulateNsx({ pageSize: 2 });
  const wire = await NsxWire.enter(nsx);
  const { json } = await wire.get(`${groups}?page_size=1000`);
  expect([json.results.length, typeof json.cursor]).toEqual([2, 'string']);
});

test('a search has a cursor on its last page too, which leads to an empty one', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const query = `/search/query?query=${encodeURIComponent('resource_type:Group AND display_name:web-s*')}`;
  const { json } = await wire.get(query);
  expect([json.result_count, json.cursor]).toEqual([2, '2']);
  const after = (await wire.get(`${query}&cursor=2`)).json;
  expect([after.results, after.cursor]).toEqual([[], '2']);
});

/** Answers nothing from this path while the simulation lives. */
const stuck = (on: string): FaultRule => ({
  match: { on: `/policy/api/v1${on}` },
  times: Number.POSITIVE_INFINITY,
  then: 'hang',
});

test('an account has so many requests served at a time, over all its connections', async () => {
  const user = (username: string) => ({ username, password: 'p', role: 'auditor' as const });
  await using nsx = await simulateNsx({
    users: [user('a'), user('b')],
    limits: { inFlight: 2, overall: 3, retryAfterSeconds: 1 },
    faults: [stuck('/infra/domains')],
  });
  const [one, same] = [await NsxWire.enter(nsx), await NsxWire.enter(nsx)];
  const other = await NsxWire.enter(nsx, user('b'));
  const hanging = (wire: NsxWire) => wire.get('/infra/domains').catch((error: unknown) => error);
  const waits = [hanging(one), hanging(same)];
  await expect.poll(() => nsx.limits.peakInFlight).toBe(2);
  const refused = await one.get(groups);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
  expect(refused.json).toMatchObject({ httpStatus: 'TOO_MANY_REQUESTS', error_code: 102 });
  expect((await other.get(groups)).status).toBe(200);
  waits.push(hanging(other));
  await expect.poll(() => nsx.limits.peakInFlight).toBe(3);
  expect((await other.get(groups)).status).toBe(503);
  expect(nsx.limits.refused).toBe(2);
  await nsx[Symbol.asyncDispose]();
  await Promise.all(waits);
});

test('an account sends so many requests in a second', async () => {
  await using nsx = await simulateNsx({ limits: { perSecond: 4 } });
  const [one, other] = [await NsxWire.enter(nsx), await NsxWire.enter(nsx)];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) => (at % 2 ? one : other).get('/infra/domains')),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect([nsx.limits.peakPerSecond, nsx.limits.refused]).toEqual([4, refused.length]);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers['retry-after']).toBeUndefined();
});

test('faults: dropped before and after acting, cut to nothing, a status, a hang', async () => {
  const method = `PUT /policy/api/v1${domain.replace('default', '{}')}/groups/{}`;
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const fail = (then: FaultRule['then'] & {}) =>
    nsx.faults.add({ match: { method, on: `/policy/api/v1${groups}/x` }, then });
  const exists = async () => (await wire.get(`${groups}/x`)).status === 200;
  fail({ drop: 'before-acting' });
  await expect(wire.put(`${groups}/x`, {})).rejects.toThrow();
  expect(await exists()).toBe(false);
  fail({ status: 503, headers: { 'retry-after': '2' } });
  expect((await wire.put(`${groups}/x`, {})).headers['retry-after']).toBe('2');
  expect(await exists()).toBe(false);
  for (const then of [
    { drop: 'after-acting' },
    { cutAfterBytes: 0 },
    { cutAfterBytes: 20 },
  ] as const) {
    fail(then);
    await expect(wire.put(`${groups}/x`, {})).rejects.toThrow();
    expect(await exists()).toBe(true);
    await wire.delete(`${groups}/x`);
  }
  fail('hang');
  const hanging = expect(wire.put(`${groups}/x`, {})).rejects.toThrow();
  await expect.poll(() => nsx.requests.filter((each) => each.method === method).length).toBe(6);
  expect(await exists()).toBe(false);
  await nsx[Symbol.asyncDispose]();
  await hanging;
});

test('every request is on record: route, path, who, and the body of a change', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  await wire.get(`${policies}?include_rule_count=true`);
  await wire.patch(`${groups}/x`, { display_name: 'ü' });
  await wire.get('/nowhere');
  const [, read, change, lost] = nsx.requests;
  expect(nsx.requests[0]).toMatchObject({
    method: 'POST /api/session/create',
    changes: false,
    user: undefined,
  });
  expect(nsx.requests[0]?.body).toBeUndefined();
  expect(read).toMatchObject({
    method: 'GET /policy/api/v1/infra/domains/{}/security-policies',
    on: '/policy/api/v1/infra/domains/default/security-policies',
    changes: false,
    user: 'admin',
  });
  expect(change).toMatchObject({
    method: 'PATCH /policy/api/v1/infra/domains/{}/groups/{}',
    changes: true,
    body: '{"display_name":"ü"}',
    bytes: 21,
  });
  expect(lost?.method).toBe('GET /policy/api/v1/nowhere');
});

test('shares an inventory with a simulated vCenter: what is done there is seen here', async () => {
  await using vcenter = await simulate({ seed: 'lab' });
  const { inventory, clock } = vcenter;
  await using nsx = await simulateNsx({ inventory, clock });
  const wire = await NsxWire.enter(nsx);
  const vm = inventory.find('vm', 'web-01');
  if (!vm) throw new Error('there is no web-01');
  const state = async () =>
    (await wire.get(`/api/v1/fabric/virtual-machines?external_id=${vm.instanceUuid}`)).json
      .results[0].power_state;
  const before = await state();
  inventory.change(vm, { power: vm.power === 'poweredOn' ? 'poweredOff' : 'poweredOn' });
  expect(new Set([before, await state()])).toEqual(new Set(['VM_RUNNING', 'VM_STOPPED']));
});
