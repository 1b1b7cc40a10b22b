import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { AddressSet } from './addresses.js';
import { records, text, texts } from './fields.js';
import { type Interface, interfacesOf } from './interfaces.js';

/** Where a packet from an interface goes. */
export interface Route {
  /** The interface that has the destination address. */
  readonly destination?: Interface;
  /** Segment of the destination address; absent outside NSX. */
  readonly segment?: PolicyObject;
  /** The router between two segments, or the way out. */
  readonly router?: PolicyObject;
}

/** Finds the way to an address. Segments behind any tier-1 reach each other; VLAN-backed ones are outside the overlay. */
export function routeTo(world: World, from: Interface, address: string): Route {
  const [destination] = interfacesOf(world).byAddress.get(address) ?? [];
  const segment =
    destination?.segment ??
    world.objects.ofType('Segment').find((each) => networkOf(each).has(address));
  const tier1 = world.objects.get(text(from.segment?.['connectivity_path']));
  const sameSegment = segment !== undefined && segment.path === from.segment?.path;
  return {
    ...(destination && { destination }),
    ...(segment && { segment }),
    ...(tier1 && !sameSegment && { router: tier1 }),
  };
}

export const isVlanBacked = (segment: PolicyObject | undefined): boolean =>
  texts(segment?.['vlan_ids']).length > 0;

const networkOf = (segment: PolicyObject): AddressSet =>
  new AddressSet(records(segment['subnets']).map(({ network }) => text(network)));
