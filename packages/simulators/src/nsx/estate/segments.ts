import type { Vif } from '../fabric.js';
import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { type Fields, put } from './put.js';
import { uniqueId } from './unique-id.js';

const transportZones = '/infra/sites/default/enforcement-points/default/transport-zones';

/** An overlay segment behind a tier-1 router. `gateway` is its address with the prefix length: `10.10.1.1/24`. */
export function plantOverlay(world: World, path: string, gateway: string, tier1: string): void {
  plantSegment(world, path, gateway, {
    transport_zone_path: `${transportZones}/overlay`,
    connectivity_path: tier1,
    type: 'ROUTED',
  });
}

/** A VLAN-backed segment: the physical network routes it. */
export function plantVlan(world: World, path: string, gateway: string, vlan: string): void {
  plantSegment(world, path, gateway, {
    transport_zone_path: `${transportZones}/vlan`,
    type: 'DISCONNECTED',
    vlan_ids: [vlan],
  });
}

function plantSegment(world: World, path: string, gateway: string, fields: Fields): void {
  const [address = '', prefix = ''] = gateway.split('/');
  put(world, 'Segment', path, {
    ...fields,
    subnets: [
      { gateway_address: gateway, network: `${address.replace(/\.\d+$/, '.0')}/${prefix}` },
    ],
    replication_mode: 'MTEP',
    unique_id: uniqueId(path),
  });
}

/** The port an interface hangs on, bound to its addresses. */
export function plantPort(
  world: World,
  segment: string,
  vif: Vif,
  addresses: readonly string[],
): PolicyObject {
  world.fabric.setAddresses(vif.external_id, addresses);
  const vm = world.fabric.vm(vif.owner_vm_id);
  return put(world, 'SegmentPort', `${segment}/ports/port-${vif.external_id}`, {
    display_name: `${vm?.display_name ?? ''}/${vif.display_name}`.slice(0, 255),
    attachment: { id: vif.lport_attachment_id, type: 'STATIC', traffic_tag: 0 },
    address_bindings: addresses.map((ip_address) => ({
      ip_address,
      mac_address: vif.mac_address,
    })),
    unique_id: uniqueId(`port of ${vif.external_id}`),
  });
}
