import { waitWith } from '../http/session.js';
import type { Kube, KubeOptions } from '../kube/client.js';
import {
  type AccessFrom,
  type ClusterAccess,
  type ControlPlane,
  clusterAccess,
  controlPlaneOf,
  labelOf,
} from './cluster-access.js';
import type { Cluster } from './login.js';
import { clusterDoor } from './token-door.js';

interface OpenCluster extends ControlPlane {
  readonly kube: Kube;
  /** Milliseconds since 1970 at which its client certificate ends. */
  readonly validUntil: number;
}

interface Entry {
  readonly opened: Promise<OpenCluster>;
  readonly until: number;
}

interface Opening {
  readonly from: (namespace: string, signal: AbortSignal) => Promise<AccessFrom>;
  readonly open: (endpoint: ClusterAccess['endpoint'], options: KubeOptions) => Kube;
}

/** Milliseconds before a cluster is looked at again: one of the same name may have taken its place. */
const fresh = 60_000;
/** Milliseconds that finding and entering a cluster may take, whoever waits for it. */
const patience = 90_000;

/** Clients of clusters, each opened once for all who ask, and anew when another cluster has its name. */
export class OpenClusters {
  readonly #opening: Opening;
  readonly #entries = new Map<string, Entry>();

  constructor(opening: Opening) {
    this.#opening = opening;
  }

  /** A signal ends its caller's waiting, not what others wait for. */
  get(cluster: Cluster, signal: AbortSignal | undefined): Promise<Kube> {
    const key = `${cluster.namespace}/${cluster.name}`;
    let entry = this.#entries.get(key);
    if (!entry || Date.now() > entry.until) {
      const next = {
        opened: this.#reopen(cluster, entry?.opened),
        until: Date.now() + fresh,
      };
      entry = next;
      this.#entries.set(key, next);
      next.opened.catch(() => {
        if (this.#entries.get(key) === next) this.#entries.delete(key);
      });
    }
    const kube = entry.opened.then((found) => found.kube);
    return waitWith(signal, kube);
  }

  /** What was opened before, as long as it is the same cluster and its certificate has not ended. */
  async #reopen(cluster: Cluster, before: Promise<OpenCluster> | undefined): Promise<OpenCluster> {
    const from = await this.#opening.from(cluster.namespace, AbortSignal.timeout(patience));
    const now = await controlPlaneOf(cluster, from);
    const known = await before?.catch(() => undefined);
    const isSame = known?.uid === now.uid && known.address === now.address;
    if (known && isSame && Date.now() < known.validUntil) return known;
    const { endpoint, token, renew, validUntil } = await clusterAccess(cluster, now, from);
    const bearer = token && clusterDoor(token, renew);
    const kube = this.#opening.open(endpoint, {
      label: labelOf(cluster),
      ...(bearer && { bearer }),
    });
    return { ...now, kube, validUntil: validUntil ?? Number.POSITIVE_INFINITY };
  }
}
