import * as z from 'zod';
import { classesOf } from '../../cluster-classes.js';
import { defineTool } from '../../define.js';
import { freshly } from '../../freshly.js';
import {
  againstMemory,
  againstStorageClass,
  againstVmClass,
  offerOf,
} from '../../namespace-offer.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { againstChange, poolEntries, topologyPatch } from '../../pool-patch.js';
import { readCluster } from '../../read-cluster.js';
import { rehearse } from '../../rehearse.js';
import { clusterName, namespaceFlag, namespaceName, poolName } from '../../schema.js';
import { withoutPool } from '../../undo/clusters.js';
import {
  checkPool,
  machineDeployment,
  mostOf,
  poolWords,
  volume,
  volumeForm,
} from '../../wanted-pool.js';

const count = z.int().min(0).max(1000);

export const addNodePool = defineTool({
  name: 'add_node_pool',
  usage: 'pool add <cluster> <pool_name>',
  summary: 'Add a node pool to a cluster, with a number of workers or the bounds of an autoscaler.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: { ...namespaceFlag, worker_count: 'workers', worker_class: 'class' },
  examples: [
    'pool add web batch -n dev --workers 2 --vm-class best-effort-large',
    'pool add web burst -n dev --min 0 --max 10 --dry-run',
  ],
  input: z.object({
    cluster: clusterName,
    pool_name: poolName,
    namespace: namespaceName,
    worker_count: count.optional().describe('Machines; or give min and max.'),
    min: count.optional().describe('Bounds of an autoscaler.'),
    max: count.optional().describe('See min.'),
    vm_class: z.string().max(253).optional().describe("The cluster's if absent."),
    storage_class: z.string().max(253).optional().describe("The cluster's if absent."),
    worker_class: z
      .string()
      .max(253)
      .optional()
      .describe('Worker class; that of the first pool if absent.'),
    volumes: z.array(volume).max(16).optional().describe('Disks of its machines.'),
  }),
  output: z.object({
    cluster: z.string(),
    namespace: z.string(),
    pool: z.string(),
    status: z.literal('adding'),
    hint: z.string(),
  }),
})
  .plan(async (input, clients, { signal }) =>
    freshly(async () => {
      const { cluster: name, namespace, pool_name, worker_count, min, max } = input;
      const pool = {
        name: pool_name,
        replicas: worker_count,
        autoscale:
          min === undefined && max === undefined
            ? undefined
            : { min: min ?? 0, max: max ?? min ?? 0 },
        class: input.worker_class,
        vm_class: input.vm_class,
        storage_class: input.storage_class,
        volumes: input.volumes,
      };
      checkPool(pool);
      const found = await readCluster(clients, { name, namespace }, signal);
      const { cluster, kube } = found;
      const [classes, offer] = await Promise.all([
        classesOf(kube, namespace, signal),
        offerOf(clients, kube, namespace, signal),
      ]);
      const of = classes.find((one) => one.name === cluster.className);
      const names = of?.variables.map((one) => one.name) ?? [];
      const vmClass = pool.vm_class ?? cluster.vmClass ?? '';
      const storageClass = pool.storage_class ?? cluster.storageClass ?? '';
      const entries = poolEntries(found.object);
      const workerClass = cluster.pools[0]?.class ?? of?.workers[0] ?? 'node-pool';
      const change = topologyPatch(found, {
        workers: {
          machineDeployments: [
            ...entries,
            machineDeployment(pool, { workerClass, storageClass, variables: names }),
          ],
        },
      });
      const blockers = [
        ...againstChange(found),
        ...(cluster.pools.some((one) => one.name === pool_name)
          ? [`The cluster ${name} has a pool ${pool_name} already.`]
          : []),
        ...(pool.class !== undefined && of && !of.workers.includes(pool.class)
          ? [
              `The ClusterClass ${of.name} has no worker class ${pool.class}; it has ${of.workers.join(', ')}.`,
            ]
          : []),
        ...((pool.volumes ?? []).length > 0 && volumeForm(names) === undefined
          ? [`The ClusterClass ${cluster.className} takes no volumes.`]
          : []),
        ...againstVmClass(offer, vmClass),
        ...(storageClass === '' ? [] : againstStorageClass(offer, storageClass)),
        ...againstMemory(offer, [{ vmClass, count: mostOf(pool) }]),
      ];
      const said =
        blockers.length > 0 ? { blockers: [], warnings: [] } : await rehearse(kube, change, signal);
      return {
        summary: `Add the node pool ${pool_name} to ${namespace}/${name}`,
        changes: [
          poolWords({ ...pool, vm_class: vmClass }),
          ...said.warnings.map((text) => `the Supervisor warns: ${text}`),
        ],
        requests: [requestOf(change)],
        blast_radius: {
          total: 1,
          objects: [{ type: 'Cluster', id: `${namespace}/${name}`, name }],
          reversible: true,
        },
        blockers: [...blockers, ...said.blockers],
        unmeasured: [],
        undo: withoutPool(cluster, pool, { class: pool.class ?? workerClass, vm_class: vmClass }),
      };
    }),
  )
  .run(async ({ cluster, namespace, pool_name }, { supervisors }, context) => {
    const kube = await supervisors.kubeOf(namespace, context);
    await sendPlanned(kube, context, `vmware-vks pool list ${cluster} -n ${namespace}`);
    return {
      cluster,
      namespace,
      pool: pool_name,
      status: 'adding' as const,
      hint: `\`vmware-vks tkc wait ${cluster} -n ${namespace}\` waits until its machines are ready.`,
    };
  });
