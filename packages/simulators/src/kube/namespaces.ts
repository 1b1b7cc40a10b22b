import type { Namespace, WcpWorld } from '../wcp/world.js';
import { plantOwnClass } from './cluster-classes.js';
import { plantNamespace } from './guest/workloads.js';
import { type ClusterLife, keyOf } from './life/cluster-life.js';
import type { Json, KubeObject } from './object.js';
import { refreshQuotas } from './quotas.js';
import { plantStorageClasses, storageClassOf } from './storage-classes.js';
import { stamp } from './store.js';
import { capi, plant, vmOperator, type World } from './world.js';

/** What a vSphere Namespace limits, and what it is called in a ResourceQuota. CPU is limited by its resource pool alone. */
const limits: Readonly<Record<string, string>> = {
  memory_limit: 'limits.memory',
  storage_request_limit: 'requests.storage',
  pod_count: 'pods',
  service_count: 'services',
  config_map_count: 'configmaps',
  secret_count: 'secrets',
  persistent_volume_claim_count: 'persistentvolumeclaims',
  deployment_count: 'count/deployments.apps',
  daemon_set_count: 'count/daemonsets.apps',
  replica_set_count: 'count/replicasets.apps',
  stateful_set_count: 'count/statefulsets.apps',
};

/** What Kubernetes writes where there is no limit. */
const unlimited = '9223372036854775807';

/** Makes what Kubernetes has of vSphere Namespaces what vCenter says of them. */
export class NamespaceSync {
  readonly #world: World;
  readonly #site: WcpWorld;
  readonly #clusters: ClusterLife;
  readonly #ends = new Set<Promise<void>>();

  constructor(world: World, site: WcpWorld, clusters: ClusterLife) {
    this.#world = world;
    this.#site = site;
    this.#clusters = clusters;
  }

  /** Brings one up to date; one that is being removed is on its way out, with everything in it. */
  show(namespace: Namespace): void {
    const { name, configStatus } = namespace;
    plantStorageClasses(this.#world, this.#site.storagePolicies.values());
    if (configStatus === 'REMOVING') {
      this.#terminate(name);
      return;
    }
    const isNew = !this.#world.store.get(this.#world.kinds.named('namespaces'), undefined, name);
    plantNamespace(this.#world, name);
    if (isNew) plantOwnClass(this.#world, name);
    this.#showClasses(namespace);
    this.#showStorage(namespace);
    this.#showLimits(namespace);
    refreshQuotas(this.#world, name);
  }

  /** Takes one away with everything in it. */
  remove({ name }: Pick<Namespace, 'name'>): void {
    const { store, kinds } = this.#world;
    for (const cluster of store.list(kinds.named('clusters', capi), name)) this.#end(cluster);
    for (const kind of kinds.all)
      if (kind.namespaced) for (const object of store.list(kind, name)) store.remove(kind, object);
    const kind = kinds.named('namespaces');
    const found = store.get(kind, undefined, name);
    if (found) store.remove(kind, found);
  }

  /** Waits until the API servers of clusters that went with their namespaces have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  #end(cluster: KubeObject): void {
    const end = this.#clusters.destroy(keyOf(cluster)).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  #terminate(name: string): void {
    const { store, kinds, clock } = this.#world;
    const kind = kinds.named('namespaces');
    const found = store.get(kind, undefined, name);
    if (!found || found.metadata.deletionTimestamp) return;
    const deletionTimestamp = stamp(clock.now());
    store.replace(kind, {
      ...found,
      metadata: { ...found.metadata, deletionTimestamp },
      status: { phase: 'Terminating' },
    });
    const clusters = kinds.named('clusters', capi);
    for (const cluster of store.list(clusters, name))
      store.replace(clusters, {
        ...cluster,
        metadata: { ...cluster.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 },
      });
  }

  #showClasses({ name, vmClasses }: Namespace): void {
    const wanted = vmClasses.flatMap((id): [string, Json][] => {
      const found = this.#site.vmClasses.get(id);
      if (!found) return [];
      const { cpus, memoryMb, reserved, description } = found;
      const memory = `${memoryMb}Mi`;
      const reservation = { cpu: `${cpus * 2000}m`, memory };
      return [
        [
          id,
          {
            spec: {
              controllerName: 'vmoperator.vmware.com/vsphere',
              ...(description && { description }),
              hardware: { cpus, memory },
              policies: { resources: reserved > 0 ? { requests: reservation } : {} },
            },
          },
        ],
      ];
    });
    this.#set(name, ['virtualmachineclasses', vmOperator], new Map(wanted));
  }

  #showStorage({ name, storageSpecs }: Namespace): void {
    const quotas = new Map<string, Json>();
    const hard: Record<string, string> = {};
    for (const { policy, limit } of storageSpecs) {
      const storageClass = storageClassOf(this.#site.storagePolicies.get(policy)?.name ?? policy);
      const most = limit === undefined ? unlimited : `${limit}Mi`;
      hard[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = most;
      quotas.set(`${storageClass}-storagepolicyquota`, {
        spec: { storagePolicyId: policy, limit: most },
        status: {
          total: [{ storageClassName: storageClass, scQuotaUsage: { reserved: '0', used: '0' } }],
        },
      });
    }
    this.#set(name, ['storagepolicyquotas', 'cns.vmware.com'], quotas);
    this.#quota(name, `${name}-storagequota`, hard);
  }

  #showLimits({ name, resourceSpec }: Namespace): void {
    const hard: Record<string, string> = {};
    for (const [limit, resource] of Object.entries(limits)) {
      const value = resourceSpec[limit];
      if (value !== undefined)
        hard[resource] = limit.endsWith('_limit') ? `${value}Mi` : `${value}`;
    }
    this.#quota(name, name, hard);
  }

  #quota(namespace: string, name: string, hard: Readonly<Record<string, string>>): void {
    const { store, kinds } = this.#world;
    const kind = kinds.named('resourcequotas');
    const found = store.get(kind, namespace, name);
    const spec = { hard };
    if (Object.keys(hard).length === 0) {
      if (found) store.remove(kind, found);
    } else if (found) store.replace(kind, { ...found, spec });
    else plant(this.#world, ['resourcequotas'], { name, namespace }, { spec, status: {} });
  }

  /** Makes the objects of a kind in a namespace just these. */
  #set(
    namespace: string,
    [plural, group]: readonly [string, string],
    wanted: ReadonlyMap<string, Json>,
  ): void {
    const { store, kinds } = this.#world;
    const kind = kinds.named(plural, group);
    for (const object of store.list(kind, namespace))
      if (!wanted.has(object.metadata.name)) store.remove(kind, object);
    for (const [name, rest] of wanted) {
      const found = store.get(kind, namespace, name);
      if (found) store.replace(kind, { ...found, ...rest });
      else plant(this.#world, [plural, group], { name, namespace }, rest);
    }
  }
}
