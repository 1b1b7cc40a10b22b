import { expect, test } from 'vitest';
import { problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listTkcClusters } from './list-tkc-clusters.js';

test('clusters of every Supervisor are listed, with the one each is on', async () => {
  await using at = await lab();
  const { items, unseen, total } = await read(at, listTkcClusters, {});
  expect(items.find(({ name }) => name === 'web')).toMatchObject({
    namespace: 'dev',
    supervisor: 'supervisor-a',
    phase: 'Provisioned',
    available: true,
    k8s_version: expect.stringMatching(/^v1\.\d+/),
    pools: 2,
  });
  expect(total).toBe(items.length);
  expect(unseen).toEqual([]);
});

test('those of one namespace are asked of its Supervisor alone', async () => {
  await using at = await lab();
  const { items } = await read(at, listTkcClusters, { namespace: 'prod' });
  expect(items.map(({ name }) => name)).toEqual(['shop']);
  expect(at.sim.supervisors[1]?.logins.total).toBe(0);
});

test('a Supervisor that cannot be read is named, and how many there are is unknown', async () => {
  await using at = await lab({
    supervisors: [
      { name: 'supervisor-a' },
      { name: 'supervisor-b' },
      { name: 'new', configStatus: 'CONFIGURING' },
    ],
  });
  const { unseen, total, hint } = await read(at, listTkcClusters, {});
  expect(unseen).toEqual([{ supervisor: 'new', why: expect.stringContaining('CONFIGURING') }]);
  expect(total).toBeNull();
  expect(hint).toContain('Not all: new could not be read.');
});

test('when none can be read the call fails', async () => {
  await using at = await lab();
  at.sim.kubeFaults.add({ times: Number.POSITIVE_INFINITY, then: { status: 500 } });
  expect(await problemOf(at, listTkcClusters, {})).toMatchObject({ status: 'failed' });
});

test('with Workload Management off it says that', async () => {
  await using at = await lab({ supervisors: 0, namespaces: [] });
  expect(await problemOf(at, listTkcClusters, {})).toMatchObject({
    code: 'WORKLOAD_MANAGEMENT_OFF',
  });
});

test('an older Supervisor that serves v1beta1 only is read as well', async () => {
  await using at = await lab({ serve: { 'cluster.x-k8s.io': ['v1beta1'] } });
  const { items } = await read(at, listTkcClusters, { namespace: 'dev' });
  expect(items.find(({ name }) => name === 'web')).toMatchObject({
    phase: 'Provisioned',
    available: true,
    pools: 2,
  });
});
