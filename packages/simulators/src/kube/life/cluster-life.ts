import type { Guest } from '../guest/guest-server.js';
import { type KubeObject, objectAt, sameJson } from '../object.js';
import { capi, clusterName, type Stuck, type World } from '../world.js';
import { makeAddress, removeAddresses } from './address.js';
import { clusterStatus, isPaused, reasonOf } from './cluster-status.js';
import { deployedReplicas, showDeployment } from './deployments.js';
import { record } from './events.js';
import { dropMachine, dropPools, type Life, newLife, round } from './life.js';
import { type MachineRecord, showMachine } from './machines.js';
import { amendSecret, makeSecrets, removeSecrets } from './secrets.js';
import { firstReplicas, type Pool, type Topology, topologyOf } from './topology.js';

export interface ClusterLifeOptions {
  readonly world: World;
  /** Makes the API server of a cluster, which does not listen yet. */
  readonly newGuest: (cluster: KubeObject) => Guest;
}

/** How a cluster that has long been there came to be what it is. */
export interface Establishment {
  /** By pool: what an autoscaler has made of it. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Whether its API server listens from the beginning, or once somebody looks. */
  readonly listens: boolean;
}

export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** Steps that a cluster takes from nothing to everything. */
const steps = 6;

/**
 * What becomes of Clusters: one step of theirs after the other, each a sixth of the time that making one takes. A step
 * is what a round of the real controllers comes to: machines are made or replaced, then ready, and every status says so.
 */
export class ClusterLife {
  readonly #lives = new Map<string, Life>();
  readonly #options: ClusterLifeOptions;
  readonly #world: World;

  constructor(options: ClusterLifeOptions) {
    this.#options = options;
    this.#world = options.world;
    const { store } = options.world;
    store.subscribe(({ kind, object, before, type }) => {
      if (kind.group !== capi || type === 'DELETED') return;
      const { generation, deletionTimestamp, namespace, labels } = object.metadata;
      const was = before?.metadata;
      const moved = generation !== was?.generation || deletionTimestamp !== was?.deletionTimestamp;
      if (!moved) return;
      if (kind.plural === 'clusters') this.wake(keyOf(object));
      // Somebody scaled a pool that an autoscaler is told to.
      if (kind.plural === 'machinedeployments' && before)
        this.wake(`${namespace}/${labels?.[clusterName]}`);
    });
  }

  guest(key: string): Guest | undefined {
    return this.#lives.get(key)?.guest;
  }

  /** Puts the next step of a cluster on the agenda. */
  wake(key: string, after = this.#world.provisionMilliseconds / steps): void {
    const life = this.#life(key);
    if (life.next) return;
    const next = Symbol(key);
    life.next = next;
    this.#world.agenda.after(after, async () => {
      // Another way has been found since, or it is another cluster of that name.
      if (life.next !== next || this.#lives.get(key) !== life) return;
      life.next = undefined;
      if (await this.#step(key)) this.wake(key);
    });
  }

