import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listClusterClasses } from './list-cluster-classes.js';

test('classes of the namespace and the public ones are listed; the newest generic one is the usual one', async () => {
  await using at = await lab();
  const { items } = await read(at, listClusterClasses, { namespace: 'dev' });
  const usual = items.filter((one) => one.usual);
  expect(usual).toHaveLength(1);
  expect(usual[0]).toMatchObject({
    name: expect.stringMatching(/^builtin-generic-v3\.\d+\.\d+$/),
    namespace: 'vmware-system-vks-public',
    workers: ['node-pool'],
    required_variables: expect.arrayContaining(['vmClass', 'storageClass']),
  });
  expect(items.some(({ name }) => name === 'tanzukubernetescluster')).toBe(true);
});
