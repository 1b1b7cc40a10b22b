import type { Kube, KubeObject } from '@vmware/clients/kube';
import type { ClusterView } from './cluster-view.js';
import { complaints, conditionsOf, isTrue } from './condition.js';
import { numberAt, textAt } from './field.js';
import { type KnownKind, kinds, served } from './known-resource.js';
import { clusterNameLabel, controlPlaneLabel, deploymentNameLabel } from './upgrade-readiness.js';

/** A pool as the controllers have it; null: they do not say. */
export interface PoolState {
  readonly name: string;
  readonly phase: string | null;
  readonly replicas: number | null;
  readonly ready: number | null;
  readonly upToDate: number | null;
}

/** One machine of a cluster. */
export interface MachineState {
  readonly name: string;
  /** Null: in the control plane. */
  readonly pool: string | null;
  readonly phase: string;
  readonly version: string | null;
  /** Null: it does not say. */
  readonly ready: boolean | null;
  readonly why: string[];
  readonly certificatesExpireAt: string | null;
}

const ofCluster = async (
  kube: Kube,
  kind: KnownKind,
  { namespace, name }: ClusterView,
  signal: AbortSignal,
) =>
  (
    await kube.all(await served(kube, kind, signal), {
      namespace,
      labelSelector: `${clusterNameLabel}=${name}`,
      signal,
    })
  ).items;

/** MachineDeployments of a cluster by the name of their pool. */
export async function poolStates(
  kube: Kube,
  cluster: ClusterView,
  signal: AbortSignal,
): Promise<Map<string, PoolState>> {
  const items = await ofCluster(kube, kinds.machinedeployments, cluster, signal);
  return new Map(
    items.map((one) => {
      const name = one.metadata.labels?.[deploymentNameLabel] ?? one.metadata.name;
      return [
        name,
        {
          name,
          phase: textAt(one, 'status', 'phase') ?? null,
          replicas: numberAt(one, 'status', 'replicas') ?? null,
          ready: numberAt(one, 'status', 'readyReplicas') ?? null,
          upToDate:
            numberAt(one, 'status', 'upToDateReplicas') ??
            numberAt(one, 'status', 'v1beta2', 'upToDateReplicas') ??
            numberAt(one, 'status', 'updatedReplicas') ??
            null,
        },
      ];
    }),
  );
}

export async function machineStates(
  kube: Kube,
  cluster: ClusterView,
  signal: AbortSignal,
): Promise<MachineState[]> {
  const items = await ofCluster(kube, kinds.machines, cluster, signal);
  return items.map((one) => {
    const conditions = conditionsOf(one);
    const { name, labels = {} } = one.metadata;
    return {
      name,
      pool: controlPlaneLabel in labels ? null : (labels[deploymentNameLabel] ?? null),
      phase: textAt(one, 'status', 'phase') ?? 'Unknown',
      version: textAt(one, 'spec', 'version') ?? null,
      ready: isTrue(conditions, 'Ready') ?? null,
      why: complaints(conditions),
      certificatesExpireAt: textAt(one, 'status', 'certificatesExpiryDate') ?? null,
    };
  });
}

/** An event about a cluster or something of it. */
export interface Happening {
  readonly type: string;
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly last: string | null;
}

/** Warnings about the objects of these names, latest first. */
export async function warningsAbout(
  kube: Kube,
  { namespace }: ClusterView,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Happening[]> {
  const { items } = await kube.all(await served(kube, kinds.events, signal), {
    namespace,
    fieldSelector: 'type=Warning',
    signal,
  });
  return items
    .filter((one) => names.has(textAt(one, 'involvedObject', 'name') ?? ''))
    .map(happeningOf)
    .sort((a, b) => ((a.last ?? '') < (b.last ?? '') ? 1 : -1));
}

const happeningOf = (event: KubeObject): Happening => ({
  type: textAt(event, 'type') ?? '',
  about: `${textAt(event, 'involvedObject', 'kind') ?? ''}/${textAt(event, 'involvedObject', 'name') ?? ''}`,
  reason: textAt(event, 'reason') ?? '',
  message: textAt(event, 'message') ?? '',
  count: numberAt(event, 'count') ?? numberAt(event, 'series', 'count') ?? 1,
  last:
    textAt(event, 'lastTimestamp') ??
    textAt(event, 'eventTime') ??
    event.metadata.creationTimestamp ??
    null,
});
