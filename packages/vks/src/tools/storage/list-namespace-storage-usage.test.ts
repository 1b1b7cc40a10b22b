import { expect, test } from 'vitest';
import { read } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { listNamespaceStorageUsage } from './list-namespace-storage-usage.js';

test('volume claims of a namespace are listed, more than a page of the server', async () => {
  await using at = await lab();
  const [supervisor] = at.sim.supervisors;
  const { world } = supervisor ?? {};
  const claims = world?.kinds.named('persistentvolumeclaims');
  if (!world || !claims) throw new Error('No Supervisor');
  for (let n = 0; n < 700; n += 1)
    world.store.add(claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `many-${String(n).padStart(3, '0')}`, namespace: 'dev' },
      spec: { storageClassName: 'gold', resources: { requests: { storage: '5Gi' } } },
      status: { phase: 'Bound', capacity: { storage: '5Gi' } },
    });
  const { items, total, namespace } = await read(at, listNamespaceStorageUsage, {
    namespace: 'dev',
  });
  expect(namespace).toBe('dev');
  expect(items.filter(({ name }) => name.startsWith('many-'))).toHaveLength(700);
  expect(total).toBe(items.length);
  expect(items.find(({ name }) => name === 'many-699')).toEqual({
    name: 'many-699',
    namespace: 'dev',
    status: 'Bound',
    capacity: '5Gi',
    requested: '5Gi',
    storage_class: 'gold',
    cluster: null,
  });
});

test('claims of a cluster are told with the name of the cluster', async () => {
  await using at = await lab();
  const { items } = await read(at, listNamespaceStorageUsage, { namespace: 'dev' });
  expect(items).toMatchObject([{ capacity: '10Gi', cluster: 'web' }]);
});
