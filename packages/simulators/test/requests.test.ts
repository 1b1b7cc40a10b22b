import { expect, test } from 'vitest';
import { simulate } from '../src/index.js';
import { faultType, moref, Wire } from './wire.js';

const refused = async (inner: string): Promise<string> => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const answer = await wire.soap(inner);
  expect(answer.status).toBe(500);
  expect(faultType(answer.body)).toBe('InvalidRequest');
  return answer.body;
};

const collector = moref('_this', 'PropertyCollector:propertyCollector');

test('refuses elements out of WSDL order and names the one that came late', async () => {
  const body = await refused(
    `<Login xmlns="urn:vim25">${moref('_this', 'SessionManager:SessionManager')}<password>x</password><userName>y</userName></Login>`,
  );
  expect(body).toContain('Unexpected element tag &quot;userName&quot; seen');
});

test('refuses wrong order deep inside a specification', async () => {
  const body = await refused(
    `<RetrievePropertiesEx xmlns="urn:vim25">${collector}<specSet><propSet><pathSet>name</pathSet><type>Folder</type></propSet><objectSet>${moref('obj', 'Folder:group-d1')}</objectSet></specSet><options/></RetrievePropertiesEx>`,
  );
  expect(body).toContain('Unexpected element tag &quot;type&quot; seen');
});

test('refuses a missing required element, an unknown one, a repeated one and stray text', async () => {
  expect(await refused(`<CurrentTime xmlns="urn:vim25"/>`)).toContain('Required property _this');
  const service = moref('_this', 'ServiceInstance:ServiceInstance');
  expect(await refused(`<CurrentTime xmlns="urn:vim25">${service}<x/></CurrentTime>`)).toContain(
    '&quot;x&quot;',
  );
  expect(
    await refused(`<CurrentTime xmlns="urn:vim25">${service}${service}</CurrentTime>`),
  ).toContain('_this');
  expect(await refused(`<CurrentTime xmlns="urn:vim25">${service}hi</CurrentTime>`)).toContain(
    'text',
  );
});

test('refuses a method it does not know, in this namespace or another', async () => {
  const service = moref('_this', 'ServiceInstance:ServiceInstance');
  expect(await refused(`<ExplodeVM_Task xmlns="urn:vim25">${service}</ExplodeVM_Task>`)).toContain(
    'ExplodeVM_Task',
  );
  await refused(`<CurrentTime xmlns="urn:other">${service}</CurrentTime>`);
});

test('refuses a method on an object that does not have it', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const { status, body } = await wire.call('PowerOnVM_Task', 'Folder:group-d1');
  expect(status).toBe(500);
  expect(faultType(body)).toBe('MethodNotFound');
});

test('refuses xsi:type of a wrong type, an unknown one, and one in a foreign namespace', async () => {
  const select = (type: string) =>
    `<RetrievePropertiesEx xmlns="urn:vim25">${collector}<specSet><propSet><type>Folder</type></propSet><objectSet>${moref('obj', 'Folder:group-d1')}<selectSet ${type}><type>Folder</type><path>childEntity</path></selectSet></objectSet></specSet><options/></RetrievePropertiesEx>`;
  expect(await refused(select('i:type="PropertySpec"'))).toContain('is not a SelectionSpec');
  expect(await refused(select('i:type="Nonsense"'))).toContain('Nonsense');
  await refused(select('xmlns:o="urn:other" i:type="o:TraversalSpec"'));
});

test('knows xsi:type by its namespace, whatever the prefix', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const { status, body } = await wire.soap(
    `<RetrievePropertiesEx xmlns="urn:vim25">${collector}<specSet><propSet><type>Datacenter</type><pathSet>name</pathSet></propSet><objectSet>${moref('obj', 'Folder:group-d1')}<selectSet xmlns:zz="http://www.w3.org/2001/XMLSchema-instance" xmlns:v="urn:vim25" zz:type="v:TraversalSpec"><type>Folder</type><path>childEntity</path></selectSet></objectSet></specSet><options/></RetrievePropertiesEx>`,
  );
  expect(status).toBe(200);
  expect(body).toContain('>DC0<');
});

test('refuses a document type, broken XML and values that are not of their type', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  for (const xml of ['<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', '<a><b></a>', '', 'no xml'])
    expect(faultType((await wire.send('POST', '/sdk', xml)).body)).toBe('InvalidRequest');
  const answer = await wire.retrieve(
    'Folder',
    'Folder:group-d1',
    ['name'],
    '<maxObjects>ten</maxObjects>',
  );
  expect(faultType(answer.body)).toBe('InvalidRequest');
});

test('serves the version list without a session, and nothing else', async () => {
  await using vcenter = await simulate({ tls: false });
  const wire = new Wire(vcenter);
  expect((await wire.send('GET', '/sdk/vimServiceVersions.xml')).body).toContain(
    '<version>8.0.3.0</version>',
  );
  for (const path of ['/', '/ui', '/api/vcenter/vm', '/rest', '/sdk/vim25/8.0.3.0/x', '/sdkx'])
    expect((await wire.send('POST', path)).status).toBe(404);
  expect((await wire.send('GET', '/sdk')).status).toBe(405);
});

test('writes down every request it receives, and which of them change something', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const on = `VirtualMachine:${vcenter.inventory.find('vm', 'batch-01')?.id}`;
  await wire.call('PowerOnVM_Task', on);
  await wire.send('GET', '/nowhere');
  expect(vcenter.requests.map(({ method, on, changes }) => [method, on, changes])).toEqual([
    ['Login', 'SessionManager:SessionManager', false],
    ['PowerOnVM_Task', on, true],
    ['GET /nowhere', '', false],
  ]);
  expect(vcenter.requests[1]?.session).toMatch(/^[0-9a-f]{40}$/);
});
