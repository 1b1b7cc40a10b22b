import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import type { Pool } from '../../cluster-view.js';
import { counted } from '../../counted.js';
import { defineTool } from '../../define.js';
import { textsAt } from '../../field.js';
import { freshly } from '../../freshly.js';
import { againstMemory, offerOf } from '../../namespace-offer.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { againstChange, poolEntries, topologyPatch, withEntry } from '../../pool-patch.js';
import { readCluster } from '../../read-cluster.js';
import { rehearse } from '../../rehearse.js';
import { clusterName, namespaceFlag, namespaceName, poolName } from '../../schema.js';
import { backToSize } from '../../undo/clusters.js';
import { boundsOf } from '../../wanted-pool.js';

const count = z.int().min(0).max(1000);

export const scaleTkcCluster = defineTool({
  name: 'scale_tkc_cluster',
  usage: 'tkc scale <name>',
  summary:
    'Set the number of workers of one pool, or the bounds of its autoscaler; fewer is destructive.',
  effect: 'write',
  mayDestroy: true,
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: { ...namespaceFlag, worker_count: 'workers', pool_name: 'pool' },
  examples: [
    'tkc scale web -n dev --workers 5',
    'tkc scale web -n dev --pool batch --min 1 --max 8',
  ],
  input: z.object({
    name: clusterName,
    namespace: namespaceName,
    worker_count: count.optional().describe('Machines the pool shall have.'),
    pool_name: poolName.optional().describe('Needed when there are several pools.'),
    min: count.optional().describe('Bounds of the autoscaler instead.'),
    max: count.optional().describe('See min.'),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    pool: z.string(),
    worker_count: z.int().nullable(),
    status: z.enum(['scaling', 'no_changes']),
    hint: z.string(),
  }),
})
  .plan(async (input, clients, { signal }) =>
    freshly(async () => {
      const { name, namespace } = input;
      const found = await readCluster(clients, { name, namespace }, signal);
      const pool = poolFor(found.cluster.pools, input.pool_name, name);
      const step = stepOf(pool, input);
      const entries = poolEntries(found.object);
      const change = topologyPatch(found, {
        workers: {
          machineDeployments: withEntry(entries, pool.name, (entry) =>
            step.bounds
              ? {
                  ...entry,
                  metadata: {
                    ...(entry['metadata'] as object | undefined),
                    annotations: {
                      ...textsAt(entry, 'metadata', 'annotations'),
                      ...boundsOf(step.bounds),
                    },
                  },
                }
              : { ...entry, replicas: step.to },
          ),
        },
      });
      const added = step.to - step.from;
      const vmClass = pool.vmClass ?? '';
      const blockers = [
        ...againstChange(found),
        // Only what is more has to find room.
        ...(added > 0
          ? againstMemory(await offerOf(clients, found.kube, namespace, signal), [
              { vmClass, count: added },
            ])
          : []),
      ];
      const said =
        blockers.length > 0 || step.isSame
          ? { blockers: [], warnings: [] }
          : await rehearse(found.kube, change, signal);
      const fewer = step.to < step.from;
      const undo = step.isSame || fewer ? undefined : backToSize(found.cluster, pool, step.size);
      return {
        summary: `Scale the pool ${pool.name} of ${namespace}/${name} ${step.words}`,
        changes: step.isSame
          ? ['nothing: it is like this already']
          : [
              `pool ${pool.name}: ${step.words}`,
              ...(fewer
                ? [
                    `drain and delete ${counted(step.from - step.to, 'machine')}, with what is only on their disks`,
                  ]
                : []),
              ...said.warnings.map((text) => `the Supervisor warns: ${text}`),
            ],
        requests: step.isSame ? [] : [requestOf(change)],
        blast_radius: {
          total: Math.max(1, Math.abs(step.to - step.from)),
          objects: [
            { type: 'Cluster', id: `${namespace}/${name}`, name },
            { type: 'MachineDeployment', id: `${namespace}/${name}/${pool.name}`, name: pool.name },
          ],
          reversible: undo !== undefined || step.isSame,
        },
        blockers: [...blockers, ...said.blockers],
        unmeasured: [],
        ...(undo && { undo }),
        ...(fewer && { destroys: true as const }),
      };
    }),
  )
  .run(async ({ name, namespace, worker_count }, clients, context) => {
    const { requests, blast_radius } = context.plan;
    const kube = await clients.supervisors.kubeOf(namespace, context);
    await sendPlanned(kube, context, `vmware-vks pool list ${name} -n ${namespace}`);
    return {
      name,
      namespace,
      pool: blast_radius.objects[1]?.name ?? '',
      worker_count: worker_count ?? null,
      status: requests.length === 0 ? ('no_changes' as const) : ('scaling' as const),
      hint: `\`vmware-vks tkc wait ${name} -n ${namespace}\` waits until it is done.`,
    };
  });

/** The pool of that name; without one the only pool there is. Throws INVALID_INPUT with those there are. */
function poolFor(pools: readonly Pool[], wanted: string | undefined, cluster: string): Pool {
  const found = wanted === undefined ? pools : pools.filter(({ name }) => name === wanted);
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = pools.map(({ name }) => name).join(', ') || 'none yet: is it still being made?';
  throw new Refusal(
    'INVALID_INPUT',
    wanted === undefined
      ? `Which pool of ${cluster} is meant? There are: ${names}.`
      : `The cluster ${cluster} has no pool ${wanted}. There are: ${names}.`,
    'Give pool_name as it is listed.',
  );
}

interface Wish {
  readonly worker_count?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

function stepOf({ name, replicas, autoscale }: Pool, { worker_count, min, max }: Wish) {
  const refuse = (message: string, remedy: string) => new Refusal('INVALID_INPUT', message, remedy);
  if (autoscale) {
    if (worker_count !== undefined)
      throw refuse(
        `An autoscaler decides how many machines the pool ${name} has, from ${autoscale.min} to ${autoscale.max}.`,
        'Give min and max instead of worker_count.',
      );
    const bounds = { min: min ?? autoscale.min, max: max ?? autoscale.max };
    if (bounds.min > bounds.max)
      throw refuse(
        `min ${bounds.min} is more than max ${bounds.max}.`,
        'Give a max that is not less than min.',
      );
    return {
      bounds,
      size: { replicas, autoscale: bounds },
      from: autoscale.max,
      to: bounds.max,
      isSame: bounds.min === autoscale.min && bounds.max === autoscale.max,
      words: `from ${autoscale.min} to ${autoscale.max} machines to ${bounds.min} to ${bounds.max}`,
    };
  }
  if (min !== undefined || max !== undefined)
    throw refuse(`The pool ${name} has no autoscaler.`, 'Give worker_count.');
  if (worker_count === undefined)
    throw refuse('Nothing says how many machines there shall be.', 'Give worker_count.');
  const from = replicas ?? 0;
  return {
    bounds: undefined,
    size: { replicas: worker_count, autoscale },
    from,
    to: worker_count,
    isSame: from === worker_count,
    words: `from ${from} to ${worker_count}`,
  };
}
