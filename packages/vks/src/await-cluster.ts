import { ApiError } from '@vmware/clients/http';
import { isExpired, type Kube, type KubeObject, type Resource } from '@vmware/clients/kube';
import { type ClusterView, viewOf } from './cluster-view.js';
import { complaints, isTrue } from './condition.js';
import type { VksClients } from './define.js';
import { numberAt } from './field.js';
import { kinds, served } from './known-resource.js';

type Aim = 'available' | 'deleted';
interface Place {
  readonly namespace: string;
  readonly name: string;
}
interface Step {
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

/**
 * Watches a cluster until it is there, settled and well, or until it is gone; tells what it has come to on the way.
 * Throws NOT_FOUND for one that is not there to become available, and CLUSTER_FAILED for one that has failed.
 */
export async function awaitCluster(
  { supervisors }: Pick<VksClients, 'supervisors'>,
  place: Place,
  aim: Aim,
  signal: AbortSignal,
  tell: (step: Step) => void,
) {
  const kube = await supervisors.kubeOf(place.namespace, { signal });
  const resource = await served(kube, kinds.clusters, signal);
  for (;;) {
    const found = await kube.find(resource, { ...place, signal });
    const end = found ? endOf(found, aim, tell) : gone(place, aim);
    if (end) return end;
    const seen = await watchOn(
      kube,
      resource,
      place,
      found?.metadata.resourceVersion ?? '',
      signal,
      (object) => (object ? endOf(object, aim, tell) : gone(place, aim)),
    );
    if (seen) return seen;
  }
}

type End = ReturnType<typeof endOf> | ReturnType<typeof gone>;

/** Undefined when the server no longer knows the way from there: look again. */
async function watchOn(
  kube: Kube,
  resource: Resource,
  { namespace, name }: Place,
  resourceVersion: string,
  signal: AbortSignal,
  judge: (object: KubeObject | undefined) => End,
): Promise<End> {
  try {
    for await (const { type, object } of kube.watch(resource, {
      namespace,
      name,
      resourceVersion,
      signal,
    })) {
      const end = judge(type === 'DELETED' ? undefined : object);
      if (end) return end;
    }
  } catch (error) {
    if (!isExpired(error)) throw error;
  }
  return undefined;
}

function gone({ namespace, name }: Place, aim: Aim) {
  if (aim === 'deleted')
    return {
      name,
      namespace,
      state: 'deleted' as const,
      phase: null,
      k8s_version: null,
      machines_ready: null,
      machines_wanted: null,
    };
  throw new ApiError('NOT_FOUND', `There is no cluster ${name} in ${namespace}`, {
    remedy: `Run \`vmware-vks tkc list -n ${namespace}\` to see what there is.`,
  });
}

function endOf(object: KubeObject, aim: Aim, tell: (step: Step) => void) {
  const cluster = viewOf(object);
  const { ready, wanted } = machinesOf(object, cluster);
  const open = openOf(object, cluster, ready, wanted);
  const what = open.length > 0 ? open.slice(0, 3).join('; ') : 'available';
  tell({ done: ready, total: Math.max(1, wanted), message: `${cluster.phase}: ${what}` });
  if (cluster.phase === 'Failed' && aim === 'available')
    throw new ApiError(
      'CLUSTER_FAILED',
      `${cluster.namespace}/${cluster.name} has failed: ${what}`,
      {
        remedy: `Run \`vmware-vks tkc health ${cluster.name} -n ${cluster.namespace}\`.`,
      },
    );
  if (aim === 'deleted' || open.length > 0) return undefined;
  return {
    name: cluster.name,
    namespace: cluster.namespace,
    state: 'available' as const,
    phase: cluster.phase,
    k8s_version: cluster.version ?? null,
    machines_ready: ready,
    machines_wanted: wanted,
  };
}

/** What is not as it shall be yet. Empty only when the controllers have seen the newest specification. */
function openOf(object: KubeObject, cluster: ClusterView, ready: number, wanted: number): string[] {
  const { conditions, phase } = cluster;
  const { generation } = object.metadata;
  const observed = numberAt(object, 'status', 'observedGeneration');
  const isSeen = observed === undefined || generation === undefined || observed >= generation;
  const isAvailable = isTrue(conditions, 'Available', 'Ready') ?? false;
  return [
    ...(phase === 'Provisioned' ? [] : [`phase ${phase}`]),
    ...(isSeen ? [] : ['the last change was not looked at yet']),
    ...(ready >= wanted ? [] : [`${ready} of ${wanted} machines ready`]),
    ...complaints(conditions),
    ...(isAvailable || conditions.length === 0 ? [] : ['not available']),
  ];
}

/** Machines of the control plane and of the pools, ready and wanted, as the status counts them. */
function machinesOf(object: KubeObject, { controlPlaneReplicas = 1, pools }: ClusterView) {
  const count = (part: 'controlPlane' | 'workers', field: string) =>
    numberAt(object, 'status', part, field) ?? numberAt(object, 'status', 'v1beta2', part, field);
  const workers = pools.reduce(
    (sum, { replicas, autoscale }) => sum + (replicas ?? autoscale?.min ?? 0),
    0,
  );
  const wanted =
    (count('controlPlane', 'desiredReplicas') ?? controlPlaneReplicas) +
    (count('workers', 'desiredReplicas') ?? workers);
  const ready = count('controlPlane', 'readyReplicas');
  const readyWorkers = count('workers', 'readyReplicas');
  // A server that does not count machines says the same with its conditions.
  if (ready === undefined && readyWorkers === undefined) return { ready: wanted, wanted };
  return { ready: (ready ?? 0) + (readyWorkers ?? 0), wanted };
}
