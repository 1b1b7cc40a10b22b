import { toolsRunning, type Vm } from '../inventory/entities.js';
import type { Inventory } from '../inventory/inventory.js';
import { uniqueId } from './estate/unique-id.js';

/** `scope` may be empty; NSX keeps both parts as they were written. */
export interface Tag {
  readonly scope: string;
  readonly tag: string;
}

/** GET /api/v1/fabric/virtual-machines. `tags` is absent when there are none. */
export interface VirtualMachine {
  readonly external_id: string;
  readonly display_name: string;
  readonly resource_type: 'VirtualMachine';
  readonly type: 'REGULAR' | 'EDGE';
  readonly power_state: 'VM_RUNNING' | 'VM_STOPPED' | 'VM_SUSPENDED';
  readonly host_id: string;
  readonly local_id_on_host: string;
  readonly compute_ids: readonly string[];
  readonly source: {
    readonly target_id: string;
    readonly target_display_name: string;
    readonly target_type: 'HostNode';
    readonly is_valid: true;
  };
  readonly guest_info: { readonly os_name: string; readonly computer_name?: string };
  readonly tags?: readonly Tag[];
}

/** GET /api/v1/fabric/vifs. Only running VMware Tools report addresses. */
export interface Vif {
  readonly external_id: string;
  readonly owner_vm_id: string;
  readonly owner_vm_type: 'REGULAR' | 'EDGE';
  readonly resource_type: 'VirtualNetworkInterface';
  readonly display_name: string;
  readonly device_key: string;
  readonly device_name: string;
  readonly host_id: string;
  readonly vm_local_id_on_host: string;
  readonly mac_address: string;
  readonly lport_attachment_id: string;
  readonly ip_address_info?: readonly {
    readonly source: 'VM_TOOLS';
    readonly ip_addresses: readonly string[];
  }[];
}

const powerStates = {
  poweredOn: 'VM_RUNNING',
  poweredOff: 'VM_STOPPED',
  suspended: 'VM_SUSPENDED',
} as const;

interface Seen {
  readonly vms: Map<string, VirtualMachine>;
  readonly vifs: Map<string, Vif>;
  /** Machines whose VMware Tools report addresses. */
  readonly talking: Set<string>;
}

/** The machines and interfaces of the inventory as NSX sees them, and the tags it keeps on them. Templates are unknown to it. */
export class Fabric {
  readonly inventory: Inventory;
  readonly #tags = new Map<string, readonly Tag[]>();
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #edges: VirtualMachine[] = [];
  #seen: Seen | undefined;
  #version = 0;

