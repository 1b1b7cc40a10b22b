import { expect, test } from 'vitest';
import { simulateNsx } from '../src/index.js';
import { domain, groups, NsxWire, policies } from './nsx-wire.js';

const inDomain = (...children: object[]) => ({
  resource_type: 'Infra',
  children: [
    { resource_type: 'ChildResourceReference', id: 'default', target_type: 'Domain', children },
  ],
});
const group = (id: string, more: object = {}) => ({
  resource_type: 'ChildGroup',
  Group: { resource_type: 'Group', id, ...more },
});
const policy = (id: string, more: object = {}) => ({
  resource_type: 'ChildSecurityPolicy',
  SecurityPolicy: { resource_type: 'SecurityPolicy', id, ...more },
});
const service = (id: string, port: string) => ({
  resource_type: 'ChildService',
  Service: {
    resource_type: 'Service',
    id,
    service_entries: [
      { resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports: [port] },
    ],
  },
});

test('a tree of changes is made at once, in whatever order it names things', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const rule = {
    resource_type: 'ChildRule',
    Rule: {
      id: 'r',
      action: 'ALLOW',
      destination_groups: [`${groups}/new`],
      services: ['/infra/services/new'],
    },
  };
  const body = inDomain(policy('p', { children: [rule] }), group('new'));
  const answer = await wire.patch('/infra', {
    ...body,
    children: [...body.children, service('new', '81')],
  });
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect((await wire.get(`${policies}/p`)).json.rules).toMatchObject([{ id: 'r' }]);
  const gone = inDomain(
    { ...group('new'), marked_for_delete: true },
    policy('p', { children: [{ ...rule, marked_for_delete: true }] }),
  );
  expect((await wire.patch('/infra', gone)).status).toBe(204);
  expect((await wire.get(`${groups}/new`)).status).toBe(404);
  expect((await wire.get(`${policies}/p`)).json.rules).toEqual([]);
});

test('one wrong thing anywhere and nothing is changed', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const before = JSON.stringify(
    [...nsx.world.objects.all()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
  const good = [
    group('one'),
    group('shop', { display_name: 'changed' }),
    { ...policy('shop'), marked_for_delete: true },
  ];
  const wrong: [object, number][] = [
    [group('two', { expression: [{ resource_type: 'Wish' }] }), 400],
    [group('two', { colour: 'red' }), 400],
    [
      policy('two', { rules: [{ id: 'r', action: 'ALLOW', source_groups: [`${groups}/nobody`] }] }),
      400,
    ],
    [{ ...group('web-servers'), marked_for_delete: true }, 400],
    [{ ...group('nobody'), marked_for_delete: true }, 404],
    [service('two', '1'), 400],
    [{ resource_type: 'ChildWish', Wish: { id: 'w' } }, 400],
    [{ resource_type: 'ChildGroup', Group: { display_name: 'no id' } }, 400],
    [{ ...group('two'), children: [] }, 400],
    [
      { resource_type: 'ChildResourceReference', id: 'nobody', target_type: 'Group', children: [] },
      400,
    ],
  ];
  for (const [child, expected] of wrong) {
    const { status, json } = await wire.patch('/infra', inDomain(...good, child));
    expect([child, status, json.error_message]).toEqual([child, expected, expect.any(String)]);
  }
  expect(
    JSON.stringify([...nsx.world.objects.all()].sort((a, b) => (a.path < b.path ? -1 : 1))),
  ).toBe(before);
});

test('revisions are checked when asked for, and only those that are carried', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  await wire.put(`${groups}/shop`, {
    ...(await wire.get(`${groups}/shop`)).json,
    description: 'newer',
  });
  const body = inDomain(
    group('one'),
    group('empty-old', { _revision: 0 }),
    group('shop', { _revision: 0 }),
  );
  expect((await wire.patch('/infra?enforce_revision_check=true', body)).status).toBe(412);
  expect((await wire.get(`${groups}/one`)).status).toBe(404);
  expect((await wire.patch('/infra', body)).status).toBe(204);
  expect(
    (await wire.patch('/infra?enforce_revision_check=true', inDomain(group('one')))).status,
  ).toBe(204);
});

test('projects and VPCs are reached from the root of the organization, and made there', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const project = (id: string, ...children: object[]) => ({
    resource_type: 'OrgRoot',
    children: [
      {
        resource_type: 'ChildResourceReference',
        id: 'default',
        target_type: 'Org',
        children: [{ resource_type: 'ChildProject', Project: { id, children } }],
      },
    ],
  });
  const vpc = { resource_type: 'ChildVpc', Vpc: { id: 'v', children: [group('in-vpc')] } };
  expect((await wire.patch('/org-root', project('new', vpc))).status).toBe(204);
  const made = '/orgs/default/projects/new';
  expect((await wire.get(`${made}/vpcs/v/groups/in-vpc`)).json.path).toBe(
    `${made}/vpcs/v/groups/in-vpc`,
  );
  const tree = `${made}/infra`;
  expect((await wire.patch(tree, inDomain(group('g')))).status).toBe(204);
  expect((await wire.get(`${tree}/domains/default/groups/g`)).status).toBe(200);
  expect((await wire.get(`${domain}/groups/g`)).status).toBe(404);
});

test('the tree is read back with the types that were asked for, and can be sent as it came', async () => {
  await using nsx = await simulateNsx();
  const wire = await NsxWire.enter(nsx);
  const plain = (await wire.get('/infra')).json;
  expect([plain.resource_type, plain.children]).toEqual(['Infra', undefined]);
  const { json } = await wire.get('/infra?filter=Type-Group');
  const children = json.children[0].Domain.children as { resource_type: string }[];
  expect(json.children.length).toBe(1);
  expect(new Set(children.map(({ resource_type }) => resource_type))).toEqual(
    new Set(['ChildGroup']),
  );
  expect(children.length).toBe((await wire.get(groups)).json.result_count);
});
