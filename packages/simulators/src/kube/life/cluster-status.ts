import { type Json, type KubeObject, objectAt } from '../object.js';
import type { Stuck } from '../world.js';
import { type Condition, conditionsAt, oldConditionsAt } from './conditions.js';
import type { MachineRecord } from './machines.js';
import { isCurrent, type Topology } from './topology.js';

/** How far a cluster is. */
export interface Progress {
  readonly infrastructure: boolean;
  readonly initialized: boolean;
  readonly machines: readonly MachineRecord[];
  /** By pool. */
  readonly wantedWorkers: number;
  /** Why it gets no further. */
  readonly stuck: Stuck | undefined;
}

const reasons: Record<Stuck, string> = {
  network: 'No IP address is left in the ingress CIDRs of the namespace for the load balancer.',
  image: 'The image of the release is not synchronised to the content library yet.',
  quota:
    'admission webhook denied the request: exceeded quota: requested: memory=8Gi, used: memory=60Gi, limited: memory=64Gi',
  failed: 'The control plane did not come up: etcd has no quorum.',
};

export const reasonOf = (stuck: Stuck): string => reasons[stuck];

interface Counted extends Json {
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly upToDateReplicas: number;
}

function counted(machines: readonly MachineRecord[], desired: number, topology: Topology): Counted {
  const ready = machines.filter((machine) => machine.ready).length;
  return {
    desiredReplicas: desired,
    replicas: machines.length,
    readyReplicas: ready,
    availableReplicas: ready,
    upToDateReplicas: machines.filter((machine) => isCurrent(topology, machine)).length,
  };
}

/** Whether the controllers are told to leave a cluster alone. */
export const isPaused = ({ spec }: KubeObject): boolean => objectAt(spec)['paused'] === true;

/** The status of a Cluster (v1beta2) at some point of its life. */
export function clusterStatus(
  cluster: KubeObject,
  topology: Topology,
  progress: Progress,
  now: Date,
): Json {
  const before = cluster['status'] as Json | undefined;
  const { controlPlaneReplicas } = topology;
  const isWorker = ({ pool }: MachineRecord) => pool !== undefined;
  const controlPlane = counted(
    progress.machines.filter((machine) => !isWorker(machine)),
    controlPlaneReplicas,
    topology,
  );
  const workers = counted(progress.machines.filter(isWorker), progress.wantedWorkers, topology);
  const deleting = cluster.metadata.deletionTimestamp !== undefined;
  const wanted = conditionsOf(progress, controlPlane, workers, deleting, isPaused(cluster));
  const phase = deleting
    ? 'Deleting'
    : progress.stuck === 'failed'
      ? 'Failed'
      : progress.infrastructure
        ? 'Provisioned'
        : 'Provisioning';
  const old = (before?.['deprecated'] as Json | undefined)?.['v1beta1'] as Json | undefined;
  return {
    phase,
    observedGeneration: cluster.metadata.generation,
    ...(progress.infrastructure && {
      initialization: {
        infrastructureProvisioned: true,
        ...(progress.initialized && { controlPlaneInitialized: true }),
      },
    }),
    controlPlane,
    workers,
    conditions: conditionsAt(wanted, before, now),
    deprecated: { v1beta1: { conditions: oldConditionsAt(oldOnes(wanted), old, now) } },
  };
}

function conditionsOf(
  { infrastructure, initialized, stuck }: Progress,
  controlPlane: Counted,
  workers: Counted,
  deleting: boolean,
  paused: boolean,
): Condition[] {
  const why = stuck && reasons[stuck];
  const is = (type: string, status: boolean, yes: string, no: string, message?: string) => ({
    type,
    status,
    reason: status ? yes : no,
    ...(!status && message && { message }),
  });
  const shows = (type: string, status: boolean, message: string) => ({
    type,
    status,
    reason: status ? type : `Not${type}`,
    ...(status && { message }),
  });
  const full = (counts: Counted) => counts.readyReplicas >= counts.desiredReplicas;
  const current = (counts: Counted) => counts.upToDateReplicas >= counts.replicas;
  const available = initialized && full(controlPlane);
  const rolling = !current(controlPlane) || !current(workers);
  const enough = full(workers);
  const total = (field: 'replicas' | 'desiredReplicas') => controlPlane[field] + workers[field];
  const short = `${workers.readyReplicas} of ${workers.desiredReplicas} machines are ready`;
  const grows =
    controlPlane.replicas < controlPlane.desiredReplicas ||
    workers.readyReplicas < workers.desiredReplicas;
  return [
    is(
      'Available',
      available && enough && infrastructure && stuck !== 'failed' && !deleting,
      'Available',
      'NotAvailable',
      why ?? short,
    ),
    is(
      'TopologyReconciled',
      !rolling && !stuck,
      'ReconcileSucceeded',
      rolling ? 'ClusterUpgrading' : 'ReconcileFailed',
      why,
    ),
    is('InfrastructureReady', infrastructure, 'Ready', 'NotReady', why),
    is('ControlPlaneInitialized', initialized, 'Initialized', 'NotInitialized', why),
    is('ControlPlaneAvailable', available && stuck !== 'failed', 'Available', 'NotAvailable', why),
    is('ControlPlaneMachinesReady', full(controlPlane), 'Ready', 'NotReady', why),
    is('ControlPlaneMachinesUpToDate', current(controlPlane), 'UpToDate', 'NotUpToDate'),
    is('WorkersAvailable', enough, 'Available', 'NotAvailable', why ?? short),
    is('WorkerMachinesReady', enough, 'Ready', 'NotReady', why),
    is('WorkerMachinesUpToDate', current(workers), 'UpToDate', 'NotUpToDate'),
    is('RemoteConnectionProbe', initialized, 'ProbeSucceeded', 'ProbeFailed'),
    shows('RollingOut', rolling, `Rolling out ${total('replicas')} machines`),
    shows('ScalingUp', !deleting && grows, `Scaling up to ${total('desiredReplicas')} replicas`),
    shows('ScalingDown', workers.replicas > workers.desiredReplicas && !rolling, 'Scaling down'),
    shows('Remediating', false, ''),
    shows('Deleting', deleting, `${total('replicas')} machines are left`),
    shows('Paused', paused, 'Nothing is reconciled'),
  ];
}

/** The conditions that v1beta1 has, from the new ones of other names. */
function oldOnes(conditions: readonly Condition[]): Condition[] {
  const names: Record<string, string> = {
    Available: 'Ready',
    ControlPlaneInitialized: 'ControlPlaneInitialized',
    ControlPlaneAvailable: 'ControlPlaneReady',
    InfrastructureReady: 'InfrastructureReady',
    TopologyReconciled: 'TopologyReconciled',
  };
  return conditions.flatMap((condition) => {
    const type = names[condition.type];
    return type ? [{ ...condition, type }] : [];
  });
}
