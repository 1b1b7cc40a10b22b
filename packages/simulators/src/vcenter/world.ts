import { flat, type Ref, refOf, type Snapshot, type Vm } from '../inventory/entities.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Clock } from '../server/clock.js';
import type { VcenterVersion } from '../server/vcenter-version.js';
import { aboutOf, serviceContent } from './service-content.js';
import type { Session, Sessions } from './sessions.js';
import type { Tasks } from './tasks.js';
import { notFound } from './vim-fault.js';

/** What every method of the vCenter face works on. */
export interface World {
  readonly inventory: Inventory;
  readonly tasks: Tasks;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly version: VcenterVersion;
  /** Objects in a page when a client asks for no limit; absent: everything at once. */
  readonly pageSize: number | undefined;
}

/** A managed object: its reference and whatever holds its state. */
export interface Managed {
  readonly ref: Ref;
  readonly source: unknown;
}

/** A snapshot is found with the machine it belongs to. */
export interface HeldSnapshot {
  readonly vm: Vm;
  readonly snapshot: Snapshot;
}

const services = new Map<string, Ref>(
  [
    { type: 'ServiceInstance', value: 'ServiceInstance' },
    ...Object.values(serviceContent('group-d1', aboutOf('8.0.3'))).filter(
      (each): each is Ref => 'type' in each && each.type !== 'Folder',
    ),
  ].map((ref) => [ref.value, ref]),
);

/** Finds a managed object. Views, collectors and filters belong to a session and to nobody else. */
export function resolve(world: World, ref: Ref, session?: Session): Managed {
  const found = lookUp(world, ref, session);
  if (!found || found.ref.type !== ref.type) throw notFound(ref);
  return found;
}

function lookUp(world: World, { type, value }: Ref, session?: Session): Managed | undefined {
  const entity = world.inventory.get(value);
  if (entity) return { ref: refOf(entity), source: entity };
  const service = services.get(value);
  if (service) return { ref: service, source: session };
  const task = world.tasks.get(value);
  if (task) return { ref: { type: 'Task', value }, source: task };
  if (type === 'VirtualMachineSnapshot') {
    const source = heldSnapshot(world.inventory, value);
    return source && { ref: { type, value }, source };
  }
  const own = session?.objects.get(value);
  return own && { ref: { type: own.type, value }, source: own };
}

function heldSnapshot(inventory: Inventory, id: string): HeldSnapshot | undefined {
  for (const vm of inventory.all('vm')) {
    const snapshot = flat(vm.snapshots).find((each) => each.id === id);
    if (snapshot) return { vm, snapshot };
  }
  return undefined;
}
