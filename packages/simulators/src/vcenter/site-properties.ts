import type {
  Cluster,
  Datacenter,
  Datastore,
  Entity,
  Folder,
  Host,
  Network,
  Pool,
  Ref,
  Vm,
} from '../inventory/entities.js';
import { refOf } from '../inventory/entities.js';
import type { World } from './world.js';

type Getters<E> = Readonly<Record<string, (entity: E, world: World) => unknown>>;

const name = ({ name }: Entity) => name;
const parent = (entity: Entity, { inventory }: World) => {
  const above = entity.parent && inventory.get(entity.parent);
  return above ? refOf(above) : undefined;
};
const children = (entity: Entity, { inventory }: World) => inventory.children(entity.id).map(refOf);
const vms = ({ inventory }: World, that: (vm: Vm) => boolean): Ref[] =>
  inventory.all('vm').filter(that).map(refOf);
const datastores = (_: Entity, { inventory }: World) => inventory.all('datastore').map(refOf);
const networks = (_: Entity, { inventory }: World) => inventory.all('network').map(refOf);
const hosts = (_: Entity, { inventory }: World) => inventory.all('host').map(refOf);
const folder = (value: string): Ref => ({ type: 'Folder', value });
const used = (host: Host, { inventory }: World, of: (vm: Vm) => number) =>
  inventory
    .all('vm')
    .filter((vm) => vm.host === host.id && vm.power === 'poweredOn')
    .reduce((sum, vm) => sum + of(vm), 0);
const health = (host: Host) => (host.connection === 'connected' ? 'green' : 'red');

export const folderProperties: Getters<Folder> = {
  name,
  parent,
  childEntity: children,
  childType: ({ holds }) => holds,
};

export const datacenterProperties: Getters<Datacenter> = {
  name,
  parent,
  vmFolder: (each) => folder(each.vmFolder),
  hostFolder: (each) => folder(each.hostFolder),
  datastoreFolder: (each) => folder(each.datastoreFolder),
  networkFolder: (each) => folder(each.networkFolder),
  datastore: datastores,
  network: networks,
};

export const clusterProperties: Getters<Cluster> = {
  name,
  parent,
  host: (cluster, { inventory }) =>
    inventory
      .children(cluster.id)
      .filter(({ kind }) => kind === 'host')
      .map(refOf),
  resourcePool: ({ pool }) => ({ type: 'ResourcePool', value: pool }),
  datastore: datastores,
  network: networks,
};

export const poolProperties: Getters<Pool> = {
  name,
  parent,
  owner: ({ owner }) => ({ type: 'ClusterComputeResource', value: owner }),
  vm: (pool, world) => vms(world, (vm) => vm.pool === pool.id),
  resourcePool: children,
};

export const datastoreProperties: Getters<Datastore> = {
  name,
  parent,
  vm: (datastore, world) =>
    vms(world, (vm) => vm.disks.some((disk) => disk.datastore === datastore.id)),
  'summary.name': name,
  'summary.type': ({ type }) => type,
  'summary.url': ({ id }) => `ds:///vmfs/volumes/${id}/`,
  'summary.capacity': ({ capacityBytes }) => capacityBytes,
  'summary.freeSpace': ({ freeBytes }) => freeBytes,
  'summary.accessible': ({ accessible }) => accessible,
  'summary.maintenanceMode': () => 'normal',
};

export const networkProperties: Getters<Network> = {
  name,
  parent,
  vm: (network, world) => vms(world, (vm) => vm.nics.some((nic) => nic.network === network.id)),
  host: hosts,
  'summary.name': name,
  'summary.accessible': ({ accessible }) => accessible,
};

export const hostProperties: Getters<Host> = {
  name,
  parent,
  overallStatus: health,
  vm: (host, world) => vms(world, (vm) => vm.host === host.id),
  datastore: datastores,
  network: networks,
  recentTask: (host, { tasks }) => tasks.recentOf(host),
  'runtime.connectionState': ({ connection }) => connection,
  'runtime.powerState': ({ power }) => power,
  'runtime.inMaintenanceMode': ({ maintenance }) => maintenance,
  'runtime.bootTime': ({ booted }) => booted,
  'summary.hardware.vendor': ({ vendor }) => vendor,
  'summary.hardware.model': ({ model }) => model,
  'summary.hardware.uuid': ({ uuid }) => uuid,
  'summary.hardware.cpuModel': ({ cpuModel }) => cpuModel,
  'summary.hardware.cpuMhz': ({ cpuMhz }) => cpuMhz,
  'summary.hardware.memorySize': ({ memoryBytes }) => memoryBytes,
  'summary.hardware.numCpuPkgs': ({ sockets }) => sockets,
  'summary.hardware.numCpuCores': ({ cores }) => cores,
  'summary.hardware.numCpuThreads': ({ cores }) => cores * 2,
  'summary.runtime.connectionState': ({ connection }) => connection,
  'summary.runtime.powerState': ({ power }) => power,
  'summary.runtime.inMaintenanceMode': ({ maintenance }) => maintenance,
  'summary.config.name': name,
  'summary.config.product.fullName': ({ version, build }) =>
    `VMware ESXi ${version} build-${build}`,
  'summary.config.product.version': ({ version }) => version,
  'summary.config.product.build': ({ build }) => build,
  'summary.quickStats.overallCpuUsage': (host, world) => used(host, world, (vm) => vm.cpus * 120),
  'summary.quickStats.overallMemoryUsage': (host, world) => used(host, world, (vm) => vm.memoryMb),
  'summary.quickStats.uptime': ({ booted }, { clock }) =>
    Math.floor((clock.now().getTime() - booted.getTime()) / 1000),
  'summary.overallStatus': health,
};
