import type { Vif, VirtualMachine } from '@vmware/clients/nsx';
import { type Address, formatAddress, parseAddress } from './ip-set.js';
import type { Snapshot } from './snapshot.js';

/** A place where the firewall stands: one network interface of a VM, or a used port of something else. */
export interface Vnic {
  readonly index: number;
  /** Absent for a port whose attachment is no VM's interface. */
  readonly vm?: VirtualMachine;
  /** Absent when the interfaces could not be read, or the VM has none. */
  readonly vif?: Vif;
  readonly portPath?: string;
  readonly segmentPath?: string;
  /** Discovered and bound addresses. Empty when NSX knows none. */
  readonly addresses: readonly Address[];
}

/** Every interface of the snapshot. A VM without a known interface still has one, without addresses. */
export class Vnics {
  readonly all: readonly Vnic[];
  readonly #byVm = new Map<string, Vnic[]>();
  readonly #byAddress = new Map<string, Vnic[]>();

  constructor(snapshot: Snapshot) {
    this.all = collect(snapshot);
    for (const vnic of this.all) {
      if (vnic.vm) push(this.#byVm, vnic.vm.external_id, vnic);
      for (const address of vnic.addresses) push(this.#byAddress, formatAddress(address), vnic);
    }
  }

  ofVm(externalId: string): readonly Vnic[] {
    return this.#byVm.get(externalId) ?? [];
  }

  /** More than one when segments use the same addresses. */
  withAddress(address: Address): readonly Vnic[] {
    return this.#byAddress.get(formatAddress(address)) ?? [];
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function collect(snapshot: Snapshot): Vnic[] {
  const portByAttachment = new Map(
    (snapshot.segment_ports ?? []).flatMap((port) =>
      port.attachment?.id === undefined ? [] : [[port.attachment.id, port] as const],
    ),
  );
  const vifsByVm = new Map<string, Vif[]>();
  for (const vif of snapshot.vifs ?? []) push(vifsByVm, vif.owner_vm_id, vif);
  const used = new Set<string>();
  const out: Vnic[] = [];
  const add = (vm: VirtualMachine | undefined, vif: Vif | undefined, attachment?: string) => {
    const port = attachment === undefined ? undefined : portByAttachment.get(attachment);
    if (attachment !== undefined) used.add(attachment);
    const segmentPath = port?.parent_path ?? port?.path.replace(/\/ports\/[^/]*$/, '');
    out.push({
      index: out.length,
      ...(vm && { vm }),
      ...(vif && { vif }),
      ...(port && { portPath: port.path }),
      ...(segmentPath !== undefined && { segmentPath }),
      addresses: addressesOf([
        ...(vif?.ip_address_info ?? []).flatMap((info) => info.ip_addresses ?? []),
        ...(port?.address_bindings ?? []).flatMap((binding) => binding.ip_address ?? []),
      ]),
    });
  };
  for (const vm of snapshot.virtual_machines ?? []) {
    const vifs = vifsByVm.get(vm.external_id) ?? [];
    if (vifs.length === 0) add(vm, undefined);
    for (const vif of vifs) add(vm, vif, vif.lport_attachment_id);
    vifsByVm.delete(vm.external_id);
  }
  // Interfaces of VMs that could not be read, and ports that belong to no VM.
  for (const vif of [...vifsByVm.values()].flat()) add(undefined, vif, vif.lport_attachment_id);
  if (snapshot.vifs !== null)
    for (const attachment of portByAttachment.keys())
      if (!used.has(attachment)) add(undefined, undefined, attachment);
  return out;
}

function addressesOf(texts: readonly string[]): Address[] {
  const known = new Map<string, Address>();
  for (const text of texts) {
    const address = parseAddress(text.replace(/\/\d+$/, ''));
    if (address) known.set(formatAddress(address), address);
  }
  return [...known.values()];
}

/** `vm-name`, or the port, for people. */
export const nameOf = (vnic: Vnic) =>
  vnic.vm?.display_name ?? vnic.portPath ?? vnic.vif?.display_name ?? `interface ${vnic.index}`;
