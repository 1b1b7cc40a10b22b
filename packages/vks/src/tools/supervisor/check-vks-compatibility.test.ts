import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { checkVksCompatibility } from './check-vks-compatibility.js';

test('a vCenter 8 with running Supervisors is compatible, and each cluster is told', async () => {
  await using at = await lab();
  expect(await read(at, checkVksCompatibility, {})).toMatchObject({
    compatible: true,
    version_compatible: true,
    workload_management_enabled: true,
    wcp_enabled_clusters: 2,
    wcp_clusters: [
      { cluster: 'domain-c8', status: 'RUNNING' },
      { cluster: 'domain-c9', status: 'RUNNING' },
    ],
    wcp_query_failed: false,
    hint: null,
  });
});

test('without a Supervisor Workload Management is off, and it says how to go on', async () => {
  await using at = await lab({ supervisors: 0, namespaces: [] });
  expect(await read(at, checkVksCompatibility, {})).toMatchObject({
    compatible: false,
    workload_management_enabled: false,
    wcp_enabled_clusters: 0,
    hint: expect.stringContaining('Workload Management is off'),
  });
});

test('a failed query is unknown, never "none"', async () => {
  await using at = await lab();
  at.sim.vcenter.faults.add({
    match: { method: 'GET /api/vcenter/namespace-management/supervisors/summaries' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  expect(await read(at, checkVksCompatibility, {})).toMatchObject({
    compatible: false,
    workload_management_enabled: null,
    wcp_enabled_clusters: null,
    wcp_query_failed: true,
    wcp_query_error: expect.stringContaining('500'),
    hint: expect.stringContaining('unknown'),
  });
});
