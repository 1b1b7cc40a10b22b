import type { Guest } from '../guest/guest-server.js';
import type { KubeObject } from '../object.js';
import { capi, clusterName, deploymentName, type World } from '../world.js';
import { type MachineRecord, makeMachine, removeMachine, showMachine } from './machines.js';
import { isCurrent, type Pool, type Topology } from './topology.js';

/** What the controllers know of a cluster besides what its objects say. */
export interface Life {
  readonly machines: MachineRecord[];
  /** How many machines it has had. */
  serial: number;
  infrastructure: boolean;
  initialized: boolean;
  guest: Guest | undefined;
  /** The step that is on the agenda; undefined when there is none. */
  next: symbol | undefined;
}

export const newLife = (): Life => ({
  machines: [],
  serial: 0,
  infrastructure: false,
  initialized: false,
  guest: undefined,
  next: undefined,
});

/**
 * Brings the machines of a pool, or of the control plane, one step nearer to what they shall be: those that wait become
 * ready, missing ones are made, and outdated ones are replaced one after the other. False when nothing is left to do.
 */
export function round(
  world: World,
  cluster: KubeObject,
  life: Life,
  topology: Topology,
  pool: Pool | undefined,
  wanted: number,
): boolean {
  const { namespace = '' } = cluster.metadata;
  const own = life.machines.filter((machine) => machine.pool === pool?.name);
  const current = own.filter((machine) => isCurrent(topology, machine));
  const outdated = own.filter((machine) => !current.includes(machine));
  const waiting = own.filter(({ ready }) => !ready);
  for (const machine of waiting) {
    machine.ready = true;
    showMachine(world, namespace, machine);
  }
  const spare = own.length - wanted;
  if (spare > 0) {
    const first = [...outdated, ...current.toReversed()].slice(0, spare);
    for (const { name } of first) dropMachine(world, life, namespace, name);
    return true;
  }
  if (waiting.length > 0) return true;
  const missing = spare < 0 ? -spare : Math.min(outdated.length, 1);
  for (let made = 0; made < missing; made += 1) {
    life.serial += 1;
    const machine = makeMachine(world, cluster, topology, pool, life.serial);
    life.machines.push(machine);
    showMachine(world, namespace, machine);
  }
  return missing > 0;
}

/** Takes away the pools that the topology no longer has; false when there were none. */
export function dropPools(
  world: World,
  cluster: KubeObject,
  life: Life,
  { pools }: Pick<Topology, 'pools'>,
): boolean {
  const { name, namespace = '' } = cluster.metadata;
  const kept = pools.map((pool) => pool.name);
  const gone = life.machines.filter(({ pool }) => pool !== undefined && !kept.includes(pool));
  for (const machine of gone) dropMachine(world, life, namespace, machine.name);
  const kind = world.kinds.named('machinedeployments', capi);
  for (const deployment of world.store.list(kind, namespace)) {
    const labels = deployment.metadata.labels ?? {};
    if (labels[clusterName] === name && !kept.includes(labels[deploymentName] ?? ''))
      world.store.remove(kind, deployment);
  }
  return gone.length > 0;
}

export function dropMachine(world: World, life: Life, namespace: string, name: string): void {
  removeMachine(world, namespace, name);
  life.machines.splice(
    life.machines.findIndex((machine) => machine.name === name),
    1,
  );
}
