import type { Vif, VirtualMachine } from '../fabric.js';
import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { canonical } from './addresses.js';
import { records, text } from './fields.js';
import { append } from './lists.js';
import { cachedByWorld } from './world-cache.js';

/** A machine at one of its interfaces, and the port it hangs on. A machine without any has one entry without a VIF. */
export interface Interface {
  readonly vm: VirtualMachine;
  readonly vif?: Vif;
  readonly port?: PolicyObject;
  readonly segment?: PolicyObject;
  /** What the port is bound to and what VMware Tools report. */
  readonly addresses: readonly string[];
}

export interface Interfaces {
  readonly all: readonly Interface[];
  readonly byAddress: ReadonlyMap<string, readonly Interface[]>;
  /** By the path and by the unique id of the port. */
  readonly byPort: ReadonlyMap<string, Interface>;
  readonly byVm: ReadonlyMap<string, readonly Interface[]>;
}

/** Every interface that NSX knows. */
export const interfacesOf: (world: World) => Interfaces = cachedByWorld((world) => {
  const ports = new Map<string, PolicyObject>();
  for (const port of world.objects.ofType('SegmentPort')) {
    const attachment = port['attachment'] as { id?: unknown } | undefined;
    if (attachment) ports.set(text(attachment.id), port);
  }
  const found = { all: [], byAddress: new Map(), byPort: new Map(), byVm: new Map() } as {
    all: Interface[];
    byAddress: Map<string, Interface[]>;
    byPort: Map<string, Interface>;
    byVm: Map<string, Interface[]>;
  };
  const owned = new Map<string, Vif[]>();
  for (const vif of world.fabric.vifs()) append(owned, vif.owner_vm_id, vif);
  for (const vm of world.fabric.vms()) {
    const vifs = owned.get(vm.external_id) ?? [undefined];
    for (const vif of vifs) {
      const each = interfaceOf(world, vm, vif, vif && ports.get(vif.lport_attachment_id));
      found.all.push(each);
      append(found.byVm, vm.external_id, each);
      for (const address of each.addresses) append(found.byAddress, address, each);
      if (each.port) {
        found.byPort.set(each.port.path, each);
        found.byPort.set(text(each.port['unique_id']), each);
      }
    }
  }
  return found;
});

function interfaceOf(
  world: World,
  vm: VirtualMachine,
  vif: Vif | undefined,
  port: PolicyObject | undefined,
): Interface {
  const segment = port && world.objects.get(port.parent_path);
  const addresses = [
    ...records(port?.['address_bindings']).map((binding) => text(binding['ip_address'])),
    ...(vif?.ip_address_info ?? []).flatMap((info) => info.ip_addresses),
  ];
  return {
    vm,
    ...(vif && { vif }),
    ...(port && { port }),
    ...(segment && { segment }),
    addresses: [...new Set(addresses.filter((address) => address !== '').map(canonical))],
  };
}