  /** Takes all steps of a cluster at once, as if long ago. */
  async establish(key: string, as: Establishment): Promise<void> {
    const life = this.#life(key);
    life.next = Symbol('all at once');
    while (await this.#step(key, as));
    life.next = undefined;
  }

  /** Sees to it that a cluster listens where it says, before anybody reads where that is. */
  async ready(key: string): Promise<void> {
    const life = this.#lives.get(key);
    const cluster = this.#cluster(key);
    if (!life?.guest || !cluster || life.guest.listens || !life.infrastructure) return;
    const { guest } = life;
    await guest.open();
    const { host, port } = guest;
    const current = this.#cluster(key);
    if (!current) return;
    const spec = { ...objectAt(current, 'spec'), controlPlaneEndpoint: { host, port } };
    this.#world.store.amend(this.#kind(), { ...current, spec });
    amendSecret(this.#world, cluster, guest);
  }

  /** Makes the end of a cluster come at once, with everything that belongs to it. */
  async destroy(key: string): Promise<void> {
    const cluster = this.#cluster(key);
    const guest = this.#lives.get(key)?.guest;
    this.#lives.delete(key);
    if (cluster) this.#world.store.remove(this.#kind(), cluster);
    await guest?.[Symbol.asyncDispose]();
  }

  /** Ends every API server. */
  async close(): Promise<void> {
    for (const { guest } of this.#lives.values()) await guest?.[Symbol.asyncDispose]();
  }

  /** `as`: it all was long ago, so nobody has seen what it was in between. */
  async #step(key: string, as?: Establishment): Promise<boolean> {
    const cluster = this.#cluster(key);
    if (!cluster) return false;
    const life = this.#life(key);
    if (isPaused(cluster)) {
      this.#show(key, life, topologyOf(cluster), undefined);
      return false;
    }
    if (cluster.metadata.deletionTimestamp) return this.#tearDown(cluster, life);
    const { status } = cluster;
    if (objectAt(status)['phase'] === undefined) {
      this.#setStatus(cluster, { phase: 'Pending' });
      return true;
    }
    const stuck = this.#world.stuck.get(key);
    const topology = topologyOf(cluster);
    const moved = await this.#advance(cluster, life, topology, stuck, as);
    if (!moved || !as) this.#show(key, life, topology, moved ? undefined : stuck);
    return moved;
  }

  /** One round; false when there is nothing more to do, or nothing more that can be done. */
  async #advance(
    cluster: KubeObject,
    life: Life,
    topology: Topology,
    stuck: Stuck | undefined,
    as: Establishment | undefined,
  ): Promise<boolean> {
    if (objectAt(cluster['status'])['phase'] === 'Pending') return this.#started(cluster);
    if (!life.infrastructure) {
      if (stuck === 'network' || stuck === 'failed') return this.#stays(cluster, stuck);
      await this.#makeInfrastructure(cluster, life, as?.listens ?? true);
      return true;
    }
    const planes = life.initialized ? topology.controlPlaneReplicas : 1;
    const before = life.machines.length;
    if (stuck === 'image' && !life.initialized && before > 0)
      return this.#stays(cluster, stuck, life.machines);
    if (round(this.#world, cluster, life, topology, undefined, planes)) {
      if (!life.initialized && life.machines.some(({ ready }) => ready)) {
        life.initialized = true;
        this.#admitAdministrator(cluster, life);
      }
      return true;
    }
    let moved = false;
    for (const pool of topology.pools) {
      const wanted = this.#wanted(cluster, pool, as?.replicas ?? {});
      const waiting = life.machines.filter(({ pool: of, ready }) => of === pool.name && !ready);
      if (stuck === 'quota' && waiting.length > 0) {
        this.#stays(cluster, stuck, waiting);
        continue;
      }
      const changed = round(this.#world, cluster, life, topology, pool, wanted);
      if (changed) moved = true;
      if (changed && as) continue;
      const machines = life.machines.filter((machine) => machine.pool === pool.name);
      showDeployment(this.#world, cluster, topology, pool, wanted, machines);
    }
    return dropPools(this.#world, cluster, life, topology) || moved;
  }

  #started(cluster: KubeObject): true {
    this.#setStatus(cluster, { phase: 'Provisioning' });
    this.#tell(cluster, 'Normal', 'Provisioning', `Cluster ${cluster.metadata.name} is being made`);
    return true;
  }

  async #makeInfrastructure(cluster: KubeObject, life: Life, listens: boolean): Promise<void> {
    life.guest ??= this.#options.newGuest(cluster);
    if (listens) await life.guest.open();
    life.infrastructure = true;
    const { name } = cluster.metadata;
    const { host, port } = life.guest;
    // While the listener was opened it may have been changed, or have gone.
    const current = this.#cluster(keyOf(cluster));
    if (!current) return;
    makeAddress(this.#world, cluster, host);
    this.#world.store.replace(this.#kind(), {
      ...current,
      spec: {
        ...objectAt(current, 'spec'),
        controlPlaneEndpoint: { host, port },
        infrastructureRef: {
          apiGroup: 'vmware.infrastructure.cluster.x-k8s.io',
          kind: 'VSphereCluster',
          name,
        },
        controlPlaneRef: {
          apiGroup: 'controlplane.cluster.x-k8s.io',
          kind: 'KubeadmControlPlane',
          name,
        },
      },
    });
  }

  #stays(cluster: KubeObject, stuck: Stuck, machines: readonly MachineRecord[] = []): false {
    const why = reasonOf(stuck);
    const { namespace = '' } = cluster.metadata;
    for (const machine of machines) showMachine(this.#world, namespace, machine, why);
    const reasons = {
      network: 'LoadBalancerIPNotAllocated',
      image: 'VirtualMachineImageNotReady',
      quota: 'FailedCreate',
      failed: 'ControlPlaneFailed',
    };
    this.#tell(cluster, 'Warning', reasons[stuck], why);
    return false;
  }

  #admitAdministrator(cluster: KubeObject, { guest }: Life): void {
    makeSecrets(this.#world, cluster, guest?.listens ? guest : undefined);
    this.#tell(cluster, 'Normal', 'ControlPlaneInitialized', 'The control plane is initialised');
  }

  #wanted(cluster: KubeObject, pool: Pool, replicas: Readonly<Record<string, number>>): number {
    return (
      pool.replicas ??
      deployedReplicas(this.#world, cluster, pool.name) ??
      replicas[pool.name] ??
      firstReplicas(pool)
    );
  }

  #show(key: string, life: Life, topology: Topology, stuck: Stuck | undefined): void {
    const cluster = this.#cluster(key);
    if (!cluster || objectAt(cluster['status'])['phase'] === 'Pending') return;
    const wantedWorkers = topology.pools
      .map((pool) => this.#wanted(cluster, pool, {}))
      .reduce((sum, count) => sum + count, 0);
    const progress = { ...life, wantedWorkers, stuck };
    this.#setStatus(cluster, clusterStatus(cluster, topology, progress, this.#world.agenda.now()));
    life.guest?.showNodes(life.machines);
  }

  async #tearDown(cluster: KubeObject, life: Life): Promise<boolean> {
    const { namespace = '', name } = cluster.metadata;
    const topology = topologyOf(cluster);
    const before = objectAt(cluster['status'])['phase'];
    this.#show(keyOf(cluster), life, topology, undefined);
    if (before !== 'Deleting') return true;
    const workers = life.machines.filter(({ pool }) => pool !== undefined);
    if (workers.length > 0) {
      for (const machine of workers) dropMachine(this.#world, life, namespace, machine.name);
      dropPools(this.#world, cluster, life, { ...topology, pools: [] });
      return true;
    }
    for (const machine of [...life.machines])
      dropMachine(this.#world, life, namespace, machine.name);
    dropPools(this.#world, cluster, life, { ...topology, pools: [] });
    removeSecrets(this.#world, cluster);
    removeAddresses(this.#world, cluster);
    this.#dropVolumes(namespace, cluster.metadata.uid ?? name);
    await this.destroy(keyOf(cluster));
    return false;
  }

  /** The volumes that a cluster's claims have on the Supervisor go with it. */
  #dropVolumes(namespace: string, uid: string): void {
    const { store, kinds } = this.#world;
    const claims = kinds.named('persistentvolumeclaims');
    for (const claim of store.list(claims, namespace))
      if (claim.metadata.labels?.['TKGService'] === uid) store.remove(claims, claim);
  }

  #setStatus(cluster: KubeObject, status: unknown): void {
    const current = this.#cluster(keyOf(cluster));
    if (current && !sameJson(current['status'], status))
      this.#world.store.setStatus(this.#kind(), current, status);
  }

  #tell(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    record(this.#world, about, { type, reason, message }, this.#world.agenda.now());
  }

  #life(key: string): Life {
    const found = this.#lives.get(key) ?? newLife();
    this.#lives.set(key, found);
    return found;
  }

  #cluster(key: string): KubeObject | undefined {
    const [namespace, name = ''] = key.split('/');
    return this.#world.store.get(this.#kind(), namespace, name);
  }

  #kind() {
    return this.#world.kinds.named('clusters', capi);
  }
}
