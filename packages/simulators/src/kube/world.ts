import type { Clock } from '../server/clock.js';
import type { Kinds } from './kinds.js';
import type { Agenda } from './life/agenda.js';
import type { Json, KubeObject, Metadata } from './object.js';
import type { Store } from './store.js';

/** Why a cluster gets no further: no address, no image for its machines, no quota for its workers, or it has failed. */
export type Stuck = 'network' | 'image' | 'quota' | 'failed';

/** What the parts of a simulated Supervisor share. */
export interface World {
  readonly name: string;
  readonly kinds: Kinds;
  readonly store: Store;
  readonly clock: Clock;
  readonly agenda: Agenda;
  /** How long a cluster takes to be made; upgrades and deletions take as long a step. */
  readonly provisionMilliseconds: number;
  /** Clusters, as `namespace/name`, that get no further. */
  readonly stuck: Map<string, Stuck>;
}

/** Keeps an object that is new, of a kind named by its plural. */
export function plant(
  { kinds, store }: Pick<World, 'kinds' | 'store'>,
  [plural, group = '']: readonly [plural: string, group?: string],
  metadata: Metadata,
  rest: Json,
): KubeObject {
  const kind = kinds.named(plural, group);
  const apiVersion = group === '' ? kind.stored : `${group}/${kind.stored}`;
  return store.add(kind, { apiVersion, kind: kind.kind, metadata, ...rest });
}

export const capi = 'cluster.x-k8s.io';
export const vmOperator = 'vmoperator.vmware.com';
/** The label that says which cluster a machine is of. */
export const clusterName = 'cluster.x-k8s.io/cluster-name';
/** The label that says which pool of its cluster a machine is of. */
export const deploymentName = 'topology.cluster.x-k8s.io/deployment-name';
