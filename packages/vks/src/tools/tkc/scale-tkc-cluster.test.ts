import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { getTkcCluster } from './get-tkc-cluster.js';
import { scaleTkcCluster } from './scale-tkc-cluster.js';

const web = { name: 'web', namespace: 'dev' };
const poolsOf = async (at: Awaited<ReturnType<typeof lab>>) =>
  (await read(at, getTkcCluster, web)).pools;

test('one pool is scaled, and every other pool stays as it is', async () => {
  await using at = await lab();
  const before = await poolsOf(at);
  const [workers, ...others] = before;
  await change(at, scaleTkcCluster, {
    ...web,
    pool_name: 'workers',
    worker_count: (workers?.replicas ?? 0) + 1,
  });
  const after = await poolsOf(at);
  expect(after[0]?.replicas).toBe((workers?.replicas ?? 0) + 1);
  expect(after.slice(1)).toEqual(others);
});

test('fewer is destructive: it says what goes, and needs what a delete needs', async () => {
  await using at = await lab();
  const input = { ...web, pool_name: 'workers', worker_count: 0 };
  const plan = await planOf(at, scaleTkcCluster, input);
  expect(plan).toMatchObject({ destroys: true, blast_radius: { reversible: false } });
  expect(plan.changes.join()).toContain('drain and delete 2 machines');
  expect(await at.call(scaleTkcCluster, input, { dryRun: false })).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('confirmed=true'),
  });
  expect(changesAt(at.sim)).toEqual([]);
  expect(await at.call(scaleTkcCluster, input, { dryRun: false, confirmed: true })).toMatchObject({
    status: 'done',
  });
});

test('no room is told with the arithmetic', async () => {
  await using at = await lab();
  const { blockers } = await planOf(at, scaleTkcCluster, {
    ...web,
    pool_name: 'workers',
    worker_count: 900,
  });
  expect(blockers[0]).toMatch(
    /^Memory: \d+ × \d+ = \d+ MiB are needed, and of 262144 MiB 81920 are in use/,
  );
});

test('of several pools one has to be named, and it says which there are', async () => {
  await using at = await lab();
  expect(await problemOf(at, scaleTkcCluster, { ...web, worker_count: 2 })).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('workers, batch'),
  });
  expect(
    await problemOf(at, scaleTkcCluster, { ...web, pool_name: 'wrokers', worker_count: 2 }),
  ).toMatchObject({
    message: expect.stringContaining('has no pool wrokers'),
  });
});

test('bounds of an autoscaler are set as bounds, and a number is refused', async () => {
  await using at = await lab();
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'auto',
    version: (await read(at, getTkcCluster, web)).k8s_version ?? '',
    pools: [{ name: 'burst', replicas: 1, autoscale: { min: 1, max: 3 } }],
  });
  const auto = { name: 'auto', namespace: 'dev' };
  expect(await problemOf(at, scaleTkcCluster, { ...auto, worker_count: 5 })).toMatchObject({
    message: expect.stringContaining('An autoscaler decides'),
  });
  await change(at, scaleTkcCluster, { ...auto, max: 6 });
  expect((await read(at, getTkcCluster, auto)).pools[0]).toMatchObject({
    replicas: null,
    autoscale: { min: 1, max: 6 },
  });
  expect(await problemOf(at, scaleTkcCluster, { ...auto, min: 9 })).toMatchObject({
    code: 'INVALID_INPUT',
  });
});

test('somebody who was quicker is not overwritten', async () => {
  await using at = await lab();
  const input = { ...web, pool_name: 'workers', worker_count: 5 };
  const preview = await at.call(scaleTkcCluster, input);
  await change(at, scaleTkcCluster, { ...web, pool_name: 'batch', worker_count: 4 });
  const outcome = await at.agree(scaleTkcCluster, input, preview);
  // The plan is not what it was, so it is shown again; nothing of it was sent.
  expect(outcome.status).toBe('preview');
  expect((await poolsOf(at)).find(({ name }) => name === 'batch')?.replicas).toBe(4);
});
