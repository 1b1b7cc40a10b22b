import { members } from './bits.js';
import type { Firewall } from './firewall.js';
import {
  formatAddress,
  formatIps,
  hasAddress,
  type IpSet,
  isEmptyIps,
  parseIps,
} from './ip-set.js';
import { nameOf, type Vnic } from './vnics.js';

/** One end of a question: a VM by its external_id, a group by its path, or an address, prefix or range. */
export type End =
  | { readonly kind: 'vm'; readonly external_id: string }
  | { readonly kind: 'group'; readonly path: string }
  | { readonly kind: 'ip'; readonly ip: string };

/** Somebody at one end: an interface with one of its addresses, or addresses that no VM has. */
export interface Party {
  /** Its class in `Points`. */
  readonly class: number;
  readonly vnic?: Vnic;
  readonly label: string;
}

export interface Parties {
  readonly all: readonly Party[];
  /** Why there may be others. */
  readonly unknown: readonly string[];
}

/** The interfaces that surely belong to a group. */
export const membersOfGroup = ({ membership, vnics }: Firewall, path: string): Vnic[] =>
  members(membership.of(path).vnics.must).flatMap((index) => vnics.all[index] ?? []);

/** Everybody an end stands for. None when the VM or the address does not exist, or the group is empty. */
export function partiesOf(firewall: Firewall, end: End): Parties {
  switch (end.kind) {
    case 'vm':
      return { all: ofVnics(firewall, firewall.vnics.ofVm(end.external_id)), unknown: [] };
    case 'group': {
      const group = firewall.membership.of(end.path);
      const inGroup = members(group.vnics.must);
      const all = firewall.vnics.all;
      const own = ofVnics(
        firewall,
        inGroup.flatMap((index) => all[index] ?? []),
      );
      const named = isEmptyIps(group.ips.must)
        ? []
        : ofIps(firewall, group.ips.must).filter(
            (party) => !own.some((o) => o.vnic === party.vnic && o.label === party.label),
          );
      return { all: [...own, ...named], unknown: group.unknown };
    }
    case 'ip': {
      const ips = parseIps(end.ip);
      return { all: ips ? ofIps(firewall, ips) : [], unknown: [] };
    }
  }
}

function ofVnics(firewall: Firewall, vnics: readonly Vnic[]): Party[] {
  return vnics.flatMap((vnic) =>
    firewall.points.ofVnic(vnic).map((place) => ({
      class: place.class,
      vnic,
      label: place.address
        ? `${nameOf(vnic)} (${formatAddress(place.address)})`
        : `${nameOf(vnic)} (address unknown)`,
    })),
  );
}

function ofIps(firewall: Firewall, ips: IpSet): Party[] {
  const owned = firewall.vnics.all.flatMap((vnic) =>
    firewall.points.ofVnic(vnic).flatMap((place) =>
      place.address && hasAddress(ips, place.address)
        ? [
            {
              class: place.class,
              vnic,
              label: `${nameOf(vnic)} (${formatAddress(place.address)})`,
            },
          ]
        : [],
    ),
  );
  const outside = firewall.points.outside(ips, firewall.vnics).map((place) => ({
    class: place.class,
    label: abbreviated(formatIps(place.ips)),
  }));
  return [...owned, ...outside];
}

const abbreviated = (list: readonly string[]) =>
  list.length <= 3 ? list.join(', ') : `${list.slice(0, 3).join(', ')} and ${list.length - 3} more`;
