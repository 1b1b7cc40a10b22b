import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubeconfig } from '@vmware/clients/kube';
import { expect, test } from 'vitest';
import { change, planOf, problemOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getTkcKubeconfig } from './get-tkc-kubeconfig.js';

const web = { name: 'web', namespace: 'dev' };

test('it holds a credential that only this cluster takes, from the login service', async () => {
  await using at = await lab();
  const given = await change(at, getTkcKubeconfig, web);
  expect(given).toMatchObject({ cluster: 'web', written_to: null, from: 'login service' });
  const config = await parseKubeconfig(given.kubeconfig ?? '');
  expect(config.token).toMatch(/^ey/);
  expect(config.ca).toContain('BEGIN CERTIFICATE');
  const asked = at.sim.kubeRequests
    .filter(({ method }) => method === 'POST /wcp/login')
    .map(({ body }) => body);
  expect(asked).toContain('{"guest_cluster_name":"web","guest_cluster_namespace":"dev"}');
});

test('where the login service knows no clusters it is the certificate of the secret', async () => {
  await using at = await lab({ guestLogin: false });
  const given = await change(at, getTkcKubeconfig, web);
  expect(given.from).toBe('kubeconfig secret');
  expect(await parseKubeconfig(given.kubeconfig ?? '')).toMatchObject({
    clientCert: expect.stringContaining('BEGIN CERTIFICATE'),
    clientKey: expect.stringContaining('PRIVATE KEY'),
  });
  expect(given.expires_at).not.toBeNull();
});

test('its row has a digest and nothing of it', async () => {
  await using at = await lab();
  const { kubeconfig } = await change(at, getTkcKubeconfig, web);
  const { token = 'none' } = await parseKubeconfig(kubeconfig ?? '');
  const rows = JSON.stringify(at.audit());
  expect(rows).not.toContain(token);
  expect(rows).toContain('handed_over');
  expect(rows).toMatch(/sha256/);
});

test('asked to, it goes into a new file of the owner alone, and not into the answer', async () => {
  await using at = await lab();
  const path = join(mkdtempSync(join(at.userHome, 'k-')), 'web.kubeconfig');
  const given = await change(at, getTkcKubeconfig, { ...web, output_path: path });
  expect(given).toMatchObject({ kubeconfig: null, written_to: path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await parseKubeconfig(readFileSync(path, 'utf8'))).toMatchObject({
    token: expect.any(String),
  });
});

test('a file that is there stops it before anybody logs in', async () => {
  await using at = await lab();
  const dir = mkdtempSync(join(at.userHome, 'k-'));
  const path = join(dir, 'web.kubeconfig');
  writeFileSync(path, 'mine');
  const { blockers } = await planOf(at, getTkcKubeconfig, { ...web, output_path: path });
  expect(blockers).toEqual([
    `${path} is there already; it is not overwritten unless overwrite says so.`,
  ]);
  expect(
    await problemOf(at, getTkcKubeconfig, { ...web, output_path: path }, { dryRun: false }),
  ).toMatchObject({
    code: 'BLOCKED',
  });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(readdirSync(dir)).toEqual(['web.kubeconfig']);
  await change(at, getTkcKubeconfig, { ...web, output_path: path, overwrite: true });
  expect(readFileSync(path, 'utf8')).toContain('kind: Config');
});

test('a cluster without a control plane has none yet', async () => {
  await using at = await lab();
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'stuck',
    version: 'v1.31.4',
    pools: [],
    stuck: 'network',
  });
  expect(await problemOf(at, getTkcKubeconfig, { name: 'stuck', namespace: 'dev' })).toMatchObject({
    code: 'NOT_PROVISIONED',
    remedy: expect.stringContaining('vmware-vks tkc wait stuck -n dev'),
  });
});
