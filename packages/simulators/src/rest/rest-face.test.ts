import { expect, test } from 'vitest';
import { Wire } from '../../test/wire.js';
import { type SimulateOptions, type Simulation, simulate } from '../index.js';

const styles = {
  api: { session: '/api/session', root: '/api/cis/tagging', mark: '', action: '?action=' },
  rest: {
    session: '/rest/com/vmware/cis/session',
    root: '/rest/com/vmware/cis/tagging',
    mark: 'id:',
    action: '?~action=',
  },
} as const;
const both = Object.keys(styles) as (keyof typeof styles)[];

const basic = ({ username, password }: Simulation['credentials']) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** A simulation and a session at its REST API. */
async function entered(style: keyof typeof styles, options: SimulateOptions = { seed: 'lab' }) {
  const vcenter = await simulate(options);
  const wire = new Wire(vcenter);
  const made = await wire.send('POST', styles[style].session, '', basic(vcenter.credentials));
  const said: unknown = JSON.parse(made.body);
  const session = String(style === 'rest' ? (said as { value: string }).value : said);
  const headers = { 'vmware-api-session-id': session, 'content-type': 'application/json' };
  return {
    vcenter,
    made,
    session,
    send: (method: string, path: string, body = '', extra: Record<string, string> = headers) =>
      wire.send(method, path, body, extra),
    [Symbol.asyncDispose]: () => vcenter[Symbol.asyncDispose](),
  };
}

const answerIn = (style: keyof typeof styles, body: string): unknown => {
  const said: unknown = JSON.parse(body);
  return style === 'rest' ? (said as { value: unknown }).value : said;
};

test.each(both)(
  '%s: a session is made with HTTP Basic, works, and is gone after DELETE',
  async (style) => {
    await using there = await entered(style);
    const { session, root } = styles[style];
    expect(there.made.status).toBe(style === 'api' ? 201 : 200);
    expect((await there.send('GET', `${root}/tag`)).status).toBe(200);
    expect(there.vcenter.sessions).toMatchObject({ logins: 1, open: 1 });
    expect((await there.send('DELETE', session)).status).toBe(style === 'api' ? 204 : 200);
    expect(there.vcenter.sessions).toMatchObject({ logouts: 1, open: 0 });
    expect((await there.send('GET', `${root}/tag`)).status).toBe(401);
    expect((await there.send('DELETE', session)).status).toBe(401);
  },
);

test.each(both)('%s: tells tags, their categories and what they are attached to', async (style) => {
  await using there = await entered(style);
  const { root, mark, action } = styles[style];
  const ask = async (method: string, path: string) =>
    answerIn(style, (await there.send(method, `${root}/${path}`)).body);
  const ids = (await ask('GET', 'tag')) as string[];
  expect(ids).toEqual([...there.vcenter.tags.all.keys()]);
  const [gold = ''] = ids;
  expect(gold).toMatch(
    /^urn:vmomi:InventoryServiceTag:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:GLOBAL$/,
  );
  const tag = (await ask('GET', `tag/${mark}${encodeURIComponent(gold)}`)) as Record<
    string,
    string
  >;
  expect(tag).toMatchObject({ id: gold, name: 'gold' });
  expect(await ask('GET', `category/${mark}${tag['category_id']}`)).toMatchObject({ name: 'tier' });
  const attached = `tag-association/${mark}${gold}${action}list-attached-objects`;
  expect(await ask('POST', attached)).toEqual([
    { type: 'VirtualMachine', id: there.vcenter.inventory.find('vm', 'web-01')?.id },
    { type: 'VirtualMachine', id: there.vcenter.inventory.find('vm', 'web-02')?.id },
    { type: 'HostSystem', id: there.vcenter.inventory.find('host', 'esx-a1.lab.test')?.id },
  ]);
  expect(there.vcenter.requests.at(-1)).toMatchObject({
    method: `POST ${root}/tag-association/${mark}{tag}${action}list-attached-objects`,
    on: gold,
    changes: false,
    session: there.session,
  });
});

test.each([
  ['GET', '/api/cis/tagging/category'],
  ['POST', '/api/cis/tagging/tag'],
  ['DELETE', '/api/cis/tagging/tag/x'],
  ['GET', '/api/cis/tagging/tag/'],
  ['GET', '/api/cis/tagging/tag/../category/x'],
  ['GET', '/api/cis/tagging/tag/%zz'],
  ['POST', '/api/cis/tagging/tag-association/x'],
  ['POST', '/api/cis/tagging/tag-association/x?action=attach-multiple-tags-to-object'],
  ['POST', '/api/cis/tagging/tag-association/x?~action=list-attached-objects'],
  ['GET', '/api/session'],
  ['GET', '/api/vcenter/vm'],
  ['GET', '/api'],
])('%s %s is not served, with a session or without', async (method, path) => {
  await using there = await entered('api');
  for (const headers of [undefined, {}])
    expect(await there.send(method, path, '', headers)).toMatchObject({
      status: 404,
      body: '{"error_type":"NOT_FOUND","messages":[{"args":[],"default_message":"Not found.","id":"com.vmware.vapi.rest.httpNotFound"}]}',
    });
});

