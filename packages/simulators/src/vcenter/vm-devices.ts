import type { Disk, Nic, Vm } from '../inventory/entities.js';
import type { DataObject } from './value.js';

const controllerKey = 1000;

/** The devices of a machine: one SCSI controller, its disks, and the network adapters. */
export const vmDevices = (vm: Vm): DataObject[] => [
  {
    _type: 'ParaVirtualSCSIController',
    key: controllerKey,
    deviceInfo: { label: 'SCSI controller 0', summary: 'VMware paravirtual SCSI' },
    busNumber: 0,
    device: vm.disks.map((_, at) => 2000 + at),
    hotAddRemove: true,
    sharedBus: 'noSharing',
    scsiCtlrUnitNumber: 7,
  },
  ...vm.disks.map(disk),
  ...vm.nics.map((each, at) => nic(each, at, vm)),
];

const disk = ({ label, capacityKb, thin, file, datastore }: Disk, at: number): DataObject => ({
  _type: 'VirtualDisk',
  key: 2000 + at,
  deviceInfo: { label, summary: `${capacityKb.toLocaleString('en-US')} KB` },
  backing: {
    _type: 'VirtualDiskFlatVer2BackingInfo',
    fileName: file,
    datastore: { type: 'Datastore', value: datastore },
    diskMode: 'persistent',
    thinProvisioned: thin,
  },
  controllerKey,
  unitNumber: at < 7 ? at : at + 1,
  capacityInKB: capacityKb,
  capacityInBytes: capacityKb * 1024,
});

const nic = ({ label, mac, network, connected }: Nic, at: number, vm: Vm): DataObject => ({
  _type: 'VirtualVmxnet3',
  key: 4000 + at,
  deviceInfo: { label, summary: 'VM Network' },
  backing: {
    _type: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: 'VM Network',
    network: { type: 'Network', value: network },
  },
  connectable: {
    startConnected: connected,
    allowGuestControl: true,
    connected: connected && vm.power === 'poweredOn',
    status: connected ? 'ok' : 'untried',
  },
  controllerKey: 100,
  unitNumber: 7 + at,
  addressType: 'assigned',
  macAddress: mac,
  wakeOnLanEnabled: true,
});
