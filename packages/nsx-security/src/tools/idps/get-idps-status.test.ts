import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectRole, expectStopped, mallory } from '../../../test/refusals.js';
import { getIdpsStatus } from './get-idps-status.js';

const base = '/infra/settings/firewall/security/intrusion-services';
const refuse = (path: string, status = 403) => ({
  match: { method: `GET /policy/api/v1${base}${path}` },
  times: Infinity,
  then: { status },
});

test('tells where it is on, and that its signatures are not the latest', async () => {
  await using nsx = await lab();
  const status = await read(nsx, getIdpsStatus, {});
  expect(status).toEqual({
    enabled: true,
    clusters_enabled: 1,
    clusters_total: 2,
    clusters: expect.arrayContaining([
      { id: expect.any(String), display_name: 'compute-a', ids_enabled: true },
      { id: expect.any(String), display_name: 'compute-b', ids_enabled: false },
    ]),
    standalone_hosts_enabled: false,
    signature_status: {
      download_status: 'READY',
      signature_status: 'AVAILABLE',
      version_id: '1234',
      active_version: '1234',
      active_is_latest: false,
      active_since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    },
    settings: { auto_update: true, ids_ever_enabled: true, ids_events_to_syslog: false },
  });
});

const clusterA = (nsx: Awaited<ReturnType<typeof lab>>): string =>
  nsx.sim.world.objects.ofType('IdsClusterConfig').find(({ ids_enabled }) => ids_enabled)?.path ??
  '';

test('off everywhere is off; on on standalone hosts alone is on', async () => {
  await using nsx = await lab();
  mallory(nsx, clusterA(nsx), { ids_enabled: false });
  expect(await read(nsx, getIdpsStatus, {})).toMatchObject({ enabled: false, clusters_enabled: 0 });
  mallory(nsx, `${base}/ids-standalone-host-config`, { ids_enabled: true });
  expect(await read(nsx, getIdpsStatus, {})).toMatchObject({ enabled: true, clusters_enabled: 0 });
});

test.each([403, 404])('what answers %i is unknown, never off', async (status) => {
  await using nsx = await lab();
  mallory(nsx, clusterA(nsx), { ids_enabled: false });
  nsx.sim.faults.add(refuse('/ids-standalone-host-config', status));
  expect(await read(nsx, getIdpsStatus, {})).toMatchObject({
    enabled: null,
    clusters_enabled: 0,
    standalone_hosts_enabled: null,
  });
  nsx.sim.faults.add(
    refuse('/cluster-configs', status),
    refuse('/signatures/status', status),
    refuse('/signature-versions', status),
  );
  expect(await read(nsx, getIdpsStatus, {})).toMatchObject({
    enabled: null,
    clusters: null,
    clusters_enabled: null,
    clusters_total: null,
    signature_status: {
      download_status: null,
      version_id: null,
      active_version: null,
      active_is_latest: null,
    },
    settings: { auto_update: true },
  });
});

test('an account or manager without IDPS is an error, not "off"', async () => {
  await using nsx = await lab();
  nsx.sim.faults.add(refuse(''));
  await expectStopped(nsx, getIdpsStatus, {}, 'NO_PERMISSION');
  nsx.sim.faults.clear();
  nsx.sim.faults.add(refuse('', 404));
  await expectStopped(nsx, getIdpsStatus, {}, 'NOT_FOUND');
});

test('an auditor may look', () => expectRole(getIdpsStatus, {}));
