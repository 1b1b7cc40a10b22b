/** Names an object to an API: `{type: 'VirtualMachine', value: 'vm-12'}`. */
export interface Ref {
  readonly type: string;
  readonly value: string;
}

export type Power = 'poweredOn' | 'poweredOff' | 'suspended';

/** Every kind of object in the inventory, with the type VIM gives it. */
export const vimTypes = {
  folder: 'Folder',
  datacenter: 'Datacenter',
  cluster: 'ClusterComputeResource',
  host: 'HostSystem',
  pool: 'ResourcePool',
  datastore: 'Datastore',
  network: 'Network',
  vm: 'VirtualMachine',
} as const;

export type Kind = keyof typeof vimTypes;

interface Common<K extends Kind> {
  readonly kind: K;
  /** Managed object id, unique in the inventory: `vm-12`. */
  readonly id: string;
  name: string;
  /** Id of the parent; absent for the root folder only. */
  parent?: string;
}

export interface Folder extends Common<'folder'> {
  /** VIM types the folder may hold. */
  holds: readonly string[];
}
export interface Datacenter extends Common<'datacenter'> {
  vmFolder: string;
  hostFolder: string;
  datastoreFolder: string;
  networkFolder: string;
}
export interface Cluster extends Common<'cluster'> {
  pool: string;
}
export interface Pool extends Common<'pool'> {
  owner: string;
}
export interface Host extends Common<'host'> {
  connection: 'connected' | 'disconnected' | 'notResponding';
  power: 'poweredOn' | 'poweredOff' | 'standBy' | 'unknown';
  maintenance: boolean;
  vendor: string;
  model: string;
  uuid: string;
  cpuModel: string;
  cpuMhz: number;
  cores: number;
  sockets: number;
  memoryBytes: number;
  version: string;
  build: string;
  booted: Date;
}
export interface Datastore extends Common<'datastore'> {
  type: string;
  capacityBytes: number;
  freeBytes: number;
  accessible: boolean;
}
export interface Network extends Common<'network'> {
  accessible: boolean;
}

export interface Disk {
  label: string;
  capacityKb: number;
  thin: boolean;
  file: string;
  datastore: string;
}
export interface Nic {
  label: string;
  mac: string;
  network: string;
  connected: boolean;
}
export interface Snapshot {
  readonly id: string;
  /** Number within the machine: 1, 2, ... */
  readonly number: number;
  name: string;
  description: string;
  created: Date;
  /** What the machine returns to: running only when its memory was kept. */
  power: Power;
  quiesced: boolean;
  children: Snapshot[];
}

export interface Vm extends Common<'vm'> {
  power: Power;
  template: boolean;
  annotation: string;
  cpus: number;
  memoryMb: number;
  guestId: string;
  guestName: string;
  uuid: string;
  instanceUuid: string;
  created: Date;
  booted?: Date;
  host: string;
  /** A template has none. */
  pool?: string;
  connection: 'connected' | 'disconnected' | 'orphaned' | 'inaccessible' | 'invalid';
  /** What it asks and waits for an answer to. */
  question?: string;
  /** VMware Tools as installed in the guest; they run only while it does. */
  tools: 'installed' | 'notInstalled' | 'stopped';
  hostName?: string;
  ip?: string;
  disks: Disk[];
  nics: Nic[];
  snapshots: Snapshot[];
  currentSnapshot?: string;
}

export type Entity = Folder | Datacenter | Cluster | Host | Pool | Datastore | Network | Vm;
export type EntityOf<K extends Kind> = Extract<Entity, { kind: K }>;

export const refOf = (entity: Entity): Ref => ({ type: vimTypes[entity.kind], value: entity.id });

/** VMware Tools answer only in a running guest. */
export const toolsRunning = (vm: Vm): boolean =>
  vm.power === 'poweredOn' && vm.tools === 'installed';

/** Every snapshot of a machine, parents first. */
export const flat = (snapshots: readonly Snapshot[]): Snapshot[] =>
  snapshots.flatMap((each) => [each, ...flat(each.children)]);
