import type { VirtualMachine } from '@vmware/clients/nsx';
import { type Bits, hasBit } from './bits.js';
import { conditionsOf, type Firewall, type Side, scopeOf } from './firewall.js';
import { type Address, formatAddress, hasAddress, isEmptyIps } from './ip-set.js';
import { isAny, membersOf } from './rule-ends.js';
import { type RuleRef, ruleRef } from './rule-ref.js';

/** Whether something holds. `maybe`: it depends on what could not be read, or on more than membership. */
export type Holds = 'yes' | 'no' | 'maybe';

/** How a VM comes into a rule. */
export interface Via {
  readonly role: 'source' | 'destination' | 'applied_to';
  /** A path or address of the rule; `ANY` for everything, `not in …` where the rule excludes. */
  readonly entry: string;
  readonly certain: boolean;
}

export interface VmRule {
  readonly rule: RuleRef;
  /** Where it judges this VM's traffic: leaving it (`out`), reaching it (`in`), or both. */
  readonly sides: readonly Side[];
  readonly via: readonly Via[];
  readonly certain: boolean;
  readonly disabled: boolean;
  /** What its match depends on besides addresses and ports. */
  readonly conditions: readonly string[];
}

export interface VmExplanation {
  readonly vm: { readonly external_id: string; readonly display_name: string };
  /** Known addresses of all its interfaces. */
  readonly addresses: readonly string[];
  /** Whether the distributed firewall is on at all. */
  readonly firewall_on: Holds;
  readonly excluded: Holds;
  /** Paths of the groups it surely belongs to, and of those it may belong to. */
  readonly groups: readonly string[];
  readonly groups_unknown: readonly string[];
  /** Rules that stand at its interfaces and name it, in evaluation order; disabled ones too. */
  readonly rules: readonly VmRule[];
}

/** Every rule that judges traffic of a VM, and why. Undefined when the VM is not in the snapshot. */
export function explainVm(firewall: Firewall, externalId: string): VmExplanation | undefined {
  const { snapshot, membership } = firewall;
  const vm = snapshot.virtual_machines?.find((one) => one.external_id === externalId);
  if (!vm) return undefined;
  const who = new VmInRules(firewall, vm);
  const enabled = snapshot.firewall?.enable_firewall;
  const member = snapshot.groups.map((group) => ({
    path: group.path,
    holds: who.stands(group.path),
    named: who.matches(group.path),
  }));
  return {
    vm: { external_id: vm.external_id, display_name: vm.display_name },
    addresses: who.addresses.map(formatAddress),
    firewall_on: snapshot.firewall === null ? 'maybe' : enabled === false ? 'no' : 'yes',
    excluded:
      snapshot.exclude_list === null
        ? 'maybe'
        : anyOf(snapshot.exclude_list.members.map((path) => who.stands(path))),
    groups: member.filter((m) => m.named === 'yes').map((m) => m.path),
    groups_unknown: member
      .filter((m) => m.named === 'maybe' && membership.of(m.path).unknown.length > 0)
      .map((m) => m.path),
    rules: firewall.placed.flatMap((placed) => who.inRule(placed) ?? []),
  };
}

/** One interface with one of its addresses, or with none that is known. */
interface Place {
  readonly vnic: number;
  /** Interfaces that have the address: groups are realized as addresses, so their members are meant as well. */
  readonly owners: readonly number[];
  readonly address: Address | undefined;
}

class VmInRules {
  readonly addresses: readonly Address[];
  readonly #firewall: Firewall;
  readonly #places: readonly Place[];
  readonly #known = new Map<string, { stands: Holds; matches: readonly Holds[] }>();

  constructor(firewall: Firewall, vm: VirtualMachine) {
    this.#firewall = firewall;
    const vnics = firewall.vnics.ofVm(vm.external_id);
    this.addresses = vnics.flatMap((vnic) => vnic.addresses);
    this.#places = vnics.flatMap(({ index: vnic, addresses }): Place[] => {
      if (addresses.length === 0) return [{ vnic, owners: [vnic], address: undefined }];
      return addresses.map((address) => {
        const owners = firewall.vnics.withAddress(address).map((owner) => owner.index);
        return { vnic, owners, address };
      });
    });
  }

  /** Whether one of its interfaces is a member. */
  stands(entry: string): Holds {
    return this.#look(entry).stands;
  }

  /** Whether one of its interfaces is a member, or one of its addresses is meant. */
  matches(entry: string): Holds {
    return anyOf(this.#look(entry).matches);
  }

  inRule(placed: Firewall['placed'][number]): VmRule | undefined {
    const { rule } = placed;
    const scope = scopeOf(placed);
    const applied = this.#via('applied_to', scope, false);
    if (applied.length === 0) return undefined;
    const direction = rule.direction ?? 'IN_OUT';
    const out =
      direction === 'IN'
        ? []
        : this.#via('source', rule.source_groups, rule.sources_excluded === true);
    const into =
      direction === 'OUT'
        ? []
        : this.#via('destination', rule.destination_groups, rule.destinations_excluded === true);
    if (out.length === 0 && into.length === 0) return undefined;
    const sides: Side[] = [];
    if (out.length > 0) sides.push('out');
    if (into.length > 0) sides.push('in');
    const conditions = conditionsOf(placed);
    const sure = (list: readonly Via[]) => list.some((via) => via.certain);
    return {
      rule: ruleRef(placed),
      sides,
      via: [...out, ...into, ...applied],
      certain: conditions.length === 0 && sure(applied) && (sure(out) || sure(into)),
      disabled: rule.disabled === true,
      conditions,
    };
  }

  #via(role: Via['role'], list: readonly string[] | undefined, negated: boolean): Via[] {
    if (list === undefined || isAny(list))
      return negated ? [] : [{ role, entry: role === 'applied_to' ? 'DFW' : 'ANY', certain: true }];
    const look = role === 'applied_to' ? this.stands.bind(this) : this.matches.bind(this);
    if (negated) {
      const looks = list.map((entry) => this.#look(entry).matches);
      const inside = this.#places.map((_, p) => anyOf(looks.map((holds) => holds[p] ?? 'no')));
      if (inside.every((holds) => holds === 'yes')) return [];
      return [{ role, entry: `not in ${list.join(', ')}`, certain: inside.includes('no') }];
    }
    return list.flatMap((entry) => {
      const holds = look(entry);
      return holds === 'no' ? [] : [{ role, entry, certain: holds === 'yes' }];
    });
  }

  #look(entry: string) {
    const known = this.#known.get(entry);
    if (known) return known;
    const { membership, vnics } = this.#firewall;
    const { vnics: who, ips } = membersOf(entry, membership, vnics.all.length);
    const member = (indexes: readonly number[]): Holds => {
      const one = (bits: Bits) => indexes.some((index) => hasBit(bits, index));
      return one(who.must) ? 'yes' : one(who.may) ? 'maybe' : 'no';
    };
    // An interface without a known address may have any that is named.
    const named = (address: Address | undefined): Holds => {
      if (!address) return isEmptyIps(ips.may) ? 'no' : 'maybe';
      if (hasAddress(ips.must, address)) return 'yes';
      return hasAddress(ips.may, address) ? 'maybe' : 'no';
    };
    const found = {
      stands: member(this.#places.map((place) => place.vnic)),
      matches: this.#places.map((place) => anyOf([member(place.owners), named(place.address)])),
    };
    this.#known.set(entry, found);
    return found;
  }
}

const anyOf = (list: readonly Holds[]): Holds =>
  list.includes('yes') ? 'yes' : list.includes('maybe') ? 'maybe' : 'no';
