import * as z from 'zod';
import { counted } from '../../counted.js';
import { defineTool } from '../../define.js';
import { freshly } from '../../freshly.js';
import { requestOf, sendPlanned } from '../../planned-request.js';
import { againstChange, topologyPatch } from '../../pool-patch.js';
import { readCluster } from '../../read-cluster.js';
import { rehearse } from '../../rehearse.js';
import { releaseFor, releasesOf } from '../../releases.js';
import { clusterName, k8sVersion, namespaceFlag, namespaceName } from '../../schema.js';
import { upgradePath } from '../../upgrade-path.js';
import { againstUpgrade } from '../../upgrade-readiness.js';

export const upgradeTkcCluster = defineTool({
  name: 'upgrade_tkc_cluster',
  usage: 'tkc upgrade <name>',
  summary: 'Upgrade a Kubernetes cluster by at most one minor version; every machine is replaced.',
  effect: 'write',
  risk: 'high',
  level: 'vm_lifecycle',
  privileges: ['Namespaces.Manage', 'EDIT'],
  flags: { ...namespaceFlag, k8s_version: 'version' },
  examples: ['tkc upgrade web -n dev --version v1.33 --dry-run'],
  input: z.object({ name: clusterName, namespace: namespaceName, k8s_version: k8sVersion }),
  output: z.object({
    name: z.string(),
    namespace: z.string(),
    new_version: z.string(),
    status: z.enum(['upgrading', 'no_changes']),
    hint: z.string(),
  }),
})
  .plan(async ({ name, namespace, k8s_version }, clients, { signal }) =>
    freshly(async () => {
      const found = await readCluster(clients, { name, namespace }, signal);
      const releases = await releasesOf(found.kube, signal);
      const target = releaseFor(releases, k8s_version, namespace);
      const current = found.cluster.version ?? '';
      const { steps, blockers: onTheWay } = upgradePath(current, target, releases);
      const change = topologyPatch(found, { version: target.version });
      const isSame = steps.length === 0 && onTheWay.length === 0;
      const blockers = isSame
        ? []
        : [
            ...againstChange(found),
            ...onTheWay,
            ...(steps.length > 1
              ? [
                  `${target.version} is ${steps.length} steps away from ${current}: first to ${steps[0]?.version}. See \`vmware-vks tkc upgrade-plan ${name} -n ${namespace}\`.`,
                ]
              : []),
            ...(await againstUpgrade(found, signal)),
          ];
      const said =
        blockers.length > 0 || isSame
          ? { blockers: [], warnings: [] }
          : await rehearse(found.kube, change, signal);
      return {
        summary: `Upgrade ${namespace}/${name} from ${current} to ${target.version}`,
        changes: isSame
          ? [`nothing: it is ${current} already`]
          : [
              `Kubernetes ${current} → ${target.version}`,
              `replace ${counted(found.cluster.controlPlaneReplicas ?? 1, 'control plane machine')} first, then those of ${counted(found.cluster.pools.length, 'pool')}: ${found.cluster.pools.map((pool) => pool.name).join(', ')}`,
              ...said.warnings.map((text) => `the Supervisor warns: ${text}`),
            ],
        requests: isSame ? [] : [requestOf(change)],
        blast_radius: {
          total: 1,
          objects: [{ type: 'Cluster', id: `${namespace}/${name}`, name }],
          reversible: isSame,
        },
        blockers: [...blockers, ...said.blockers],
        unmeasured: [],
      };
    }),
  )
  .run(async ({ name, namespace }, clients, context) => {
    const { requests, summary } = context.plan;
    const kube = await clients.supervisors.kubeOf(namespace, context);
    await sendPlanned(kube, context, `vmware-vks tkc get ${name} -n ${namespace}`);
    return {
      name,
      namespace,
      new_version: summary.split(' to ').at(-1) ?? '',
      status: requests.length === 0 ? ('no_changes' as const) : ('upgrading' as const),
      hint: `\`vmware-vks tkc wait ${name} -n ${namespace}\` waits until every machine is replaced.`,
    };
  });
