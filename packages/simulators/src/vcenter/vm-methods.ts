import { type Entity, type Power, toolsRunning, type Vm } from '../inventory/entities.js';
import { escapeName } from '../inventory/name.js';
import { demandOf, type Method, type Request, startTask } from './method.js';
import { invalidPowerState, VimFault } from './vim-fault.js';

const vmOf = ({ on }: Request): Vm => on.source as Vm;

/** A template has no power: vCenter refuses the call itself, not its task. */
function noTemplate(vm: Vm): void {
  if (vm.template) throw new VimFault('NotSupported');
}

/** A change of power, allowed from the states listed. The state is judged when the task runs. */
const power = (
  privilege: string,
  descriptionId: string,
  to: Power,
  from: readonly Power[],
): Method => ({
  of: 'VirtualMachine',
  changes: true,
  privilege,
  run: (request) => {
    const vm = vmOf(request);
    noTemplate(vm);
    const { inventory, clock } = request.world;
    const work = () => {
      if (!from.includes(vm.power)) throw invalidPowerState(to, vm.power);
      const host = inventory.get(vm.host);
      if (host?.kind === 'host' && host.connection !== 'connected')
        throw new VimFault('HostNotConnected');
      inventory.setPower(vm, to, clock.now());
    };
    return startTask(request, vm, { descriptionId, work });
  },
});

/** Power, guest shutdown, rename and destroy. */
export const vmMethods: Readonly<Record<string, Method>> = {
  PowerOnVM_Task: power('VirtualMachine.Interact.PowerOn', 'VirtualMachine.powerOn', 'poweredOn', [
    'poweredOff',
    'suspended',
  ]),
  PowerOffVM_Task: power(
    'VirtualMachine.Interact.PowerOff',
    'VirtualMachine.powerOff',
    'poweredOff',
    ['poweredOn'],
  ),
  SuspendVM_Task: power('VirtualMachine.Interact.Suspend', 'VirtualMachine.suspend', 'suspended', [
    'poweredOn',
  ]),
  ShutdownGuest: {
    of: 'VirtualMachine',
    changes: true,
    privilege: 'VirtualMachine.Interact.PowerOff',
    run: (request) => {
      const vm = vmOf(request);
      noTemplate(vm);
      if (vm.power !== 'poweredOn') throw invalidPowerState('poweredOn', vm.power);
      if (!toolsRunning(vm)) throw new VimFault('ToolsUnavailable');
      const { inventory, clock, tasks } = request.world;
      tasks.later(() => {
        if (inventory.get(vm.id) && vm.power === 'poweredOn')
          inventory.setPower(vm, 'poweredOff', clock.now());
      });
    },
  },
  Rename_Task: {
    of: 'ManagedEntity',
    changes: true,
    run: (request) => {
      const entity = request.on.source as Entity;
      demandOf(request, renames[entity.kind] ?? 'Global.Manage', request.on.ref);
      const name = escapeName(String(request.args['newName']));
      return startTask(request, entity, {
        descriptionId: 'ManagedEntity.rename',
        work: () => rename(request, entity, name),
      });
    },
  },
  Destroy_Task: {
    of: 'ManagedEntity',
    changes: true,
    run: (request) => {
      const vm = request.on.source as Entity;
      if (vm.kind !== 'vm') throw new VimFault('NotSupported');
      demandOf(request, 'VirtualMachine.Inventory.Delete', request.on.ref);
      const work = () => {
        if (vm.power === 'poweredOn') throw invalidPowerState('poweredOff', vm.power);
        request.world.inventory.remove(vm);
      };
      return startTask(request, vm, { descriptionId: 'ManagedEntity.destroy', work });
    },
  },
};

const renames: Readonly<Partial<Record<Entity['kind'], string>>> = {
  vm: 'VirtualMachine.Config.Rename',
  folder: 'Folder.Rename',
  datacenter: 'Datacenter.Rename',
  datastore: 'Datastore.Rename',
  cluster: 'Host.Inventory.RenameCluster',
  pool: 'Resource.RenamePool',
};

function rename({ world: { inventory }, on }: Request, entity: Entity, name: string): void {
  if (name === '' || name.length > 80)
    throw new VimFault('InvalidName', { name, entity: on.ref }, `The name '${name}' is invalid.`);
  const twin = inventory
    .children(entity.parent ?? '')
    .find((each) => each !== entity && each.name === name);
  if (twin)
    throw new VimFault(
      'DuplicateName',
      { name, object: { type: on.ref.type, value: twin.id } },
      `The name '${name}' already exists.`,
    );
  inventory.rename(entity, name);
}
