import { conditionsAt } from '../life/conditions.js';
import { type MachineRecord, nodeInfoOf } from '../life/machines.js';
import { isJson, type Json, type KubeObject } from '../object.js';
import { plant, type World } from '../world.js';

/** How large the machines of a VM class are. */
export interface Size {
  readonly cpus: number;
  readonly memoryMb: number;
}

type Place = Pick<World, 'kinds' | 'store' | 'clock'>;

/** Makes the nodes of a cluster what its machines are: a machine that is not ready yet is no node. */
export function showNodes(
  { kinds, store, clock }: Place,
  machines: readonly MachineRecord[],
  sizeOf: (vmClass: string) => Size,
): void {
  const kind = kinds.named('nodes');
  const ready = machines.filter((machine) => machine.ready);
  const names = new Set(ready.map(({ name }) => name));
  for (const node of store.list(kind)) if (!names.has(node.metadata.name)) store.remove(kind, node);
  for (const machine of ready) {
    const { name, pool, version, address, vmClass } = machine;
    const status = (before: KubeObject | undefined): Json => ({
      ...resourcesOf(sizeOf(vmClass)),
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: conditionsAt(conditions, statusOf(before), clock.now()).map(
        ({ lastTransitionTime, ...condition }) => ({
          ...condition,
          lastHeartbeatTime: lastTransitionTime,
          lastTransitionTime,
        }),
      ),
      nodeInfo: nodeInfoOf(version),
    });
    const found = store.get(kind, undefined, name);
    if (found) {
      store.setStatus(kind, found, status(found));
      continue;
    }
    const role = pool === undefined ? { 'node-role.kubernetes.io/control-plane': '' } : {};
    const taint = { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' };
    plant(
      { kinds, store },
      ['nodes'],
      {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          ...role,
          ...(pool !== undefined && { 'run.tanzu.vmware.com/node-pool': pool }),
        },
      },
      {
        spec: { providerID: `vsphere://${name}`, ...(pool === undefined && { taints: [taint] }) },
        status: status(undefined),
      },
    );
  }
}

const statusOf = (object: KubeObject | undefined): Json | undefined =>
  isJson(object?.['status']) ? object['status'] : undefined;

const conditions = [
  { type: 'MemoryPressure', status: false, reason: 'KubeletHasSufficientMemory' },
  { type: 'DiskPressure', status: false, reason: 'KubeletHasNoDiskPressure' },
  { type: 'PIDPressure', status: false, reason: 'KubeletHasSufficientPID' },
  {
    type: 'Ready',
    status: true,
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
  },
];

const resourcesOf = ({ cpus, memoryMb }: Size): Json => ({
  capacity: {
    cpu: `${cpus}`,
    memory: `${memoryMb * 1024}Ki`,
    'ephemeral-storage': '20470Mi',
    pods: '110',
  },
  allocatable: {
    cpu: `${cpus}`,
    memory: `${(memoryMb - 100) * 1024}Ki`,
    'ephemeral-storage': '19318Mi',
    pods: '110',
  },
});
