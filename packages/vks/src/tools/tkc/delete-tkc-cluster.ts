import { deletion } from '@vmware/clients/kube';
import * as z from 'zod';
import { counted } from '../../counted.js';
import { defineTool } from '../../define.js';
import { lossesOf } from '../../inside.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { readCluster } from '../../read-cluster.js';
import { rehearse } from '../../rehearse.js';
import { clusterName, namespaceFlag, namespaceName } from '../../schema.js';
import { workloadsOf } from '../../workloads.js';

export const deleteTkcCluster = defineTool({
  name: 'delete_tkc_cluster',
  usage: 'tkc delete <name>',
  summary:
    'Delete a Kubernetes cluster; refuses one in which workloads, volumes or load balancers are.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: namespaceFlag,
  examples: ['tkc delete web -n dev --dry-run', 'tkc delete web -n dev --yes --confirm web'],
  input: z.object({
    name: clusterName,
    namespace: namespaceName,
    force: z.boolean().default(false).describe('Delete what runs in it too; a person is asked.'),
  }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    status: z.literal('deleting'),
    message: z.string(),
  }),
})
  .plan(async ({ name, namespace, force }, clients, { signal }) => {
    const found = await readCluster(clients, { name, namespace }, signal);
    const { cluster, kube, resource } = found;
    const { found: inIt, unseen } = await workloadsOf(clients, cluster, signal);
    const losses = lossesOf(inIt);
    // No other cluster that was given the name since, and not one that changed: a stale plan is a conflict.
    const change = deletion(resource, { namespace, name }, { uid: cluster.uid });
    const blockers = [
      ...(cluster.deleting ? [`${name} is being deleted already.`] : []),
      ...(force || losses.length === 0
        ? []
        : [
            `In it are ${losses.join(', ')}. Remove them first, or use force, which a person has to agree to.`,
          ]),
    ];
    const said = blockers.length > 0 ? { blockers: [] } : await rehearse(kube, change, signal);
    const machines = cluster.pools.reduce(
      (sum, { replicas, autoscale }) => sum + (replicas ?? autoscale?.max ?? 0),
      cluster.controlPlaneReplicas ?? 0,
    );
    return {
      summary: `Permanently delete the Kubernetes cluster ${name} in ${namespace}${inIt.length > 0 ? ' with everything in it' : ''}`,
      changes: [
        `delete the cluster ${name} (${cluster.version ?? 'of unknown version'}) and its ${counted(machines, 'machine')}`,
        ...inIt.map(({ kind, name: which, note }) => `lose the ${kind} ${which}${note}`),
        ...(force ? unseen.map((what) => `lose what could not be seen: ${what}`) : []),
      ],
      requests: [requestOf(change)],
      blast_radius: {
        total: 1 + inIt.length,
        objects: [
          { type: 'Cluster', id: `${namespace}/${name}`, name },
          ...inIt
            .slice(0, 49)
            .map(({ kind, name: which }) => ({ type: kind, id: which, name: which })),
        ],
        reversible: false,
      },
      blockers: [...blockers, ...said.blockers],
      unmeasured: force ? [] : unseen,
      ...(force && { consent: 'human' as const }),
    };
  })
  .run(async ({ name, namespace }, clients, context) => {
    const kube = await clients.supervisors.kubeOf(namespace, context);
    await sendPlanned(kube, context, `vmware-vks tkc list -n ${namespace}`);
    return {
      name,
      namespace,
      status: 'deleting' as const,
      message: `\`vmware-vks tkc wait ${name} -n ${namespace} --for deleted\` waits until it is gone.`,
    };
  });
