import { expect, test } from 'vitest';
import { change, planOf, problemOf, read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { getTkcCluster } from '../tkc/get-tkc-cluster.js';
import { removeNodePool } from './remove-node-pool.js';

const web = { cluster: 'web', namespace: 'dev' };

test('one pool goes with its machines, the others stay', async () => {
  await using at = await lab();
  const plan = await planOf(at, removeNodePool, { ...web, pool_name: 'batch' });
  expect(plan.changes.join('\n')).toContain('delete the machine web-batch');
  await change(at, removeNodePool, { ...web, pool_name: 'batch' });
  const { pools } = await read(at, getTkcCluster, { name: 'web', namespace: 'dev' });
  expect(pools.map(({ name }) => name)).toEqual(['workers']);
});

test('the last pool stays', async () => {
  await using at = await lab();
  await change(at, removeNodePool, { ...web, pool_name: 'batch' });
  await at.advance(600_000);
  const { blockers } = await planOf(at, removeNodePool, { ...web, pool_name: 'workers' });
  expect(blockers[0]).toContain('workers is the only pool of web');
});

test('a pool that is not there is answered with those that are', async () => {
  await using at = await lab();
  expect(await problemOf(at, removeNodePool, { ...web, pool_name: 'bach' })).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('workers, batch'),
  });
});
