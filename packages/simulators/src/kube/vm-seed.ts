import { letters } from './life/events.js';
import { stamp } from './store.js';
import { plant, vmOperator, type World } from './world.js';

/** A machine of VM Service, with what may belong to it. */
export interface VmSeed {
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly storageClass: string;
  /** `PoweredOn` when absent. */
  readonly powerState?: 'PoweredOn' | 'PoweredOff' | 'Suspended';
  /** Names of its snapshots, oldest first. */
  readonly snapshots?: readonly string[];
  /** The group it is in, which is made with the first of its machines. */
  readonly group?: string;
  /** IPv4 addresses, one for each network interface; one address when absent. */
  readonly addresses?: readonly string[];
}

/** Makes a machine of VM Service that has long been there, its image, snapshots, group and network interfaces. */
export function plantVirtualMachine(world: World, seed: VmSeed): void {
  const {
    namespace,
    name,
    className,
    storageClass,
    powerState = 'PoweredOn',
    snapshots = [],
  } = seed;
  const { addresses = ['10.244.9.10'], group } = seed;
  const at = stamp(new Date(world.clock.now().getTime() - 10 * 86_400_000));
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: 'True',
    message: '',
    lastTransitionTime: at,
  });
  const networks = addresses.map((address, index) => ({ name: `eth${index}`, address }));
  const image = 'vmi-0a1b2c3d4e5f6a7b8';
  const images = world.kinds.named('virtualmachineimages', vmOperator);
  if (!world.store.get(images, namespace, image))
    plant(
      world,
      ['virtualmachineimages', vmOperator],
      { name: image, namespace, creationTimestamp: at },
      {
        spec: {
          providerRef: {
            apiVersion: 'imageregistry.vmware.com/v1alpha1',
            kind: 'ContentLibraryItem',
            name: 'clitem-0a1b2c3d4e5f6a7b8',
          },
        },
        status: { name: 'ubuntu-22.04-server', type: 'OVF', conditions: [condition('Ready')] },
      },
    );
  plant(
    world,
    ['virtualmachines', vmOperator],
    { name, namespace, creationTimestamp: at },
    {
      spec: {
        className,
        storageClass,
        powerState,
        image: { kind: 'VirtualMachineImage', name: image },
        imageName: image,
        ...(group !== undefined && { groupName: group }),
        network: { interfaces: networks.map((one) => ({ name: one.name, network: subnets })) },
      },
      status: {
        powerState,
        uniqueID: `vm-${1000 + (letters(name, 2).charCodeAt(0) % 90)}`,
        instanceUUID: '5023a1c2-0000-4000-8000-000000000001',
        nodeName: 'esx-1.lab.test',
        network: {
          primaryIP4: addresses[0] ?? '',
          interfaces: networks.map((one) => ({
            name: one.name,
            ip: { addresses: [{ address: `${one.address}/24` }] },
          })),
        },
        conditions: [condition('VirtualMachineClassReady'), condition('VirtualMachineCreated')],
      },
    },
  );
  for (const one of networks)
    plant(
      world,
      ['networkinterfaces', 'netoperator.vmware.com'],
      {
        name: `${name}-${one.name}`,
        namespace,
        creationTimestamp: at,
        labels: { [`${vmOperator}/vm-name`]: name, [`${vmOperator}/vm-interface-name`]: one.name },
      },
      {
        spec: { networkName: 'workload-1', type: 'vmxnet3' },
        status: {
          macAddress: '04:50:56:00:a4:01',
          ipConfigs: [
            {
              ip: one.address,
              ipFamily: 'IPv4',
              gateway: '10.244.9.1',
              subnetMask: '255.255.255.0',
            },
          ],
          conditions: [condition('Ready')],
        },
      },
    );
  for (const [index, snapshot] of snapshots.entries())
    plant(
      world,
      ['virtualmachinesnapshots', vmOperator],
      { name: snapshot, namespace, creationTimestamp: at },
      {
        spec: { vmName: name, memory: false, description: `Snapshot ${index + 1} of ${name}` },
        status: {
          powerState,
          uniqueID: `snapshot-${index + 1}`,
          conditions: [condition('VirtualMachineSnapshotCreated')],
        },
      },
    );
  if (group !== undefined) joinGroup(world, seed, group, at);
}

const subnets = {
  kind: 'SubnetSet',
  apiVersion: 'crd.nsx.vmware.com/v1alpha1',
  name: 'vm-default',
};

function joinGroup(world: World, { namespace, name }: VmSeed, group: string, at: string): void {
  const kind = world.kinds.named('virtualmachinegroups', vmOperator);
  const member = { kind: 'VirtualMachine', name };
  const found = world.store.get(kind, namespace, group);
  const before = (found?.['spec'] as { bootOrder?: { members: unknown[] }[] } | undefined)
    ?.bootOrder;
  const members = [...(before?.[0]?.members ?? []), member];
  const spec = { bootOrder: [{ members }] };
  if (found) world.store.replace(kind, { ...found, spec });
  else
    plant(
      world,
      ['virtualmachinegroups', vmOperator],
      { name: group, namespace, creationTimestamp: at },
      { spec, status: {} },
    );
}
