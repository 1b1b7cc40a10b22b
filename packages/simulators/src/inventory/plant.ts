import type { Cluster, Datacenter, Entity, Host, Snapshot, Vm } from './entities.js';
import { Inventory } from './inventory.js';
import type { Seed, SnapshotSeed, VmSeed } from './seed.js';

const guests = {
  linux: { guestId: 'ubuntu64Guest', guestName: 'Ubuntu Linux (64-bit)' },
  windows: {
    guestId: 'windows2019srvNext_64Guest',
    guestName: 'Microsoft Windows Server 2022 (64-bit)',
  },
} as const;

/** Builds an inventory from a seed. `now` dates what happened before the simulation started. */
export function plant(seed: Seed, now: Date): Inventory {
  const inventory = new Inventory();
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const folder = (name: string, parent: string | undefined, prefix: string, holds: string[]) =>
    inventory.add('folder', { name, holds, ...(parent ? { parent } : {}) }, prefix);

  const root = folder('Datacenters', undefined, 'group-d', ['Folder', 'Datacenter']);
  const datacenter = inventory.add('datacenter', {
    name: seed.datacenter ?? 'DC0',
    parent: root.id,
    vmFolder: '',
    hostFolder: '',
    datastoreFolder: '',
    networkFolder: '',
  });
  const below = (name: string, prefix: string, type: string) =>
    folder(name, datacenter.id, prefix, ['Folder', type]).id;
  inventory.change<Datacenter>(datacenter, {
    vmFolder: below('vm', 'group-v', 'VirtualMachine'),
    hostFolder: below('host', 'group-h', 'ComputeResource'),
    datastoreFolder: below('datastore', 'group-s', 'Datastore'),
    networkFolder: below('network', 'group-n', 'Network'),
  });
  const datastore = inventory.add('datastore', {
    name: 'datastore-01',
    parent: datacenter.datastoreFolder,
    type: 'VMFS',
    capacityBytes: 20 * 2 ** 40,
    freeBytes: 12 * 2 ** 40,
    accessible: true,
  });
  const network = inventory.add('network', {
    name: 'VM Network',
    parent: datacenter.networkFolder,
    accessible: true,
  });

  const sites = (seed.clusters ?? [{ name: 'cluster-01', hosts: ['esx-01.test'] }]).map((each) => {
    const cluster = inventory.add('cluster', {
      name: each.name,
      parent: datacenter.hostFolder,
      pool: '',
    });
    const pool = inventory.add('pool', {
      name: 'Resources',
      parent: cluster.id,
      owner: cluster.id,
    });
    inventory.change<Cluster>(cluster, { pool: pool.id });
    const hosts = each.hosts.map((name) => inventory.add('host', hostDraft(name, cluster, ago)));
    return { cluster, pool, hosts };
  });

  const folders = new Map<string, Entity>();
  const folderAt = (path: string): string => {
    if (!path) return datacenter.vmFolder;
    const known = folders.get(path);
    if (known) return known.id;
    const cut = path.lastIndexOf('/');
    const parent = folderAt(path.slice(0, Math.max(0, cut)));
    const made = folder(path.slice(cut + 1), parent, 'group-v', ['Folder', 'VirtualMachine']);
    folders.set(path, made);
    return made.id;
  };

  for (const [at, each] of seed.vms.entries()) {
    const site =
      sites.find(({ cluster }) => cluster.name === each.cluster) ?? sites[at % sites.length];
    const host = site?.hosts[at % site.hosts.length];
    if (!site || !host) throw new Error(`the seed has no host for ${each.name}`);
    const vm = inventory.add('vm', {
      ...vmDraft(each, at, ago),
      parent: folderAt(each.folder ?? ''),
      host: host.id,
      ...(each.template ? {} : { pool: site.pool.id }),
      disks: (each.diskGb ?? [20]).map((gb, disk) => ({
        label: `Hard disk ${disk + 1}`,
        capacityKb: gb * 2 ** 20,
        thin: disk === 0,
        file: `[${datastore.name}] vm-${at + 1}/disk-${disk}.vmdk`,
        datastore: datastore.id,
      })),
      nics: [
        {
          label: 'Network adapter 1',
          mac: mac(at),
          network: network.id,
          connected: !each.template,
        },
      ],
    });
    vm.snapshots = (each.snapshots ?? []).map((snapshot) => grow(snapshot, vm, inventory, ago));
  }
  return inventory;
}

function hostDraft(name: string, cluster: Cluster, ago: (hours: number) => Date) {
  return {
    name,
    parent: cluster.id,
    connection: 'connected',
    power: 'poweredOn',
    maintenance: false,
    vendor: 'Dell Inc.',
    model: 'PowerEdge R760',
    uuid: uuid(0x4c4c4544, name.length + name.charCodeAt(name.length - 7)),
    cpuModel: 'Intel(R) Xeon(R) Gold 6430',
    cpuMhz: 2100,
    cores: 64,
    sockets: 2,
    memoryBytes: 512 * 2 ** 30,
    version: '8.0.3',
    build: '24022510',
    booted: ago(24 * 40),
  } satisfies Omit<Host, 'kind' | 'id'>;
}

function vmDraft(seed: VmSeed, at: number, ago: (hours: number) => Date) {
  const power = seed.template ? 'poweredOff' : (seed.power ?? 'poweredOff');
  const tools = seed.tools ?? 'installed';
  return {
    name: seed.name,
    power,
    template: seed.template ?? false,
    annotation: seed.annotation ?? '',
    cpus: seed.cpus ?? 2,
    memoryMb: seed.memoryMb ?? 4096,
    ...guests[seed.guest ?? 'linux'],
    uuid: uuid(0x42000000, at),
    instanceUuid: uuid(0x50000000, at),
    created: ago(24 * 90),
    ...(power === 'poweredOn' ? { booted: ago(24 * 7) } : {}),
    connection: 'connected',
    tools,
    ...(tools === 'installed' && !seed.template
      ? { hostName: `guest-${at + 1}`, ip: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}` }
      : {}),
    snapshots: [] as Snapshot[],
  } satisfies Partial<Vm>;
}

function grow(
  seed: SnapshotSeed,
  vm: Vm,
  inventory: Inventory,
  ago: (hours: number) => Date,
): Snapshot {
  const number = inventory.nextId('');
  const snapshot: Snapshot = {
    id: `snapshot-${number}`,
    number: Number(number),
    name: seed.name,
    description: seed.description ?? '',
    created: ago(48 - (Number(number) % 40)),
    power: seed.memory ? 'poweredOn' : 'poweredOff',
    quiesced: false,
    children: (seed.children ?? []).map((child) => grow(child, vm, inventory, ago)),
  };
  if (seed.current) vm.currentSnapshot = snapshot.id;
  return snapshot;
}

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
const uuid = (head: number, at: number) => `${hex(head, 8)}-0000-4000-8000-${hex(at + 1, 12)}`;
const mac = (at: number) =>
  `00:50:56:${hex((at >> 16) & 63, 2)}:${hex((at >> 8) & 255, 2)}:${hex(at & 255, 2)}`;
