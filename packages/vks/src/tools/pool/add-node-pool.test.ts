import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getTkcCluster } from '../tkc/get-tkc-cluster.js';
import { addNodePool } from './add-node-pool.js';
import { listNodePools } from './list-node-pools.js';

const web = { cluster: 'web', namespace: 'dev' };

test('a pool is added, the others stay, and its machines come', async () => {
  await using at = await lab();
  const before = (await read(at, getTkcCluster, { name: 'web', namespace: 'dev' })).pools;
  await change(at, addNodePool, {
    ...web,
    pool_name: 'extra',
    worker_count: 2,
    vm_class: 'best-effort-large',
  });
  const after = (await read(at, getTkcCluster, { name: 'web', namespace: 'dev' })).pools;
  expect(after).toEqual([
    ...before,
    expect.objectContaining({ name: 'extra', replicas: 2, vm_class: 'best-effort-large' }),
  ]);
  await at.advance(600_000);
  const { items } = await read(at, listNodePools, web);
  expect(items.find(({ name }) => name === 'extra')).toMatchObject({ ready: 2 });
});

test('a name that is taken, a class that is not there and no room are blockers', async () => {
  await using at = await lab();
  const blockers = async (more: object) =>
    (
      await planOf(at, addNodePool, { ...web, pool_name: 'extra', worker_count: 1, ...more })
    ).blockers.join(' ');
  expect(await blockers({ pool_name: 'workers' })).toContain('has a pool workers already');
  expect(await blockers({ vm_class: 'gpu' })).toContain('has no VM class gpu');
  expect(await blockers({ storage_class: 'bronze' })).toContain('has no storage class bronze');
  expect(await blockers({ worker_count: 500 })).toContain('MiB too little');
  expect(await blockers({ worker_class: 'big' })).toContain('no worker class big');
});

test('it needs a number or bounds', async () => {
  await using at = await lab();
  expect(await problemOf(at, addNodePool, { ...web, pool_name: 'extra' })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(
    await problemOf(at, addNodePool, { ...web, pool_name: 'extra', worker_count: 1, max: 3 }),
  ).toMatchObject({
    code: 'INVALID_INPUT',
  });
});
