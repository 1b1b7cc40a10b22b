import { expect, test } from 'vitest';
import { enter, gold, root, said, supervisorA } from './wcp-wire.js';

const silver = gold.replace(/1$/, '2');
const spec = {
  namespace: 'team',
  supervisor: supervisorA,
  description: 'Team',
  storage_specs: [{ policy: gold, limit: 1000 }],
  resource_spec: { cpu_limit: 4000, memory_limit: 8192 },
  vm_service_spec: { vm_classes: ['best-effort-small'] },
};

test('a namespace is configured, runs, is removed and is gone, by the clock', async () => {
  await using there = await enter({ configureMilliseconds: 60_000 });
  const { wire, vcenter } = there;
  const status = async () => (await wire.get(`${root}/v2/team`)).json?.config_status;
  expect((await wire.send('POST', `${root}/v2`, spec)).status).toBe(204);
  expect(await status()).toBe('CONFIGURING');
  vcenter.clock.advance(60_000);
  expect(await status()).toBe('RUNNING');
  expect((await wire.send('DELETE', `${root}/team`)).status).toBe(204);
  expect(await status()).toBe('REMOVING');
  expect(said(await wire.send('PATCH', `${root}/team`, { description: 'x' }))).toEqual([
    400,
    'NOT_ALLOWED_IN_CURRENT_STATE',
    "Namespace 'team' is marked for deletion.",
  ]);
  vcenter.clock.advance(60_000);
  expect(said(await wire.get(`${root}/team`))).toEqual([
    404,
    'NOT_FOUND',
    "Namespace 'team' was not found.",
  ]);
});

test('it goes on by itself when nobody moves the clock, and whoever listens is told', async () => {
  await using there = await enter({ configureMilliseconds: 20 });
  const told: string[] = [];
  there.world.on('namespace', ({ name, configStatus }) => told.push(`${name} ${configStatus}`));
  const gone = new Promise<void>((resolve) => {
    there.world.on('namespace-gone', () => resolve());
  });
  await there.wire.send('POST', `${root}/v2`, spec);
  await there.wire.send('DELETE', `${root}/team`);
  await gone;
  expect(told).toEqual(['team CONFIGURING', 'team REMOVING']);
});

test('both versions of the API show the same namespace, by cluster and by Supervisor', async () => {
  await using there = await enter();
  const { wire } = there;
  const body = { ...spec, supervisor: undefined, cluster: 'domain-c8' };
  expect((await wire.send('POST', root, body)).status).toBe(204);
  const one = (await wire.get(`${root}/team`)).json;
  const two = (await wire.get(`${root}/v2/team`)).json;
  expect(one).toMatchObject({
    cluster: 'domain-c8',
    description: 'Team',
    resource_spec: spec.resource_spec,
    storage_specs: spec.storage_specs,
    vm_service_spec: { vm_classes: ['best-effort-small'], content_libraries: [] },
    creator: { subject: 'administrator', domain: 'vsphere.local' },
  });
  const { cluster: _, ...shared } = one;
  expect(two).toEqual({ supervisor: supervisorA, ...shared });
  const names = async (path: string) =>
    (await wire.get(path)).json.map((each: { namespace: string }) => each.namespace);
  expect(await names(root)).toEqual(await names(`${root}/v2`));
});

test('an update changes what it names and replaces lists; a replacement clears what it does not name', async () => {
  await using there = await enter();
  const { wire } = there;
  const read = async () => (await wire.get(`${root}/v2/dev`)).json;
  const before = await read();
  const change = {
    storage_specs: [{ policy: silver }],
    resource_spec: { cpu_limit_unset: true, memory_limit: 1024 },
  };
  expect((await wire.send('PATCH', `${root}/dev`, change)).status).toBe(204);
  expect(await read()).toEqual({
    ...before,
    storage_specs: [{ policy: silver }],
    resource_spec: { memory_limit: 1024 },
  });
  expect((await wire.send('PUT', `${root}/dev`, { description: 'Bare' })).status).toBe(204);
  expect(await read()).toMatchObject({
    description: 'Bare',
    storage_specs: [],
    access_list: [],
    resource_spec: {},
    vm_service_spec: { vm_classes: [] },
  });
});

