import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { machineStates } from '../../cluster-parts.js';
import { counted } from '../../counted.js';
import { defineTool } from '../../define.js';
import { textAt } from '../../field.js';
import { freshly } from '../../freshly.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { againstChange, poolEntries, topologyPatch } from '../../pool-patch.js';
import { readCluster } from '../../read-cluster.js';
import { rehearse } from '../../rehearse.js';
import { clusterName, namespaceFlag, namespaceName, poolName } from '../../schema.js';

export const removeNodePool = defineTool({
  name: 'remove_node_pool',
  usage: 'pool remove <cluster> <pool_name>',
  summary: 'Remove a node pool from a cluster: its machines are drained and deleted.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: namespaceFlag,
  examples: [
    'pool remove web batch -n dev --dry-run',
    'pool remove web batch -n dev --yes --confirm batch',
  ],
  input: z.object({ cluster: clusterName, pool_name: poolName, namespace: namespaceName }),
  output: z.object({
    cluster: z.string(),
    namespace: z.string(),
    pool: z.string(),
    status: z.literal('removing'),
  }),
})
  .plan(async ({ cluster: name, namespace, pool_name }, clients, { signal }) =>
    freshly(async () => {
      const found = await readCluster(clients, { name, namespace }, signal);
      const { cluster, kube } = found;
      if (!cluster.pools.some((pool) => pool.name === pool_name))
        throw new Refusal(
          'NOT_FOUND',
          `The cluster ${name} has no pool ${pool_name}. There are: ${cluster.pools.map((pool) => pool.name).join(', ') || 'none'}.`,
          `Run \`vmware-vks pool list ${name} -n ${namespace}\` to see them.`,
        );
      const machines = (await machineStates(kube, cluster, signal)).filter(
        ({ pool }) => pool === pool_name,
      );
      const entries = poolEntries(found.object).filter(
        (entry) => textAt(entry, 'name') !== pool_name,
      );
      const change = topologyPatch(found, { workers: { machineDeployments: entries } });
      const blockers = [
        ...againstChange(found),
        ...(cluster.pools.length === 1
          ? [
              `${pool_name} is the only pool of ${name}: nothing could run there any more. Add another one first.`,
            ]
          : []),
      ];
      const said = blockers.length > 0 ? { blockers: [] } : await rehearse(kube, change, signal);
      return {
        summary: `Remove the node pool ${pool_name} from ${namespace}/${name}`,
        changes: [
          `drain and delete ${counted(machines.length, 'machine')}, with what is only on their disks`,
          ...machines.slice(0, 20).map((machine) => `delete the machine ${machine.name}`),
        ],
        requests: [requestOf(change)],
        blast_radius: {
          total: Math.max(1, machines.length),
          objects: [
            { type: 'MachineDeployment', id: `${namespace}/${name}/${pool_name}`, name: pool_name },
          ],
          reversible: false,
        },
        blockers: [...blockers, ...said.blockers],
        unmeasured: [],
      };
    }),
  )
  .run(async ({ cluster, namespace, pool_name }, { supervisors }, context) => {
    const kube = await supervisors.kubeOf(namespace, context);
    await sendPlanned(kube, context, `vmware-vks pool list ${cluster} -n ${namespace}`);
    return { cluster, namespace, pool: pool_name, status: 'removing' as const };
  });
