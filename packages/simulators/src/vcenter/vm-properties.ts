import { type Snapshot, toolsRunning, type Vm } from '../inventory/entities.js';
import type { DataObject } from './value.js';
import { vmDevices } from './vm-devices.js';
import type { World } from './world.js';

type Getter = (vm: Vm, world: World) => unknown;

const host: Getter = (vm) => ({ type: 'HostSystem', value: vm.host });
const path: Getter = (vm) => `[datastore-01] ${vm.id}/${vm.id}.vmx`;
const runs: Getter = (vm) => (toolsRunning(vm) ? 'guestToolsRunning' : 'guestToolsNotRunning');
const inGuest =
  (get: (vm: Vm) => unknown): Getter =>
  (vm) =>
    toolsRunning(vm) ? get(vm) : undefined;
const uptime = (vm: Vm, world: World) =>
  vm.booted ? Math.floor((world.clock.now().getTime() - vm.booted.getTime()) / 1000) : undefined;
const diskBytes = (vm: Vm, thin: boolean) =>
  vm.disks
    .filter((disk) => disk.thin === thin)
    .reduce((sum, disk) => sum + disk.capacityKb * 1024, 0);

/** What a virtual machine answers, path by path. `undefined` is an unset property: it is left out. */
export const vmProperties: Readonly<Record<string, Getter>> = {
  name: (vm) => vm.name,
  parent: (vm) => vm.parent && { type: 'Folder', value: vm.parent },
  parentVApp: () => undefined,
  overallStatus: () => 'green',
  effectiveRole: () => [-1],
  disabledMethod: (vm) => disabled(vm),
  recentTask: (vm, { tasks }) => tasks.recentOf(vm),
  datastore: (vm) =>
    [...new Set(vm.disks.map((disk) => disk.datastore))].map((value) => ({
      type: 'Datastore',
      value,
    })),
  network: (vm) =>
    [...new Set(vm.nics.map((nic) => nic.network))].map((value) => ({ type: 'Network', value })),
  resourcePool: (vm) => vm.pool && { type: 'ResourcePool', value: vm.pool },
  snapshot: (vm) =>
    vm.snapshots.length === 0
      ? undefined
      : {
          currentSnapshot: vm.currentSnapshot && snapshotRef(vm.currentSnapshot),
          rootSnapshotList: vm.snapshots.map((each) => tree(each, vm)),
        },
  rootSnapshot: (vm) => vm.snapshots.map(({ id }) => snapshotRef(id)),
  'config.name': (vm) => vm.name,
  'config.template': (vm) => vm.template,
  'config.annotation': (vm) => vm.annotation,
  'config.guestFullName': (vm) => vm.guestName,
  'config.guestId': (vm) => vm.guestId,
  'config.uuid': (vm) => vm.uuid,
  'config.instanceUuid': (vm) => vm.instanceUuid,
  'config.version': () => 'vmx-21',
  'config.createDate': (vm) => vm.created,
  'config.changeVersion': (vm) => vm.created.toISOString(),
  'config.files.vmPathName': path,
  'config.hardware.numCPU': (vm) => vm.cpus,
  'config.hardware.numCoresPerSocket': () => 1,
  'config.hardware.memoryMB': (vm) => vm.memoryMb,
  'config.hardware.device': vmDevices,
  'runtime.powerState': (vm) => vm.power,
  'runtime.connectionState': (vm) => vm.connection,
  'runtime.host': host,
  'runtime.bootTime': (vm) => vm.booted,
  'runtime.question': (vm) => vm.question && question(vm.question),
  'runtime.consolidationNeeded': () => false,
  'runtime.maxCpuUsage': (vm) => vm.cpus * 2100,
  'runtime.maxMemoryUsage': (vm) => vm.memoryMb,
  'guest.ipAddress': inGuest((vm) => vm.ip),
  'guest.hostName': inGuest((vm) => vm.hostName),
  'guest.guestFullName': inGuest((vm) => vm.guestName),
  'guest.guestId': inGuest((vm) => vm.guestId),
  'guest.guestState': (vm) => (toolsRunning(vm) ? 'running' : 'notRunning'),
  'guest.toolsStatus': tools,
  'guest.toolsRunningStatus': runs,
  'guest.toolsVersion': (vm) => (vm.tools === 'notInstalled' ? '0' : '12352'),
  'guest.toolsVersionStatus2': (vm) =>
    vm.tools === 'notInstalled' ? 'guestToolsNotInstalled' : 'guestToolsCurrent',
  'guest.guestOperationsReady': (vm) => toolsRunning(vm),
  'summary.config.name': (vm) => vm.name,
  'summary.config.template': (vm) => vm.template,
  'summary.config.annotation': (vm) => vm.annotation,
  'summary.config.numCpu': (vm) => vm.cpus,
  'summary.config.memorySizeMB': (vm) => vm.memoryMb,
  'summary.config.guestFullName': (vm) => vm.guestName,
  'summary.config.guestId': (vm) => vm.guestId,
  'summary.config.uuid': (vm) => vm.uuid,
  'summary.config.instanceUuid': (vm) => vm.instanceUuid,
  'summary.config.vmPathName': path,
  'summary.runtime.powerState': (vm) => vm.power,
  'summary.runtime.connectionState': (vm) => vm.connection,
  'summary.runtime.host': host,
  'summary.guest.ipAddress': inGuest((vm) => vm.ip),
  'summary.guest.hostName': inGuest((vm) => vm.hostName),
  'summary.guest.toolsStatus': tools,
  'summary.guest.toolsRunningStatus': runs,
  'summary.storage.committed': (vm) => diskBytes(vm, false) + diskBytes(vm, true) / 4,
  'summary.storage.uncommitted': (vm) => (diskBytes(vm, true) * 3) / 4,
  'summary.overallStatus': () => 'green',
  'summary.quickStats.overallCpuUsage': (vm) => (vm.power === 'poweredOn' ? vm.cpus * 120 : 0),
  'summary.quickStats.guestMemoryUsage': (vm) =>
    vm.power === 'poweredOn' ? Math.floor(vm.memoryMb / 4) : 0,
  'summary.quickStats.uptimeSeconds': uptime,
};