test.each([
  ['a name in capitals', { namespace: 'Team' }, 400, 'INVALID_ARGUMENT', 'no DNS label'],
  ['64 letters', { namespace: 'a'.repeat(64) }, 400, 'INVALID_ARGUMENT', 'no DNS label'],
  ['a name that is taken', { namespace: 'edge' }, 400, 'ALREADY_EXISTS', "'edge' already exists"],
  ['a system name', { namespace: 'vmware-system-x' }, 403, 'UNAUTHORIZED', 'belongs to the system'],
  ['no such Supervisor', { supervisor: 'x' }, 404, 'NOT_FOUND', "Supervisor 'x'"],
  ['no such policy', { storage_specs: [{ policy: 'x' }] }, 400, 'INVALID_ARGUMENT', "policy 'x'"],
  [
    'a policy twice',
    { storage_specs: [{ policy: gold }, { policy: gold }] },
    400,
    'INVALID_ARGUMENT',
    'more than once',
  ],
  [
    'no such class',
    { vm_service_spec: { vm_classes: ['x'] } },
    400,
    'INVALID_ARGUMENT',
    "VM class 'x'",
  ],
  ['a negative limit', { resource_spec: { cpu_limit: -1 } }, 400, 'INVALID_ARGUMENT', 'negative'],
  ['networks on NSX', { networks: ['workload-1'] }, 400, 'UNSUPPORTED', 'networks cannot be given'],
  [
    'a domain nobody knows',
    { access_list: [{ subject_type: 'USER', subject: 'a', domain: 'b', role: 'VIEW' }] },
    400,
    'INVALID_ARGUMENT',
    "domain 'b'",
  ],
])('creating a namespace with %s is refused', async (_what, change, status, type, words) => {
  await using there = await enter();
  const answer = await there.wire.send('POST', `${root}/v2`, { ...spec, ...change });
  expect(said(answer)).toEqual([status, type, expect.stringContaining(words)]);
  expect(there.world.namespaces.size).toBe(3);
});

test('a cluster without a Supervisor takes no namespace, nor one that does not exist', async () => {
  await using there = await enter();
  const create = async (cluster: string) => {
    const { supervisor: _, ...rest } = spec;
    return said(await there.wire.send('POST', root, { ...rest, cluster })).slice(0, 2);
  };
  expect(await create('domain-c10')).toEqual([400, 'UNSUPPORTED']);
  expect(await create('domain-c99')).toEqual([404, 'NOT_FOUND']);
});

test('access is given, changed and taken by user and by group, whatever the case of the name', async () => {
  await using there = await enter();
  const { wire } = there;
  const at = (who: string, type = 'USER') =>
    `${root}/edge/access/vsphere.local/${who}?type=${type}`;
  const role = async (who: string, type?: string) => (await wire.get(at(who, type))).json?.role;
  expect((await wire.send('POST', at('alice'), { role: 'VIEW' })).status).toBe(204);
  expect(await role('Alice')).toBe('VIEW');
  expect(said(await wire.send('POST', at('ALICE'), { role: 'EDIT' })).slice(0, 2)).toEqual([
    400,
    'ALREADY_EXISTS',
  ]);
  expect((await wire.send('PUT', at('alice'), { role: 'EDIT' })).status).toBe(204);
  expect(await role('alice')).toBe('EDIT');
  expect(said(await wire.get(at('alice', 'GROUP'))).slice(0, 2)).toEqual([400, 'UNSUPPORTED']);
  expect(said(await wire.send('PUT', at('bob'), { role: 'EDIT' })).slice(0, 2)).toEqual([
    400,
    'UNSUPPORTED',
  ]);
  expect((await wire.send('DELETE', at('alice'))).status).toBe(204);
  expect(said(await wire.send('DELETE', at('alice'))).slice(0, 2)).toEqual([400, 'UNSUPPORTED']);
  const external = { role: 'OWNER', identity_provider: 'okta' };
  expect(said(await wire.send('POST', at('carol'), external)).slice(0, 2)).toEqual([
    400,
    'UNSUPPORTED',
  ]);
  const lists = there.world.namespaces.get('edge')?.accessList;
  expect(lists).toMatchObject([{ subject: 'developer', role: 'VIEW' }]);
});

test('somebody is told the namespaces that are open to them, and only those that run', async () => {
  await using there = await enter({ configureMilliseconds: 60_000 });
  const developer = await there.as('developer@vsphere.local');
  const names = async (query = '') =>
    (await developer.get(`/api/vcenter/namespaces-user/namespaces${query}`)).json.map(
      (each: { namespace: string }) => each.namespace,
    );
  expect(await names()).toEqual(['dev', 'edge']);
  expect(await names('?username=nobody@vsphere.local&groups=sre@corp.local')).toEqual(['prod']);
  await there.wire.send('DELETE', `${root}/edge`);
  expect(await names()).toEqual(['dev']);
});
