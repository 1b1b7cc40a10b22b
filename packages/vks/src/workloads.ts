import { ApiError } from '@vmware/clients/http';
import type { KubeObject } from '@vmware/clients/kube';
import type { ClusterView } from './cluster-view.js';
import type { VksClients } from './define.js';
import { numberAt, textAt } from './field.js';
import { type Found, type Inside, type Look, lookAt, sized } from './inside.js';
import { kinds } from './known-resource.js';

/** Namespaces that a cluster brings along: what is in them is not anybody's workload. */
const system =
  /^(kube-(system|public|node-lease)|(vmware-system|tkg-system|tanzu)(-.*)?|antrea|secretgen-controller|kapp-controller)$/;

const isSystem = ({ metadata }: KubeObject): boolean => system.test(metadata.namespace ?? '');

const at = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

const running =
  (kind: string, ...count: readonly string[]) =>
  (object: KubeObject): Found | undefined => {
    const ready = numberAt(object, 'status', ...count) ?? 0;
    const wanted = numberAt(object, 'spec', 'replicas') ?? ready;
    return ready > 0 || wanted > 0
      ? { kind, name: at(object), note: ` (${ready} ready)` }
      : undefined;
  };

const looks: readonly Look[] = [
  { what: 'Deployments', kind: kinds.deployments, tell: running('Deployment', 'readyReplicas') },
  { what: 'StatefulSets', kind: kinds.statefulsets, tell: running('StatefulSet', 'readyReplicas') },
  { what: 'DaemonSets', kind: kinds.daemonsets, tell: running('DaemonSet', 'numberReady') },
  { what: 'Pods', kind: kinds.pods, tell: podOfNobody },
  {
    what: 'volume claims',
    kind: kinds.persistentvolumeclaims,
    tell: (one) => ({
      kind: 'volume claim',
      name: at(one),
      note: sized(textAt(one, 'status', 'capacity', 'storage')),
    }),
  },
  {
    what: 'load balancers',
    kind: kinds.services,
    tell: (one) =>
      textAt(one, 'spec', 'type') === 'LoadBalancer'
        ? { kind: 'load balancer', name: at(one), note: '' }
        : undefined,
  },
];

/** A pod that no Deployment, StatefulSet or DaemonSet stands for: it is on its own, or of a Job. */
function podOfNobody(pod: KubeObject): Found | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.kind;
  const isOver = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
  if (isOver || (owner !== undefined && owner !== 'Job')) return undefined;
  return { kind: 'pod', name: at(pod), note: owner ? ` (of a ${owner})` : '' };
}

/**
 * What runs in a cluster that its users put there: in all namespaces but the system's. A cluster that never had a
 * control plane has nothing; one that cannot be entered or listed is in `unseen`.
 */
export async function workloadsOf(
  { supervisors }: Pick<VksClients, 'supervisors'>,
  { namespace, name, endpoint, controlPlaneReady }: ClusterView,
  signal: AbortSignal,
): Promise<Inside> {
  if (endpoint === undefined && !controlPlaneReady) return { found: [], unseen: [] };
  const kube = await supervisors
    .cluster({ namespace, name }, { signal })
    .catch((error: unknown) => {
      if (error instanceof ApiError && !signal.aborted) return error;
      throw error;
    });
  if (kube instanceof ApiError)
    return { found: [], unseen: [`what runs in the cluster ${name}: ${kube.message}`] };
  const parts = await Promise.all(
    looks.map((look) =>
      lookAt(
        kube,
        { ...look, tell: (one) => (isSystem(one) ? undefined : look.tell(one)) },
        {
          where: `the cluster ${name}`,
          signal,
        },
      ),
    ),
  );
  return {
    found: parts.flatMap(({ found }) => found),
    unseen: parts.flatMap(({ unseen }) => unseen),
  };
}
