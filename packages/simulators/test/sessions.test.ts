import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { simulate, testCertificates } from '../src/index.js';
import { faultType, moref, Wire } from './wire.js';

const time = (wire: Wire) => wire.call('CurrentTime', 'ServiceInstance:ServiceInstance');

test('answers the service content to anybody and everything else to a session only', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  const content = await wire.call('RetrieveServiceContent', 'ServiceInstance:ServiceInstance');
  expect(content.status).toBe(200);
  expect(content.body).toContain('<apiVersion>8.0.3.0</apiVersion>');
  const refused = await time(wire);
  expect(refused.status).toBe(500);
  expect(faultType(refused.body)).toBe('NotAuthenticated');
  wire.cookie = 'vmware_soap_session="0000000000000000000000000000000000000000"';
  expect(faultType((await time(wire)).body)).toBe('NotAuthenticated');
});

test('gives a quoted cookie that scripts cannot read, good until log-out', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  const { headers } = await wire.login();
  expect(headers['set-cookie']?.[0]).toMatch(
    /^vmware_soap_session="[0-9a-f]{40}"; Path=\/; HttpOnly; Secure;$/,
  );
  expect((await time(wire)).status).toBe(200);
  expect(vcenter.sessions.open).toBe(1);
  expect(faultType((await wire.login()).body)).toBe('InvalidLogin');
  expect((await wire.call('Logout', 'SessionManager:SessionManager')).status).toBe(200);
  expect(vcenter.sessions.open).toBe(0);
  expect(faultType((await time(wire)).body)).toBe('NotAuthenticated');
});

test('locks an account after five wrong passwords in three minutes, for five', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  const wrong = { ...vcenter.credentials, password: 'wrong' };
  for (let i = 0; i < 5; i += 1)
    expect(faultType((await wire.login(wrong)).body)).toBe('InvalidLogin');
  expect(vcenter.sessions.failedLogins).toBe(5);
  expect(vcenter.sessions.locked(vcenter.credentials.username)).toBe(true);
  expect(faultType((await wire.login()).body)).toBe('InvalidLogin');
  vcenter.clock.advance(5 * 60_000);
  expect((await wire.login()).status).toBe(200);
  expect(vcenter.sessions.logins).toBe(1);
});

test('four wrong passwords lock nothing, and old ones are forgotten', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  const wrong = { ...vcenter.credentials, password: 'wrong' };
  for (let i = 0; i < 4; i += 1) await wire.login(wrong);
  vcenter.clock.advance(3 * 60_000);
  await wire.login(wrong);
  expect((await wire.login()).status).toBe(200);
});

test('ends a session that idles, and not one that is used', async () => {
  await using vcenter = await simulate({ sessionIdleMilliseconds: 60_000 });
  const wire = new Wire(vcenter);
  await wire.login();
  for (let i = 0; i < 3; i += 1) {
    vcenter.clock.advance(59_000);
    expect((await time(wire)).status).toBe(200);
  }
  vcenter.clock.advance(60_000);
  expect(faultType((await time(wire)).body)).toBe('NotAuthenticated');
});

test('answers 200 with every property missing when the session behind a read has died', async () => {
  await using vcenter = await simulate();
  const wire = new Wire(vcenter);
  await wire.login();
  const created = await wire.call(
    'CreateContainerView',
    'ViewManager:ViewManager',
    `${moref('container', 'Folder:group-d1')}<type>VirtualMachine</type><recursive>true</recursive>`,
  );
  const view = /type="ContainerView">([^<]+)</.exec(created.body)?.[1];
  vcenter.sessions.expire();
  const { status, body } = await wire.call(
    'RetrievePropertiesEx',
    'PropertyCollector:propertyCollector',
    `<specSet><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet><objectSet>${moref('obj', `ContainerView:${view}`)}<skip>true</skip><selectSet i:type="TraversalSpec"><type>ContainerView</type><path>view</path></selectSet></objectSet></specSet><options/>`,
  );
  expect(status).toBe(200);
  expect(body).not.toContain('<propSet>');
  const missing = body.match(
    /<missingSet><path>name<\/path><fault><fault xsi:type="NotAuthenticated">/g,
  );
  expect(missing).toHaveLength(vcenter.inventory.all('vm').length);
});

test('shows a certificate for this host, another host or another time as asked', async () => {
  for (const certificate of [
    testCertificates.localhost,
    testCertificates.elsewhere,
    testCertificates.expired,
  ]) {
    await using vcenter = await simulate({ certificate });
    const seen = await new Promise<string | undefined>((resolve, reject) => {
      const socket = connect(
        { port: vcenter.port, host: vcenter.host, rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate().fingerprint256);
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });
    expect(seen).toBe(vcenter.thumbprint);
  }
  await using elsewhere = await simulate({ certificate: testCertificates.elsewhere });
  await expect(new Wire(elsewhere).login()).rejects.toThrow(/altnames/);
  await using expired = await simulate({ certificate: testCertificates.expired });
  await expect(new Wire(expired).login()).rejects.toThrow(/expired/);
});

test('refuses what an account has no privilege for, naming object and privilege', async () => {
  await using vcenter = await simulate({
    users: [
      { username: 'reader@test', password: 'r', role: 'readonly' },
      { username: 'operator@test', password: 'o', privileges: ['VirtualMachine.Interact.PowerOn'] },
      { username: 'nobody@test', password: 'n', role: 'noaccess' },
    ],
  });
  const vm = `VirtualMachine:${vcenter.inventory.find('vm', 'batch-01')?.id}`;
  const reader = new Wire(vcenter);
  await reader.login();
  const refused = await reader.call('PowerOnVM_Task', vm);
  expect(refused.status).toBe(500);
  expect(refused.body).toMatch(/NoPermissionFault.*<privilegeId>VirtualMachine.Interact.PowerOn</);
  expect((await reader.retrieve('VirtualMachine', vm, ['name'])).body).toContain('batch-01');
  for (const method of ['Destroy_Task', 'SuspendVM_Task', 'PowerOffVM_Task', 'ShutdownGuest'])
    expect(faultType((await reader.call(method, vm)).body)).toBe('NoPermission');
  expect(faultType((await reader.call('Rename_Task', vm, '<newName>x</newName>')).body)).toBe(
    'NoPermission',
  );

  const operator = new Wire(vcenter);
  await operator.login({ username: 'operator@test', password: 'o' });
  expect(await operator.task('PowerOnVM_Task', vm)).toBe('success');
  expect(faultType((await operator.call('PowerOffVM_Task', vm)).body)).toBe('NoPermission');

  const nobody = new Wire(vcenter);
  await nobody.login({ username: 'nobody@test', password: 'n' });
  expect(faultType((await time(nobody)).body)).toBe('NoPermission');
});
