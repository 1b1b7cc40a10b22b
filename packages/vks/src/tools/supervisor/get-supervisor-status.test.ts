import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getSupervisorStatus } from './get-supervisor-status.js';

test.each(['supervisor-a', 'domain-c8'])('a Supervisor is found by %s', async (cluster_id) => {
  await using at = await lab();
  expect(await read(at, getSupervisorStatus, { cluster_id })).toMatchObject({
    name: 'supervisor-a',
    cluster_id: 'domain-c8',
    config_status: 'RUNNING',
    kubernetes_version: expect.stringMatching(/^v1\.\d+/),
    kubernetes_version_hint: null,
    api_server_cluster_endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    networks: expect.arrayContaining([
      { what: 'services of the Supervisor', cidr: '10.96.0.0/23' },
    ]),
  });
});

test('without a word the only Supervisor is meant; with two it asks which', async () => {
  await using one = await lab({ seed: 'empty' });
  expect(await read(one, getSupervisorStatus, {})).toMatchObject({ name: 'supervisor-a' });
  await using two = await lab();
  expect(await problemOf(two, getSupervisorStatus, {})).toMatchObject({
    code: 'AMBIGUOUS',
    message: expect.stringContaining('supervisor-a ('),
  });
});

test('a name that nothing has is answered with the nearest', async () => {
  await using at = await lab();
  expect(await problemOf(at, getSupervisorStatus, { cluster_id: 'supervisr-a' })).toMatchObject({
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('supervisor-a'),
  });
});

test('one that is still configuring has no endpoint, and says what it waits for', async () => {
  await using at = await lab({
    supervisors: [{ name: 'supervisor-a' }, { name: 'new', configStatus: 'CONFIGURING' }],
  });
  expect(await read(at, getSupervisorStatus, { cluster_id: 'new' })).toMatchObject({
    config_status: 'CONFIGURING',
    api_server_cluster_endpoint: null,
    messages: ['Waiting for the control plane machines.'],
  });
});

test('a version that cannot be read is null, with why', async () => {
  await using at = await lab();
  at.sim.vcenter.faults.add({
    match: { method: 'GET /api/vcenter/namespace-management/software/clusters/{}' },
    times: Number.POSITIVE_INFINITY,
    then: { status: 500 },
  });
  expect(await read(at, getSupervisorStatus, { cluster_id: 'domain-c9' })).toMatchObject({
    kubernetes_version: null,
    kubernetes_version_hint: expect.stringContaining('500'),
  });
});
