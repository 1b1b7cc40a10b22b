import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listNodePools } from './list-node-pools.js';

test('pools are told as they are asked for and as they are', async () => {
  await using at = await lab();
  const { items } = await read(at, listNodePools, { cluster: 'web', namespace: 'dev' });
  expect(items.map(({ name }) => name)).toEqual(['batch', 'workers']);
  for (const { replicas, ready, running } of items)
    expect([running, ready]).toEqual([replicas, replicas]);
});
