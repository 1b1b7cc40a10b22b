import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type NsxUser, simulateNsx } from '../src/index.js';
import { groups, NsxWire, policies } from './nsx-wire.js';

const user = (username: string, role: NsxUser['role'], password = 'pass'): NsxUser => ({
  username,
  password,
  role,
});

test('a session is a cookie and a token, and both must come with every request', async () => {
  await using nsx = await simulateNsx();
  const stranger = await new NsxWire(nsx).get(groups);
  expect([stranger.status, stranger.json.error_code]).toEqual([403, '403']);
  const wire = await NsxWire.enter(nsx);
  expect((await wire.get(groups)).status).toBe(200);
  for (const token of ['', 'wrong']) {
    const { status, json } = await wire.get(groups, { headers: { 'x-xsrf-token': token } });
    expect([status, json.error_code]).toEqual([403, '98']);
  }
  const { cookie = '' } = wire.headers;
  wire.headers = { cookie };
  expect((await wire.put(`${groups}/x`, {})).json.error_code).toBe('98');
  expect(nsx.world.objects.get('/infra/domains/default/groups/x')).toBeUndefined();
});

test('a password is form-encoded, a wrong one is counted, and five lock the account for a while', async () => {
  await using nsx = await simulateNsx({ users: [user('admin', 'auditor', 'a+b &ü=%')] });
  await NsxWire.enter(nsx);
  const wire = new NsxWire(nsx);
  const asJson = await wire.send('POST', '/api/session/create', {
    body: { j_username: 'admin', j_password: 'a+b &ü=%' },
  });
  expect([asJson.status, asJson.json.error_code]).toEqual([403, '403']);
  const plus = await wire.send('POST', '/api/session/create', {
    body: 'j_username=admin&j_password=a+b%20%26%C3%BC%3D%25',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([plus.status, plus.json.error_code]).toEqual([403, '403']);
  for (let at = 0; at < 4; at += 1) await wire.login('admin', 'wrong');
  expect([nsx.sessions.failedLogins, nsx.sessions.locked('admin')]).toEqual([5, true]);
  expect((await wire.login('admin', 'a+b &ü=%')).status).toBe(403);
  nsx.clock.advance(16 * 60_000);
  expect((await wire.login('admin', 'a+b &ü=%')).status).toBe(200);
  expect([nsx.sessions.logins, nsx.sessions.open]).toEqual([2, 2]);
});

test('a session ends when it is destroyed, when it idles and when the manager restarts', async () => {
  await using nsx = await simulateNsx({ sessionIdleMilliseconds: 60_000 });
  const wire = await NsxWire.enter(nsx);
  expect((await wire.post('/api/session/destroy', undefined)).status).toBe(200);
  expect([nsx.sessions.logouts, nsx.sessions.open]).toEqual([1, 0]);
  const gone = await wire.get(groups);
  expect([gone.status, gone.json.error_code]).toEqual([403, '403']);
  const other = await NsxWire.enter(nsx);
  nsx.clock.advance(50_000);
  expect((await other.get(groups)).status).toBe(200);
  nsx.clock.advance(61_000);
  expect((await other.get(groups)).status).toBe(403);
  const third = await NsxWire.enter(nsx);
  nsx.sessions.expire();
  expect((await third.get(groups)).status).toBe(403);
  await using later = await simulateNsx({ expiredStatus: 401 });
  const fourth = await NsxWire.enter(later);
  later.sessions.expire();
  expect((await fourth.get(groups)).status).toBe(401);
});

test('Basic and a client certificate of a principal identity open no session', async () => {
  const certificate = madeCertificate();
  const fingerprint = new X509Certificate(certificate.cert).fingerprint256;
  await using nsx = await simulateNsx({
    identities: { [fingerprint]: user('robot', 'security_engineer') },
  });
  const wire = new NsxWire(nsx);
  const { username, password } = nsx.credentials;
  const basic = (secret: string) => ({
    headers: { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` },
  });
  expect((await wire.get('/aaa/user-info', basic(password))).json.user_name).toBe(username);
  expect((await wire.get('/aaa/user-info', basic('wrong'))).json.error_code).toBe('403');
  const robot = await wire.get('/aaa/user-info', { certificate });
  expect([robot.json.user_name, robot.json.roles]).toEqual([
    'robot',
    [{ role: 'security_engineer' }],
  ]);
  const made = await wire.put(`${groups}/by-robot`, {}, { certificate });
  expect(made.json._create_user).toBe('robot');
  expect((await wire.get('/aaa/user-info', { certificate: madeCertificate() })).status).toBe(403);
  expect([nsx.sessions.open, nsx.sessions.logins, nsx.sessions.failedLogins]).toEqual([0, 0, 1]);
});

test('a role that may not change something is told so, with a code that is no log-in code', async () => {
  const users = [
    user('auditor', 'auditor'),
    user('operator', 'security_op'),
    user('engineer', 'security_engineer'),
    user('network', 'network_engineer'),
  ];
  await using nsx = await simulateNsx({ users });
  const statuses: Record<string, number[]> = {};
  for (const { username, password } of users) {
    const wire = await NsxWire.enter(nsx, { username, password });
    const [segment] = (await wire.get('/infra/segments')).json.results;
    const answers = [
      await wire.get(policies),
      await wire.put(`${groups}/by-${username}`, {}),
      await wire.delete(`${policies}/shop-deny/rules/deny-shop-${username}`),
      await wire.put(`/infra/segments/${segment.id}`, segment),
    ];
    statuses[username] = answers.map(({ status }) => status);
    for (const { status, json } of answers) if (status === 403) expect(json.error_code).toBe(289);
  }
  expect(statuses).toEqual({
    auditor: [200, 403, 403, 403],
    operator: [200, 403, 403, 403],
    engineer: [200, 200, 404, 403],
    network: [200, 403, 403, 200],
  });
});

/** A key and its certificate, made by openssl for this run only. */
function madeCertificate(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'nsx-identity-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=robot -keyout ${key} -out ${cert}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  );
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
