import { flat, type Ref, type Snapshot, toolsRunning, type Vm } from '../inventory/entities.js';
import { demandOf, type Method, type Request, startTask } from './method.js';
import { VimFault } from './vim-fault.js';
import { type HeldSnapshot, resolve } from './world.js';

/** The longest chain of snapshots vSphere supports. */
const deepest = 32;

export const snapshotMethods: Readonly<Record<string, Method>> = {
  CreateSnapshot_Task: {
    of: 'VirtualMachine',
    changes: true,
    privilege: 'VirtualMachine.State.CreateSnapshot',
    run: (request) => {
      const vm = request.on.source as Vm;
      if (vm.template) throw new VimFault('NotSupported');
      return startTask(request, vm, {
        descriptionId: 'VirtualMachine.createSnapshot',
        cancelable: true,
        work: () => create(request, vm),
      });
    },
  },
  RevertToSnapshot_Task: {
    of: 'VirtualMachineSnapshot',
    changes: true,
    run: (request) => {
      const held = request.on.source as HeldSnapshot;
      demandOf(request, 'VirtualMachine.State.RevertToSnapshot', vmRef(held.vm));
      return startTask(request, held.vm, {
        descriptionId: 'vm.Snapshot.revert',
        work: () => revert(request, again(request)),
      });
    },
  },
  RemoveSnapshot_Task: {
    of: 'VirtualMachineSnapshot',
    changes: true,
    run: (request) => {
      const held = request.on.source as HeldSnapshot;
      demandOf(request, 'VirtualMachine.State.RemoveSnapshot', vmRef(held.vm));
      return startTask(request, held.vm, {
        descriptionId: 'vm.Snapshot.remove',
        work: () => remove(request, again(request)),
      });
    },
  },
};

const vmRef = (vm: Vm): Ref => ({ type: 'VirtualMachine', value: vm.id });

/** Looked up once more when the task runs: the snapshot may have gone. */
const again = ({ world, on }: Request): HeldSnapshot =>
  resolve(world, on.ref).source as HeldSnapshot;

function create({ world, args }: Request, vm: Vm): Ref {
  const name = String(args['name']);
  if (name === '' || name.length > 80)
    throw new VimFault('InvalidName', { name }, `The name '${name}' is invalid.`);
  const running = vm.power === 'poweredOn';
  const quiesce = args['quiesce'] === true && running;
  if (quiesce && !toolsRunning(vm)) throw new VimFault('ToolsUnavailable');
  if (depth(vm.snapshots, vm.currentSnapshot) >= deepest)
    throw new VimFault('TooManySnapshotLevels');
  const { inventory, clock } = world;
  const number = inventory.nextId('');
  const snapshot: Snapshot = {
    id: `snapshot-${number}`,
    number: Number(number),
    name,
    description: String(args['description'] ?? ''),
    created: clock.now(),
    power: running && args['memory'] !== true ? 'poweredOff' : vm.power,
    quiesced: quiesce,
    children: [],
  };
  const current = flat(vm.snapshots).find(({ id }) => id === vm.currentSnapshot);
  (current?.children ?? vm.snapshots).push(snapshot);
  inventory.change<Vm>(vm, { currentSnapshot: snapshot.id });
  return { type: 'VirtualMachineSnapshot', value: snapshot.id };
}

/** Without its memory a machine comes back powered off, whatever it was. */
function revert({ world, args }: Request, { vm, snapshot }: HeldSnapshot): void {
  const { inventory, clock } = world;
  const stays = snapshot.power === 'poweredOn' && args['suppressPowerOn'] === true;
  inventory.change<Vm>(vm, { currentSnapshot: snapshot.id });
  inventory.setPower(vm, stays ? 'poweredOff' : snapshot.power, clock.now());
}

/** Children of a removed snapshot move up to its parent, unless they are removed with it. */
function remove({ world, args }: Request, { vm, snapshot }: HeldSnapshot): void {
  const parent = flat(vm.snapshots).find(({ children }) => children.includes(snapshot));
  const siblings = parent?.children ?? vm.snapshots;
  const withChildren = args['removeChildren'] === true;
  siblings.splice(siblings.indexOf(snapshot), 1, ...(withChildren ? [] : snapshot.children));
  if (!flat(vm.snapshots).some(({ id }) => id === vm.currentSnapshot)) {
    if (parent) vm.currentSnapshot = parent.id;
    else delete vm.currentSnapshot;
  }
  world.inventory.touch(vm.id, false);
}

/** How many snapshots lie above and including the current one. */
function depth(snapshots: readonly Snapshot[], current: string | undefined): number {
  for (const { id, children } of snapshots) {
    if (id === current) return 1;
    const below = depth(children, current);
    if (below > 0) return below + 1;
  }
  return 0;
}