test.each([
  ['api', '{"error_type":"UNAUTHENTICATED","messages":['],
  ['rest', '{"type":"com.vmware.vapi.std.errors.unauthenticated","value":{"messages":['],
] as const)('%s: no session, a foreign one and a SOAP cookie are 401', async (style, start) => {
  await using there = await entered(style);
  const soap = new Wire(there.vcenter);
  await soap.login();
  const cookie = /"(\w+)"/.exec(soap.cookie ?? '')?.[1] ?? '';
  expect(cookie).toHaveLength(40);
  for (const id of [undefined, 'nobody', cookie]) {
    const headers = id === undefined ? {} : { 'vmware-api-session-id': id };
    const { status, body } = await there.send('GET', `${styles[style].root}/tag`, '', headers);
    expect({ status, start: body.slice(0, start.length) }).toEqual({ status: 401, start });
  }
  soap.cookie = `vmware_soap_session="${there.session}"`;
  expect((await soap.call('CurrentTime', 'ServiceInstance:ServiceInstance')).status).toBe(500);
});

test('wrong passwords count to one lock-out, whichever API they were tried at', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  const wrong = { ...vcenter.credentials, password: 'wrong' };
  for (const path of ['/api/session', '/rest/com/vmware/cis/session', '/api/session'])
    expect((await wire.send('POST', path, '', basic(wrong))).status).toBe(401);
  for (let i = 0; i < 2; i += 1) await wire.login(wrong);
  expect(vcenter.sessions.locked(wrong.username)).toBe(true);
  expect((await wire.send('POST', '/api/session', '', basic(vcenter.credentials))).status).toBe(
    401,
  );
  vcenter.clock.advance(5 * 60_000);
  expect((await wire.send('POST', '/api/session', '', basic(vcenter.credentials))).status).toBe(
    201,
  );
});

test('a session idles away, and ends with all others', async () => {
  await using there = await entered('api', { sessionIdleMilliseconds: 60_000 });
  there.vcenter.clock.advance(59_000);
  expect((await there.send('GET', '/api/cis/tagging/tag')).status).toBe(200);
  there.vcenter.clock.advance(60_000);
  expect((await there.send('GET', '/api/cis/tagging/tag')).status).toBe(401);
});

test.each([
  ['{}', 200],
  ['', 200],
  ['{"object_id":{}}', 400],
  ['not json', 400],
])('the body %j of an action without arguments is %i', async (body, status) => {
  await using there = await entered('api');
  const [id] = there.vcenter.tags.all.keys();
  const path = `/api/cis/tagging/tag-association/${id}?action=list-attached-objects`;
  expect((await there.send('POST', path, body)).status).toBe(status);
});

test('a tag is attached and detached, by somebody who may, to something that is there', async () => {
  const users = [{ username: 'reader', password: 'r', role: 'readonly' as const }];
  await using there = await entered('api', { seed: 'lab', users });
  const [id = ''] = there.vcenter.tags.all.keys();
  const vm = there.vcenter.inventory.find('vm', 'db-01')?.id ?? '';
  const at = (action: string) => `/api/cis/tagging/tag-association/${id}?action=${action}`;
  const body = (object: object) => JSON.stringify({ object_id: object });
  const one = { type: 'VirtualMachine', id: vm };
  const isOn = () => there.vcenter.tags.all.get(id)?.on.has(vm);
  expect(await there.send('POST', at('attach'), body(one))).toMatchObject({ status: 403 });
  expect(isOn()).toBe(false);

  await using admin = await entered('api', { seed: 'lab' });
  const send = (action: string, text: string) => admin.send('POST', at(action), text);
  const on = () => admin.vcenter.tags.all.get(id)?.on.has(vm);
  for (const wrong of ['', 'not json', body({}), body({ ...one, more: 1 }), JSON.stringify(one)])
    expect((await send('attach', wrong)).status).toBe(400);
  for (const object of [
    { type: 'HostSystem', id: vm },
    { type: 'VirtualMachine', id: 'vm-0' },
  ])
    expect((await send('attach', body(object))).status).toBe(404);
  expect(on()).toBe(false);
  for (let twice = 0; twice < 2; twice++)
    expect(await send('attach', body(one))).toMatchObject({ status: 204, body: '' });
  expect(on()).toBe(true);
  expect(admin.vcenter.requests.at(-1)).toMatchObject({
    method: 'POST /api/cis/tagging/tag-association/{tag}?action=attach',
    changes: true,
  });
  expect((await send('detach', body(one))).status).toBe(204);
  expect(on()).toBe(false);
});

test('a tag there is not is 404 and names it; one that may not be read is 403 and in no list', async () => {
  const users = [{ username: 'nobody', password: 'n', role: 'noaccess' as const }];
  await using there = await entered('api', { seed: 'lab', users });
  const missing = await there.send('GET', '/api/cis/tagging/tag/urn%3Anone');
  expect(missing).toMatchObject({
    status: 404,
    body: expect.stringContaining('urn:none not found'),
  });
  expect((await there.send('GET', '/api/cis/tagging/tag')).body).toBe('[]');
  const [id] = there.vcenter.tags.all.keys();
  expect(await there.send('GET', `/api/cis/tagging/tag/${id}`)).toMatchObject({
    status: 403,
    body: expect.stringContaining('"error_type":"UNAUTHORIZED"'),
  });
});

test('a seed that tags what it does not have is refused', async () => {
  const seed = { vms: [{ name: 'a' }], categories: [{ name: 'c', tags: { t: ['b'] } }] };
  await expect(simulate({ seed })).rejects.toThrow('the seed tags b');
});