  constructor(inventory: Inventory) {
    this.inventory = inventory;
    inventory.onChange(() => this.#forget());
  }

  /** Grows with every change of a machine, an address or a tag. */
  get version(): number {
    return this.#version;
  }

  vms(): VirtualMachine[] {
    return [...this.#look().vms.values()];
  }

  vm(externalId: string): VirtualMachine | undefined {
    return this.#look().vms.get(externalId);
  }

  vifs(): Vif[] {
    return [...this.#look().vifs.values()];
  }

  vif(externalId: string): Vif | undefined {
    return this.#look().vifs.get(externalId);
  }

  hostName(hostId: string): string | undefined {
    return this.inventory.all('host').find((host) => transportNodeId(host.id) === hostId)?.name;
  }

  /** Replaces every tag of a machine. False: there is no such machine. */
  setTags(externalId: string, tags: readonly Partial<Tag>[]): boolean {
    const { vms } = this.#look();
    const vm = vms.get(externalId);
    if (!vm) return false;
    this.#tags.set(externalId, distinct(tags));
    vms.set(externalId, this.#tagged(vm));
    this.#version += 1;
    return true;
  }

  addTags(externalId: string, tags: readonly Partial<Tag>[]): boolean {
    return this.setTags(externalId, [...(this.#tags.get(externalId) ?? []), ...tags]);
  }

  /** Removes the tags whose scope and value are exactly these. */
  removeTags(externalId: string, tags: readonly Partial<Tag>[]): boolean {
    const gone = new Set(distinct(tags).map(keyOf));
    const kept = (this.#tags.get(externalId) ?? []).filter((tag) => !gone.has(keyOf(tag)));
    return this.setTags(externalId, kept);
  }

  /** The addresses the guest has on an interface. */
  setAddresses(vifId: string, addresses: readonly string[]): void {
    const { vifs, talking } = this.#look();
    this.#addresses.set(vifId, addresses);
    const vif = vifs.get(vifId);
    if (vif) vifs.set(vifId, this.#addressed(vif, talking.has(vif.owner_vm_id)));
    this.#version += 1;
  }

  /** An NSX Edge node: a machine that the vCenter inventory of the simulation does not list. */
  addEdge(name: string): VirtualMachine {
    const host = this.inventory.all('host')[0];
    const edge = described({
      name,
      externalId: uniqueId(`edge ${name}`),
      localId: name,
      host: { id: transportNodeId(host?.id ?? ''), name: host?.name ?? '' },
      type: 'EDGE',
      power: 'VM_RUNNING',
      guest: { os_name: 'Ubuntu Linux (64-bit)' },
    });
    this.#edges.push(edge);
    this.#forget();
    return edge;
  }

  #forget(): void {
    this.#seen = undefined;
    this.#version += 1;
  }

  #look(): Seen {
    if (this.#seen) return this.#seen;
    const hosts = new Map(this.inventory.all('host').map((host) => [host.id, host]));
    const seen: Seen = { vms: new Map(), vifs: new Map(), talking: new Set() };
    for (const vm of this.inventory.all('vm')) {
      if (vm.template) continue;
      const host = hosts.get(vm.host);
      const owner = described({
        name: plainName(vm.name),
        externalId: vm.instanceUuid,
        localId: vm.id.replace(/^vm-/, ''),
        host: { id: transportNodeId(vm.host), name: host?.name ?? '' },
        type: 'REGULAR',
        power: powerStates[vm.power],
        guest: {
          os_name: vm.guestName,
          ...(vm.hostName === undefined ? {} : { computer_name: vm.hostName }),
        },
      });
      const talks = toolsRunning(vm);
      if (talks) seen.talking.add(owner.external_id);
      seen.vms.set(owner.external_id, this.#tagged(owner));
      for (const vif of vifsOf(vm, owner))
        seen.vifs.set(vif.external_id, this.#addressed(vif, talks));
    }
    for (const edge of this.#edges) seen.vms.set(edge.external_id, this.#tagged(edge));
    this.#seen = seen;
    return seen;
  }

  #tagged({ tags: _before, ...vm }: VirtualMachine): VirtualMachine {
    const tags = this.#tags.get(vm.external_id) ?? [];
    return tags.length > 0 ? { ...vm, tags } : vm;
  }

  #addressed({ ip_address_info: _before, ...vif }: Vif, talks: boolean): Vif {
    const ip_addresses = this.#addresses.get(vif.external_id) ?? [];
    return talks && ip_addresses.length > 0
      ? { ...vif, ip_address_info: [{ source: 'VM_TOOLS', ip_addresses }] }
      : vif;
  }
}

function vifsOf(vm: Vm, owner: VirtualMachine): Vif[] {
  return vm.nics.map((nic, at) => {
    const id = `${vm.instanceUuid}-${4000 + at}`;
    return {
      external_id: id,
      owner_vm_id: owner.external_id,
      owner_vm_type: owner.type,
      resource_type: 'VirtualNetworkInterface',
      display_name: nic.label,
      device_key: String(4000 + at),
      device_name: nic.label,
      host_id: owner.host_id,
      vm_local_id_on_host: owner.local_id_on_host,
      mac_address: nic.mac,
      lport_attachment_id: uniqueId(`attachment of ${id}`),
    };
  });
}

interface Described {
  readonly name: string;
  readonly externalId: string;
  readonly localId: string;
  readonly host: { readonly id: string; readonly name: string };
  readonly type: VirtualMachine['type'];
  readonly power: VirtualMachine['power_state'];
  readonly guest: VirtualMachine['guest_info'];
}

function described(vm: Described): VirtualMachine {
  return {
    external_id: vm.externalId,
    display_name: vm.name,
    resource_type: 'VirtualMachine',
    type: vm.type,
    power_state: vm.power,
    host_id: vm.host.id,
    local_id_on_host: vm.localId,
    compute_ids: [
      `moIdOnHost:${vm.localId}`,
      `externalId:${vm.externalId}`,
      `instanceUuid:${vm.externalId}`,
    ],
    source: {
      target_id: vm.host.id,
      target_display_name: vm.host.name,
      target_type: 'HostNode',
      is_valid: true,
    },
    guest_info: vm.guest,
  };
}

/** The id NSX gives a host, not the host's own. */
const transportNodeId = (hostId: string): string => uniqueId(`transport node ${hostId}`);

/** vCenter escapes three characters in a name; NSX shows the plain one. */
const plainName = (name: string): string =>
  name.replace(/%(2f|5c|25)/gi, (escaped) => decodeURIComponent(escaped));

const keyOf = (tag: Tag): string => `${tag.scope}|${tag.tag}`;

function distinct(tags: readonly Partial<Tag>[]): Tag[] {
  const whole = tags.map(({ scope = '', tag = '' }) => ({ scope, tag }));
  return [...new Map(whole.map((tag) => [keyOf(tag), tag])).values()];
}
