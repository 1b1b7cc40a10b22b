import type { Clock } from '../server/clock.js';
import type { Fabric } from './fabric.js';
import type { Store } from './store.js';

/** What a simulated manager is and how fast it works. */
export interface WorldSettings {
  /** Version of the product: `4.2.1`. */
  readonly version: string;
  /** A Global Manager: its objects are under /global-infra, and it has no machines. */
  readonly globalManager: boolean;
  /** How long a change takes to be realized, and a deleted object to be gone. */
  readonly realizeMilliseconds: number;
  /** How long a traceflow runs. */
  readonly traceMilliseconds: number;
  /** What PATCH does when a request does not say: reset what is left out (false, as the product does), or keep it. */
  readonly partialPatch: boolean;
  /** The status of a stale revision: NSX answers each of them, depending on version and object. */
  readonly staleStatus: 412 | 409 | 400;
}

/**
 * What every route works on. `objects` holds the policy objects, seeds included: `newObject` makes one that is
 * complete, and `plantSkeleton` has planted /infra, its domain and /orgs/default before an estate is planted.
 */
export interface World {
  readonly objects: Store;
  readonly fabric: Fabric;
  readonly clock: Clock;
  readonly settings: WorldSettings;
}
