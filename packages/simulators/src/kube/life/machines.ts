import { type KubeObject, present } from '../object.js';
import { kubernetesOf } from '../releases.js';
import { stamp } from '../store.js';
import { capi, clusterName, deploymentName, plant, vmOperator, type World } from '../world.js';
import { conditionsAt } from './conditions.js';
import { letters } from './events.js';
import type { Pool, Topology } from './topology.js';

/** One machine of a cluster. */
export interface MachineRecord {
  readonly name: string;
  /** Undefined in the control plane. */
  readonly pool: string | undefined;
  readonly version: string;
  readonly vmClass: string;
  readonly address: string;
  ready: boolean;
}

export const deploymentOf = (cluster: string, pool: string): string =>
  `${cluster}-${pool}-${letters(cluster + pool)}`;

/** Makes a Machine and the VirtualMachine it runs in, both not there yet. */
export function makeMachine(
  world: World,
  cluster: KubeObject,
  { version, vmClass, storageClass }: Topology,
  pool: Pool | undefined,
  serial: number,
): MachineRecord {
  const { name: owner, namespace = '' } = cluster.metadata;
  const suffix = letters(`${owner}/${pool?.name}/${serial}`);
  const name = pool
    ? `${deploymentOf(owner, pool.name)}-${letters(version)}-${suffix}`
    : `${owner}-${letters(owner)}-${suffix}`;
  const labels = {
    [clusterName]: owner,
    'topology.cluster.x-k8s.io/owned': '',
    ...(pool
      ? { [deploymentName]: pool.name, [`${capi}/deployment-name`]: deploymentOf(owner, pool.name) }
      : { [`${capi}/control-plane`]: '' }),
  };
  const address = `10.244.${(serial >> 8) & 255}.${(serial & 255) + 2}`;
  plant(
    world,
    ['machines', capi],
    { name, namespace, labels },
    {
      spec: {
        clusterName: owner,
        version,
        bootstrap: { dataSecretName: `${name}-bootstrap-data` },
        infrastructureRef: {
          apiGroup: 'vmware.infrastructure.cluster.x-k8s.io',
          kind: 'VSphereMachine',
          name,
        },
      },
      status: { phase: 'Pending' },
    },
  );
  plant(
    world,
    ['virtualmachines', vmOperator],
    { name, namespace, labels: { ...labels, 'capv.vmware.com/cluster.name': owner } },
    {
      spec: {
        className: pool?.vmClass ?? vmClass,
        imageName: `vmi-${letters(version, 17)}`,
        storageClass: pool?.storageClass ?? storageClass,
        powerState: 'PoweredOn',
        network: { interfaces: [{ name: 'eth0', network: subnets }] },
      },
      status: {},
    },
  );
  const size = pool?.vmClass ?? vmClass;
  return { name, pool: pool?.name, version, vmClass: size, address, ready: false };
}

const subnets = {
  kind: 'SubnetSet',
  apiVersion: 'crd.nsx.vmware.com/v1alpha1',
  name: 'vm-default',
};

/** Writes what a machine and its VirtualMachine have come to. */
export function showMachine(
  world: World,
  namespace: string,
  { name, pool, version, address, ready }: MachineRecord,
  why = '',
): void {
  const machines = world.kinds.named('machines', capi);
  const machine = world.store.get(machines, namespace, name);
  const now = world.agenda.now();
  const before = (object: KubeObject) => object['status'] as Record<string, unknown>;
  if (machine)
    world.store.setStatus(machines, machine, {
      phase: ready ? 'Running' : 'Provisioning',
      observedGeneration: machine.metadata.generation,
      conditions: conditionsAt(
        [
          { type: 'Available', status: ready, reason: ready ? 'Available' : 'NotReady' },
          { type: 'Ready', status: ready, reason: ready ? 'Ready' : 'NotReady', message: why },
          { type: 'UpToDate', status: true, reason: 'UpToDate' },
          {
            type: 'InfrastructureReady',
            status: ready,
            reason: ready ? 'Ready' : 'NotReady',
            message: why,
          },
        ],
        before(machine),
        now,
      ),
      ...(ready && {
        nodeRef: { name },
        addresses: [{ type: 'InternalIP', address }],
        initialization: { infrastructureProvisioned: true, bootstrapDataSecretCreated: true },
        // Only the control plane has certificates that somebody has to renew.
        ...(pool === undefined && {
          certificatesExpiryDate:
            before(machine)['certificatesExpiryDate'] ??
            stamp(new Date(now.getTime() + 364 * 86_400_000)),
        }),
        nodeInfo: nodeInfoOf(version),
      }),
    });
  const vms = world.kinds.named('virtualmachines', vmOperator);
  const vm = world.store.get(vms, namespace, name);
  if (vm)
    world.store.setStatus(
      vms,
      vm,
      present({
        conditions: conditionsAt(
          [
            {
              type: 'VirtualMachineCreated',
              status: ready,
              reason: ready ? 'True' : 'Error',
              message: why,
            },
          ],
          before(vm),
          now,
        ),
        ...(ready && {
          powerState: 'PoweredOn',
          uniqueID: `vm-${parseInt(letters(name, 3), 36) % 9000}`,
          nodeName: `esx-${(name.length % 4) + 1}.lab.test`,
          network: { primaryIP4: address },
        }),
      }),
    );
}

/** Takes a machine and its VirtualMachine away. */
export function removeMachine({ store, kinds }: World, namespace: string, name: string): void {
  for (const kind of [kinds.named('machines', capi), kinds.named('virtualmachines', vmOperator)]) {
    const object = store.get(kind, namespace, name);
    if (object) store.remove(kind, object);
  }
}

export const nodeInfoOf = (version: string) => ({
  architecture: 'amd64',
  bootID: '7b0d9f1e-4d52-4a9c-9d6e-1c2f3a4b5c6d',
  containerRuntimeVersion: 'containerd://1.7.27+vmware.1-fips',
  kernelVersion: '6.1.141-1.ph5',
  kubeProxyVersion: kubernetesOf(version),
  kubeletVersion: kubernetesOf(version),
  machineID: '0f9b7a4c5d6e4f708192a3b4c5d6e7f8',
  operatingSystem: 'linux',
  osImage: 'VMware Photon OS/Linux',
  systemUUID: '4223b0c5-6d7e-8f90-a1b2-c3d4e5f60718',
});
