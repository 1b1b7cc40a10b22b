import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { viewOf, workersOf } from '../../cluster-view.js';
import { defineTool } from '../../define.js';
import { everySupervisor } from '../../every-supervisor.js';
import { kinds, served } from '../../known-resource.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';

export const listTkcClusters = defineTool({
  name: 'list_tkc_clusters',
  usage: 'tkc list',
  summary: 'List Kubernetes clusters of every Supervisor, or of one vSphere Namespace.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: [
    'namespace',
    'name',
    'phase',
    'k8s_version',
    'control_plane_replicas',
    'worker_replicas',
  ],
  flags: namespaceFlag,
  examples: ['tkc list', 'tkc list -n dev'],
  input: z.object({ namespace: namespaceName.optional(), ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      namespace: z.string(),
      supervisor: z.string(),
      phase: z.string(),
      available: z.boolean().nullable(),
      k8s_version: z.string().nullable(),
      cluster_class: z.string().nullable(),
      control_plane_replicas: z.int().nullable(),
      worker_replicas: z.int().nullable(),
      pools: z.int(),
    }),
  ).extend({ unseen: z.array(z.object({ supervisor: z.string(), why: z.string() })) }),
}).run(async ({ namespace, ...wanted }, { supervisors }, { signal }) => {
  const { rows, unseen } = await everySupervisor(
    supervisors,
    namespace,
    signal,
    async (kube, on) => {
      const resource = await served(kube, kinds.clusters, signal);
      const { items } = await kube.all(resource, { namespace, signal });
      return items.map(viewOf).map((cluster) => ({
        name: cluster.name,
        namespace: cluster.namespace,
        supervisor: on.name,
        phase: cluster.phase,
        available:
          cluster.conditions.find(({ type }) => type === 'Available' || type === 'Ready')
            ?.status === 'True' || (cluster.conditions.length === 0 ? null : false),
        k8s_version: cluster.version ?? null,
        cluster_class: cluster.className ?? null,
        control_plane_replicas: cluster.controlPlaneReplicas ?? null,
        worker_replicas: workersOf(cluster),
        pools: cluster.pools.length,
      }));
    },
  );
  const shown = rowsPage(rows, wanted, (row) => `${row.namespace}/${row.name}`);
  if (unseen.length === 0) return { ...shown, unseen };
  const names = unseen.map(({ supervisor }) => supervisor).join(', ');
  // How many there are on what could not be read is unknown, which is not 0.
  return {
    ...shown,
    total: null,
    hint: `Not all: ${names} could not be read. ${shown.hint ?? ''}`.trim(),
    unseen,
  };
});