const question = (text: string): DataObject => ({
  id: '1',
  text,
  choice: {
    choiceInfo: ['Cancel', 'OK'].map((label, at) => ({
      _type: 'ElementDescription',
      label,
      summary: label,
      key: String(at),
    })),
    defaultIndex: 0,
  },
});

function tools(vm: Vm): string {
  if (vm.tools === 'notInstalled') return 'toolsNotInstalled';
  return toolsRunning(vm) ? 'toolsOk' : 'toolsNotRunning';
}

/** Methods a client would be refused now. */
function disabled(vm: Vm): string[] {
  if (vm.template) return ['PowerOnVM_Task', 'PowerOffVM_Task', 'SuspendVM_Task', 'ShutdownGuest'];
  if (vm.power === 'poweredOn') return ['PowerOnVM_Task', 'Destroy_Task'];
  return ['PowerOffVM_Task', 'SuspendVM_Task', 'ShutdownGuest'];
}

const snapshotRef = (value: string) => ({ type: 'VirtualMachineSnapshot', value });

const tree = (snapshot: Snapshot, vm: Vm): DataObject => ({
  snapshot: snapshotRef(snapshot.id),
  vm: { type: 'VirtualMachine', value: vm.id },
  name: snapshot.name,
  description: snapshot.description,
  id: snapshot.number,
  createTime: snapshot.created,
  state: snapshot.power,
  quiesced: snapshot.quiesced,
  childSnapshotList: snapshot.children.map((child) => tree(child, vm)),
  replaySupported: false,
});
