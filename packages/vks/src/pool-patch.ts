import { type Change, type KubeObject, mergePatch } from '@vmware/clients/kube';
import { listAt, textAt } from './field.js';
import type { FoundCluster } from './read-cluster.js';

export type PoolEntry = Readonly<Record<string, unknown>>;

/** The pools of a cluster as the server has them, whole: a patch replaces the list, so none of it may be lost. */
export const poolEntries = (object: KubeObject): PoolEntry[] =>
  listAt(object, 'spec', 'topology', 'workers', 'machineDeployments').map((one) => ({
    ...(one as PoolEntry),
  }));

/** Of a merge patch, `spec.topology` and the resourceVersion it was made from: a stale one is refused as CONFLICT. */
export const topologyPatch = (
  { resource, cluster }: FoundCluster,
  topology: Readonly<Record<string, unknown>>,
): Change =>
  mergePatch(
    resource,
    { namespace: cluster.namespace, name: cluster.name },
    { metadata: { resourceVersion: cluster.resourceVersion }, spec: { topology } },
  );

/** The same list with one entry changed. */
export const withEntry = (
  entries: readonly PoolEntry[],
  pool: string,
  change: (entry: PoolEntry) => PoolEntry,
): PoolEntry[] => entries.map((entry) => (textAt(entry, 'name') === pool ? change(entry) : entry));

/** Why a cluster cannot be changed at all now. */
export const againstChange = ({ cluster }: FoundCluster): string[] => [
  ...(cluster.deleting ? [`The cluster ${cluster.name} is being deleted.`] : []),
  ...(cluster.paused
    ? [`The cluster ${cluster.name} is paused: nothing would happen until it is resumed.`]
    : []),
  ...(cluster.version === undefined
    ? [`The cluster ${cluster.name} has no topology: it is not managed by a ClusterClass.`]
    : []),
];
