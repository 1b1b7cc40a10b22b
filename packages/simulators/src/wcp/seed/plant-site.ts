import type { Cluster, Datacenter } from '../../inventory/entities.js';
import { Inventory } from '../../inventory/inventory.js';

const clusterNames = ['workload-a', 'workload-b', 'workload-c', 'workload-d', 'workload-e'];

/**
 * The inventory of a vCenter with so many clusters, each with three hosts: `domain-c8`, `domain-c9` and so on. `now`
 * dates what happened before the simulation started.
 */
export function plantSite(count: number, now: Date): { inventory: Inventory; clusters: Cluster[] } {
  const inventory = new Inventory();
  const root = inventory.add('folder', { name: 'Datacenters', holds: ['Datacenter'] }, 'group-d');
  const datacenter = inventory.add('datacenter', {
    name: 'Lab',
    parent: root.id,
    vmFolder: '',
    hostFolder: '',
    datastoreFolder: '',
    networkFolder: '',
  });
  const below = (name: string, prefix: string, type: string) =>
    inventory.add('folder', { name, parent: datacenter.id, holds: ['Folder', type] }, prefix).id;
  const folders = {
    vmFolder: below('vm', 'group-v', 'VirtualMachine'),
    hostFolder: below('host', 'group-h', 'ComputeResource'),
    datastoreFolder: below('datastore', 'group-s', 'Datastore'),
    networkFolder: below('network', 'group-n', 'Network'),
  };
  inventory.change<Datacenter>(datacenter, folders);
  inventory.add('datastore', {
    name: 'vsan-01',
    parent: folders.datastoreFolder,
    type: 'vsan',
    capacityBytes: 40 * 2 ** 40,
    freeBytes: 31 * 2 ** 40,
    accessible: true,
  });
  const clusters = Array.from({ length: count }, (_, at) =>
    inventory.add('cluster', {
      name: clusterNames[at] ?? `workload-${at + 1}`,
      parent: folders.hostFolder,
      pool: '',
    }),
  );
  inventory.add('network', {
    name: 'VM Network',
    parent: folders.networkFolder,
    accessible: true,
  });
  for (const cluster of clusters) {
    const pool = inventory.add('pool', {
      name: 'Resources',
      parent: cluster.id,
      owner: cluster.id,
    });
    inventory.change<Cluster>(cluster, { pool: pool.id });
    for (let host = 1; host <= 3; host += 1) plantHost(inventory, cluster, host, now);
  }
  return { inventory, clusters };
}

function plantHost(inventory: Inventory, cluster: Cluster, number: number, now: Date): void {
  inventory.add('host', {
    name: `esx-${cluster.name}-${number}.lab.test`,
    parent: cluster.id,
    connection: 'connected',
    power: 'poweredOn',
    maintenance: false,
    vendor: 'Dell Inc.',
    model: 'PowerEdge R760',
    uuid: `4c4c4544-0000-4000-8000-${inventory.nextId('').padStart(12, '0')}`,
    cpuModel: 'Intel(R) Xeon(R) Gold 6430',
    cpuMhz: 2100,
    cores: 64,
    sockets: 2,
    memoryBytes: 512 * 2 ** 30,
    version: '8.0.3',
    build: '24022510',
    booted: new Date(now.getTime() - 40 * 24 * 3_600_000),
  });
}
