import { longText } from '@vmware/policy';
import * as z from 'zod';
import { workersOf } from '../../cluster-view.js';
import { defineTool } from '../../define.js';
import { readCluster } from '../../read-cluster.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';

export const getTkcCluster = defineTool({
  name: 'get_tkc_cluster',
  usage: 'tkc get <name>',
  summary: 'One Kubernetes cluster: version, class, pools, endpoint, variables and conditions.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  format: 'json',
  flags: namespaceFlag,
  examples: ['tkc get web -n dev'],
  input: z.object({ name: clusterName, namespace: namespaceName }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    phase: z.string(),
    k8s_version: z.string().nullable(),
    cluster_class: z.string().nullable(),
    created_at: z.string().nullable(),
    endpoint: z.string().nullable(),
    control_plane_replicas: z.int().nullable(),
    worker_replicas: z.int().nullable(),
    pools: z.array(
      z.object({
        name: z.string(),
        class: z.string(),
        replicas: z.int().nullable(),
        autoscale: z.object({ min: z.int(), max: z.int() }).nullable(),
        vm_class: z.string().nullable(),
        storage_class: z.string().nullable(),
      }),
    ),
    variables: z.array(z.object({ name: z.string(), value: longText() })),
    infrastructure_ready: z.boolean(),
    control_plane_ready: z.boolean(),
    paused: z.boolean(),
    conditions: z.array(
      z.object({
        type: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        message: longText(),
      }),
    ),
  }),
}).run(async ({ name, namespace }, clients, { signal }) => {
  const { cluster } = await readCluster(clients, { name, namespace }, signal);
  return {
    name,
    namespace,
    phase: cluster.phase,
    k8s_version: cluster.version ?? null,
    cluster_class: cluster.className ?? null,
    created_at: cluster.createdAt,
    endpoint: cluster.endpoint ?? null,
    control_plane_replicas: cluster.controlPlaneReplicas ?? null,
    worker_replicas: workersOf(cluster),
    pools: cluster.pools.map((pool) => ({
      name: pool.name,
      class: pool.class,
      replicas: pool.replicas ?? null,
      autoscale: pool.autoscale ?? null,
      vm_class: pool.vmClass ?? null,
      storage_class: pool.storageClass ?? null,
    })),
    variables: cluster.variables.map(({ name: called, value }) => ({
      name: called,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    infrastructure_ready: cluster.infrastructureReady,
    control_plane_ready: cluster.controlPlaneReady,
    paused: cluster.paused,
    conditions: cluster.conditions.map(({ since: _, ...condition }) => condition),
  };
});
