import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { poolStates } from '../../cluster-parts.js';
import { defineTool } from '../../define.js';
import { readCluster } from '../../read-cluster.js';
import { listInput, rowsPage } from '../../rows.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';

export const listNodePools = defineTool({
  name: 'list_node_pools',
  usage: 'pool list <cluster>',
  summary: 'List the node pools of a cluster, as they are asked for and as they are.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'replicas', 'min', 'max', 'ready', 'vm_class'],
  flags: namespaceFlag,
  examples: ['pool list web -n dev'],
  input: z.object({ cluster: clusterName, namespace: namespaceName, ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      class: z.string(),
      replicas: z.int().nullable(),
      min: z.int().nullable(),
      max: z.int().nullable(),
      running: z.int().nullable(),
      ready: z.int().nullable(),
      up_to_date: z.int().nullable(),
      vm_class: z.string().nullable(),
      storage_class: z.string().nullable(),
      phase: z.string().nullable(),
    }),
  ),
}).run(async ({ cluster: name, namespace, ...wanted }, clients, { signal }) => {
  const { cluster, kube } = await readCluster(clients, { name, namespace }, signal);
  const states = await poolStates(kube, cluster, signal);
  return rowsPage(
    cluster.pools.map((pool) => {
      const state = states.get(pool.name);
      return {
        name: pool.name,
        class: pool.class,
        replicas: pool.replicas ?? null,
        min: pool.autoscale?.min ?? null,
        max: pool.autoscale?.max ?? null,
        running: state?.replicas ?? null,
        ready: state?.ready ?? null,
        up_to_date: state?.upToDate ?? null,
        vm_class: pool.vmClass ?? null,
        storage_class: pool.storageClass ?? null,
        phase: state?.phase ?? null,
      };
    }),
    wanted,
    (row) => row.name,
  );
});
