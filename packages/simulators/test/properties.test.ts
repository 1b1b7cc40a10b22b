import { expect, test } from 'vitest';
import { type Simulation, simulate } from '../src/index.js';
import { answers } from '../src/vcenter/properties.js';
import { objectTypes, propertiesOf } from '../src/vcenter/schema.js';
import { faultType, moref, Wire } from './wire.js';

const abstract = ['ManagedEntity', 'ComputeResource'];
const collector = 'PropertyCollector:propertyCollector';

async function viewOfMachines(vcenter: Simulation): Promise<{ wire: Wire; spec: string }> {
  const wire = new Wire(vcenter);
  await wire.login();
  const { body } = await wire.call(
    'CreateContainerView',
    'ViewManager:ViewManager',
    `${moref('container', 'Folder:group-d1')}<type>VirtualMachine</type><recursive>true</recursive>`,
  );
  const view = /type="ContainerView">([^<]+)</.exec(body)?.[1];
  const spec = `<specSet><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet><objectSet>${moref('obj', `ContainerView:${view}`)}<skip>true</skip><selectSet i:type="TraversalSpec"><type>ContainerView</type><path>view</path></selectSet></objectSet></specSet>`;
  return { wire, spec };
}

const names = (body: string) =>
  [...body.matchAll(/<val xsi:type="xsd:string">([^<]*)</g)].map(([, name]) => name);
const tokenOf = (body: string) => /<token>([^<]+)</.exec(body)?.[1];

test('can answer every property its schema lists', () => {
  const missing = objectTypes()
    .filter((type) => !abstract.includes(type))
    .flatMap((type) =>
      Object.keys(propertiesOf(type) ?? {})
        .filter((path) => !answers(type, path))
        .map((path) => `${type}.${path}`),
    );
  expect(missing).toEqual([]);
});

test('encodes everything it knows about every object of the lab', async () => {
  await using vcenter = await simulate({ seed: 'lab' });
  const wire = new Wire(vcenter);
  await wire.login();
  const types = {
    vm: 'VirtualMachine',
    host: 'HostSystem',
    cluster: 'ClusterComputeResource',
    folder: 'Folder',
    datacenter: 'Datacenter',
    pool: 'ResourcePool',
    datastore: 'Datastore',
    network: 'Network',
  } as const;
  for (const [kind, type] of Object.entries(types))
    for (const { id } of vcenter.inventory.all(kind as keyof typeof types)) {
      const { status, body } = await wire.retrieve(
        type,
        `${type}:${id}`,
        Object.keys(propertiesOf(type) ?? {}),
      );
      expect([id, status, faultType(body)]).toEqual([id, 200, undefined]);
      expect(body).not.toContain('<missingSet>');
    }
});

test('pages when asked, every token good once, and every object told once', async () => {
  await using vcenter = await simulate({ seed: { vms: 25 } });
  const { wire, spec } = await viewOfMachines(vcenter);
  const first = await wire.call(
    'RetrievePropertiesEx',
    collector,
    `${spec}<options><maxObjects>10</maxObjects></options>`,
  );
  const seen = names(first.body);
  expect(seen).toHaveLength(10);
  for (let token = tokenOf(first.body); token; ) {
    const next = await wire.call(
      'ContinueRetrievePropertiesEx',
      collector,
      `<token>${token}</token>`,
    );
    seen.push(...names(next.body));
    const again = await wire.call(
      'ContinueRetrievePropertiesEx',
      collector,
      `<token>${token}</token>`,
    );
    expect(faultType(again.body)).toBe('InvalidArgument');
    token = tokenOf(next.body);
  }
  expect(new Set(seen).size).toBe(25);
  expect(seen).toHaveLength(25);
});

test('may page without being asked, and forgets a page that is cancelled', async () => {
  await using vcenter = await simulate({ seed: { vms: 5 }, pageSize: 2 });
  const { wire, spec } = await viewOfMachines(vcenter);
  const { body } = await wire.call('RetrievePropertiesEx', collector, `${spec}<options/>`);
  expect(names(body)).toHaveLength(2);
  const token = `<token>${tokenOf(body)}</token>`;
  expect((await wire.call('CancelRetrievePropertiesEx', collector, token)).status).toBe(200);
  expect(faultType((await wire.call('ContinueRetrievePropertiesEx', collector, token)).body)).toBe(
    'InvalidArgument',
  );
});

test('streams thousands of machines whole', async () => {
  await using vcenter = await simulate({ seed: { vms: 3000 } });
  const { wire, spec } = await viewOfMachines(vcenter);
  const { headers, body } = await wire.call('RetrievePropertiesEx', collector, `${spec}<options/>`);
  expect(headers['transfer-encoding']).toBe('chunked');
  expect(names(body)).toHaveLength(3000);
  expect(body.endsWith('</soapenv:Envelope>')).toBe(true);
});

test('refuses paths and types that do not exist, and objects that are gone', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const root = 'Folder:group-d1';
  expect(faultType((await wire.retrieve('Folder', root, ['colour'])).body)).toBe('InvalidProperty');
  expect(faultType((await wire.retrieve('Toaster', root, ['name'])).body)).toBe('InvalidType');
  expect(faultType((await wire.retrieve('Folder', 'Folder:group-v999', ['name'])).body)).toBe(
    'ManagedObjectNotFound',
  );
});

test('a view belongs to its session', async () => {
  await using vcenter = await simulate();
  const { spec } = await viewOfMachines(vcenter);
  const stranger = new Wire(vcenter);
  await stranger.login();
  const { body } = await stranger.call('RetrievePropertiesEx', collector, `${spec}<options/>`);
  expect(faultType(body)).toBe('ManagedObjectNotFound');
});

test('carries hostile text as it is, escaped for XML', async () => {
  await using vcenter = await simulate({
    seed: { vms: [{ name: 'a<b>&"c\u202e\u0007', annotation: 'x\u009b2J\ud83d\ude00\ud800' }] },
  });
  const wire = new Wire(vcenter);
  await wire.login();
  const [vm] = vcenter.inventory.all('vm');
  const { body } = await wire.retrieve('VirtualMachine', `VirtualMachine:${vm?.id}`, [
    'name',
    'config.annotation',
  ]);
  expect(body).toContain('a&lt;b&gt;&amp;&quot;c\u202e?');
  expect(body).toContain('x\u009b2J\ud83d\ude00?');
});

test('writes types as vcsim does when asked to', async () => {
  await using vcenter = await simulate({ dialect: 'go' });
  const wire = new Wire(vcenter);
  await wire.login();
  const { body } = await wire.retrieve('Folder', 'Folder:group-d1', ['name']);
  expect(body).toContain('_XMLSchema-instance:type="xsd:string">Datacenters<');
});

test('tells what an account may do', async () => {
  await using vcenter = await simulate({
    users: [{ username: 'u', password: 'p', privileges: ['VirtualMachine.Interact.PowerOn'] }],
  });
  const wire = new Wire(vcenter);
  const { body } = await wire.login();
  const key = /<key>([^<]+)</.exec(body)?.[1];
  const answer = await wire.call(
    'HasPrivilegeOnEntities',
    'AuthorizationManager:AuthorizationManager',
    `${moref('entity', 'Folder:group-d1')}<sessionId>${key}</sessionId><privId>VirtualMachine.Interact.PowerOn</privId><privId>VirtualMachine.Inventory.Delete</privId>`,
  );
  expect([...answer.body.matchAll(/<isGranted>(\w+)</g)].map(([, granted]) => granted)).toEqual([
    'true',
    'false',
  ]);
});
