import { expect, test } from 'vitest';
import { enter, gold, management, root, said, supervisorA, WcpWire } from './wcp-wire.js';

const spec = { namespace: 'new', supervisor: supervisorA, storage_specs: [{ policy: gold }] };

test('nothing is answered without a live session, and a known route not even then refused in detail', async () => {
  await using there = await enter();
  const stranger = new WcpWire(there);
  const nobody = [401, 'UNAUTHENTICATED', 'Authentication required.'];
  expect(said(await stranger.get(root))).toEqual(nobody);
  expect(said(await stranger.send('POST', `${root}/v2`, '{'))).toEqual(nobody);
  stranger.session = '0'.repeat(32);
  expect(said(await stranger.get(root))).toEqual(nobody);
  there.vcenter.sessions.expire();
  expect(said(await there.wire.get(root))).toEqual(nobody);
  await there.wire.login('administrator@vsphere.local');
  expect((await there.wire.get(root)).status).toBe(200);
  expect(said(await stranger.login('administrator@vsphere.local', 'wrong'))).toEqual(nobody);
});

test('a session ends by idling, and the API tells whose it is', async () => {
  await using there = await enter({ sessionIdleMilliseconds: 60_000 });
  const { json } = await there.wire.get('/api/session');
  expect(json.user).toBe('administrator@vsphere.local');
  there.vcenter.clock.advance(61_000);
  expect((await there.wire.get('/api/session')).status).toBe(401);
});

test.each([
  ['GET', '/api/vcenter/namespace-management/storage/storage-policies'],
  ['GET', `${root}/`],
  ['GET', `${root}/dev/`],
  ['GET', `${root}//dev`],
  ['GET', `${root}/%zz`],
  ['GET', '/api/vcenter/Namespaces/instances'],
  ['PATCH', root],
  ['POST', `${root}/dev`],
  ['DELETE', `${root}/v2/dev`],
  ['GET', '/rest/vcenter/namespaces/instances'],
  ['GET', '/api/vcenter/vm'],
])('%s %s is no route, with a session or without', async (method, path) => {
  await using there = await enter();
  expect((await there.wire.send(method, path)).status).toBe(404);
  expect((await new WcpWire(there).send(method, path)).status).toBe(404);
});

test.each([
  ['no JSON', '{"namespace":', 'not JSON'],
  ['nothing', undefined, 'not JSON'],
  ['a list', [], 'The body is an object'],
  ['a field it does not have', { ...spec, cluster: 'domain-c8' }, "Unexpected field 'cluster'"],
  ['a field of a newer release', { ...spec, zones: [{ name: 'z' }] }, "Unexpected field 'zones'"],
  [
    'a nested field',
    { ...spec, storage_specs: [{ policy: gold, size: 1 }] },
    'storage_specs[0].size',
  ],
  ['a missing field', { namespace: 'new' }, "Field 'supervisor' is missing"],
  ['a number as text', { ...spec, resource_spec: { cpu_limit: '5' } }, 'resource_spec.cpu_limit'],
  ['half a number', { ...spec, resource_spec: { cpu_limit: 0.5 } }, 'a whole number'],
  [
    'a word that is none of the choices',
    {
      ...spec,
      access_list: [{ subject_type: 'USER', subject: 'a', domain: 'b', role: 'EDITOR' }],
    },
    'one of OWNER, EDIT, VIEW',
  ],
])('a body of %s is an invalid argument, and nothing is made', async (_what, body, words) => {
  await using there = await enter();
  const answer = await there.wire.send('POST', `${root}/v2`, body);
  expect(said(answer)).toEqual([400, 'INVALID_ARGUMENT', expect.stringContaining(words)]);
  expect(there.world.namespaces.has('new')).toBe(false);
});

test('a query takes what the API names, once, and nothing else', async () => {
  await using there = await enter();
  const at = `${root}/dev/access/vsphere.local/developer`;
  const ask = async (path: string) => said(await there.wire.get(path));
  const wrong = (words: string) => [400, 'INVALID_ARGUMENT', expect.stringContaining(words)];
  expect((await there.wire.get(`${at}?type=USER`)).json.role).toBe('EDIT');
  expect(await ask(at)).toEqual(wrong("'type' is missing"));
  expect(await ask(`${at}?type=PERSON`)).toEqual(wrong('USER, GROUP'));
  expect(await ask(`${at}?type=USER&type=USER`)).toEqual(wrong('more than once'));
  expect(await ask(`${root}?names=dev`)).toEqual(wrong("'names'"));
  const policies = '/api/vcenter/storage/policies';
  const { json } = await there.wire.get(`${policies}?policies=${gold}&policies=x`);
  expect(json).toMatchObject([{ name: 'gold' }]);
});

test('an account does what its privileges allow: reading, Supervisors and namespaces are three', async () => {
  await using there = await enter();
  const supervisors = `${management}/supervisors/summaries`;
  const statuses = async (account: string) => {
    const wire = await there.as(account);
    return Promise.all(
      [
        wire.get(`${management}/clusters`),
        wire.get(supervisors),
        wire.get('/api/vcenter/namespaces-user/namespaces'),
        wire.send('PATCH', `${root}/dev`, { description: account }),
      ].map(async (answer) => (await answer).status),
    );
  };
  expect(await statuses('administrator@vsphere.local')).toEqual([200, 200, 200, 204]);
  expect(await statuses('operator@vsphere.local')).toEqual([200, 200, 200, 204]);
  expect(await statuses('developer@vsphere.local')).toEqual([200, 403, 200, 403]);
  expect(await statuses('readonly@vsphere.local')).toEqual([200, 403, 403, 403]);
  expect(there.world.namespaces.get('dev')?.description).toBe('operator@vsphere.local');
  const reader = await there.as('readonly@vsphere.local');
  expect(said(await reader.get(supervisors)).slice(0, 2)).toEqual([403, 'UNAUTHORIZED']);
});

test('faults strike a route, or one object of it, as often as they say', async () => {
  const route = `PATCH ${root}/{}`;
  await using there = await enter({
    faults: [
      { match: { method: route, on: 'prod' }, then: { status: 503 } },
      { match: { method: `POST ${root}/v2` }, then: { drop: 'after-acting' } },
      { match: { method: `GET ${root}/v2` }, then: { cutAfterBytes: 10 } },
    ],
  });
  const change = (name: string) =>
    there.wire.send('PATCH', `${root}/${name}`, { description: 'x' });
  expect([(await change('dev')).status, (await change('prod')).status]).toEqual([204, 503]);
  expect(there.world.namespaces.get('prod')?.description).toBe('Production');
  expect((await change('prod')).status).toBe(204);
  await expect(there.wire.send('POST', `${root}/v2`, spec)).rejects.toThrow();
  expect(there.world.namespaces.has('new')).toBe(true);
  await expect(there.wire.get(`${root}/v2`)).rejects.toThrow();
  expect((await there.wire.get(`${root}/v2`)).json).toHaveLength(4);
});

test('every request is recorded as it came, and which of them change something', async () => {
  await using there = await enter();
  await there.wire.get(`${root}/v2/dev`);
  await there.wire.send('PATCH', `${root}/d%65v`, { description: 'x' });
  const [, read, change] = there.vcenter.requests;
  expect(read).toMatchObject({ method: `GET ${root}/v2/{}`, on: 'dev', changes: false });
  expect(change).toMatchObject({
    method: `PATCH ${root}/{}`,
    on: 'dev',
    target: `${root}/d%65v`,
    body: '{"description":"x"}',
    changes: true,
    session: there.wire.session,
  });
});
