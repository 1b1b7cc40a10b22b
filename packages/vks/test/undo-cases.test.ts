import { expect, test } from 'vitest';
import { createNamespace } from '../src/tools/namespace/create-namespace.js';
import { grantNamespaceAccess } from '../src/tools/namespace/grant-namespace-access.js';
import { revokeNamespaceAccess } from '../src/tools/namespace/revoke-namespace-access.js';
import { updateNamespace } from '../src/tools/namespace/update-namespace.js';
import { addNodePool } from '../src/tools/pool/add-node-pool.js';
import { createTkcCluster } from '../src/tools/tkc/create-tkc-cluster.js';
import { scaleTkcCluster } from '../src/tools/tkc/scale-tkc-cluster.js';
import type { AnyTool, Input } from './changes.js';
import { lab } from './lab.js';
import { thereAndBack } from './take-back.js';
import { usableVersions } from './versions.js';

const web = { name: 'web', namespace: 'dev' };
const group = 'group:developers@corp.local';

test.each<[string, AnyTool, Input]>([
  [
    'a namespace that has as little as one can',
    createNamespace,
    { name: 'bare', cluster_id: 'supervisor-a', storage_policy: 'gold' },
  ],
  [
    'limits and a description',
    updateNamespace,
    { name: 'dev', cpu_limit: 50_000, memory_limit_mib: 300_000, description: 'Dev' },
  ],
  [
    'a storage policy added and another taken away',
    updateNamespace,
    {
      name: 'edge',
      storage_policy: 'gold',
      storage_limit_mib: 4096,
      remove_storage_policy: 'silver',
    },
  ],
  [
    'a storage policy without a limit added',
    updateNamespace,
    { name: 'edge', storage_policy: 'gold' },
  ],
  [
    'a storage policy taken away',
    updateNamespace,
    { name: 'dev', remove_storage_policy: 'silver' },
  ],
  [
    'a limit of a storage policy',
    updateNamespace,
    { name: 'dev', storage_policy: 'gold', storage_limit_mib: 2_097_152 },
  ],
  [
    'a content library added',
    updateNamespace,
    { name: 'edge', add_content_libraries: ['vm-images'] },
  ],
  [
    'VM classes taken away',
    updateNamespace,
    { name: 'dev', remove_vm_classes: ['best-effort-large'] },
  ],
  ['another role', grantNamespaceAccess, { name: 'dev', subject: group, role: 'VIEW' }],
  ['a role of a group taken away', revokeNamespaceAccess, { name: 'dev', subject: group }],
  [
    'a pool of so many workers',
    addNodePool,
    { cluster: 'web', namespace: 'dev', pool_name: 'new', worker_count: 2 },
  ],
])('%s is undone, and everything is as it was', async (_what, tool, input) => {
  await using at = await lab();
  expect(await thereAndBack(at, tool, input)).toBe(true);
});

test('bounds of an autoscaler are undone, and everything is as it was', async () => {
  await using at = await lab();
  await at.sim.supervisors[0]?.addCluster({
    namespace: 'dev',
    name: 'auto',
    version: (await usableVersions(at))[0] ?? '',
    pools: [{ name: 'burst', replicas: 1, autoscale: { min: 1, max: 3 } }],
  });
  const auto = { name: 'auto', namespace: 'dev' };
  expect(await thereAndBack(at, scaleTkcCluster, { ...auto, max: 6 })).toBe(true);
  expect(await thereAndBack(at, scaleTkcCluster, { ...auto, min: 0 })).toBe(true);
  expect(await thereAndBack(at, scaleTkcCluster, { ...auto, max: 2 })).toBe(false);
});

test('a cluster with an autoscaler is undone, and everything is as it was', async () => {
  await using at = await lab();
  const input = {
    name: 'new',
    namespace: 'dev',
    k8s_version: (await usableVersions(at)).at(-1),
    vm_class: 'best-effort-medium',
    storage_class: 'gold',
    pools: [{ name: 'burst', autoscale: { min: 1, max: 3 } }],
  };
  expect(await thereAndBack(at, createTkcCluster, input)).toBe(true);
});

test.each<[string, AnyTool, Input]>([
  ['a limit where there was none', updateNamespace, { name: 'edge', memory_limit_mib: 65_536 }],
  [
    'a limit of a storage policy that had none',
    updateNamespace,
    { name: 'dev', storage_policy: 'silver', storage_limit_mib: 4096 },
  ],
  [
    'two storage policies that one call cannot put back',
    updateNamespace,
    {
      name: 'dev',
      storage_policy: 'gold',
      storage_limit_mib: 2_097_152,
      remove_storage_policy: 'silver',
    },
  ],
  ['fewer machines', scaleTkcCluster, { ...web, pool_name: 'workers', worker_count: 1 }],
])('%s is for good, and the plan says so', async (_what, tool, input) => {
  await using at = await lab();
  expect(await thereAndBack(at, tool, input)).toBe(false);
});
