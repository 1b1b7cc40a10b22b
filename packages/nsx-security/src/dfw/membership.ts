import type { Expression, Group, Tag } from '@vmware/clients/nsx';
import { addBits, allBits, noBits, setBit } from './bits.js';
import { conditionTest, type Subject } from './condition.js';
import { allIps, noIps, parseIps, uniteIps } from './ip-set.js';
import { between, both, either, exactly, type Members } from './members.js';
import type { Snapshot } from './snapshot.js';
import type { Vnics } from './vnics.js';

/** Effective members of groups, computed when first asked and remembered. */
export class Membership {
  readonly #snapshot: Snapshot;
  readonly #vnics: Vnics;
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #known = new Map<string, Members>();
  readonly #none: Members;
  readonly #indexes = new Map<string, ReadonlyMap<string, readonly number[]>>();
  readonly #subjects = new Map<string, Subjects | null>();

  constructor(snapshot: Snapshot, vnics: Vnics) {
    this.#snapshot = snapshot;
    this.#vnics = vnics;
    this.#groups = new Map(snapshot.groups.map((group) => [group.path, group]));
    const none = noBits(vnics.all.length);
    this.#none = exactly(none, noIps);
  }

  /** Members of what stands at this path: a group, segment, segment port or VM. Unknown when it is not in the snapshot. */
  of(path: string): Members {
    const known = this.#known.get(path);
    if (known) return known;
    // A group that contains itself meets this while it is being worked out.
    this.#known.set(path, this.#unknown(`${path} contains itself`));
    const members = this.#resolve(path);
    this.#known.set(path, members);
    return members;
  }

  #resolve(path: string): Members {
    const group = this.#groups.get(path);
    if (group) return this.#ofGroup(group);
    if (/\/segments\/[^/]+\/ports\/[^/]+$/.test(path))
      return this.#lookUp('port', path, this.#snapshot.segment_ports === null);
    if (/\/segments\/[^/]+$/.test(path))
      return this.#lookUp('segment', path, this.#snapshot.segment_ports === null);
    if (/\/virtual-machines\/[^/]+$/.test(path)) {
      const id = path.slice(path.lastIndexOf('/') + 1);
      return this.#lookUp('vm', id, this.#snapshot.virtual_machines === null);
    }
    return this.#unknown(`${path} is not in the snapshot`);
  }

  #ofGroup(group: Group): Members {
    if ((group.extended_expression ?? []).length > 0)
      return this.#unknown(`${group.path} depends on who is logged in`);
    if (group.group_type?.some((type) => type === 'ANTREA'))
      return this.#unknown(`${group.path} is a group of Antrea`);
    return this.#list(group.expression ?? [], group.path);
  }

  /**
   * A list of expressions joined by AND and OR. NSX does not document which binds tighter, so where the two readings
   * differ the membership is unknown.
   */
  #list(list: readonly Expression[], where: string): Members {
    const operands = list.filter((_, i) => i % 2 === 0).map((e) => this.#expression(e, where));
    const operators = list.filter((_, i) => i % 2 === 1).map((e) => e['conjunction_operator']);
    const [first = this.#none, ...rest] = operands;
    if (operators.length !== rest.length || operators.some((o) => o !== 'AND' && o !== 'OR'))
      return list.length === 0 ? this.#none : this.#unknown(`${where} has a malformed expression`);
    const leftToRight = rest.reduce(
      (sum, next, i) => (operators[i] === 'AND' ? both(sum, next) : either(sum, next)),
      first,
    );
    const mixed = operators.includes('OR') && operators.includes('AND');
    if (!mixed) return leftToRight;
    const terms: Members[] = [first];
    rest.forEach((next, i) => {
      if (operators[i] === 'AND') terms.push(both(terms.pop() ?? this.#none, next));
      else terms.push(next);
    });
    return between(leftToRight, terms.reduce(either), `${where} mixes AND and OR`);
  }

  #expression(expression: Expression, where: string): Members {
    switch (expression.resource_type) {
      case 'Condition':
        return this.#condition(expression, where);
      case 'NestedExpression':
        return this.#list(listOf<Expression>(expression['expressions']), where);
      case 'IPAddressExpression':
        return this.#addresses(listOf<string>(expression['ip_addresses']), where);
      case 'MACAddressExpression':
        return this.#each('mac', expression['mac_addresses'], this.#snapshot.vifs === null, where);
      case 'PathExpression':
        return listOf<string>(expression['paths'])
          .map((path) => this.of(path))
          .reduce(either, this.#none);
      case 'ExternalIDExpression':
        return this.#externalIds(expression, where);
      default:
        return this.#unknown(`${where} has a ${expression.resource_type}`);
    }
  }

  #externalIds(expression: Expression, where: string): Members {
    const ids = expression['external_ids'];
    const { vifs, virtual_machines } = this.#snapshot;
    if (expression['member_type'] === 'VirtualMachine')
      return this.#each('vm', ids, virtual_machines === null, where);
    if (expression['member_type'] === 'VirtualNetworkInterface')
      return this.#each('vif', ids, vifs === null, where);
    return this.#unknown(`${where} names members of type ${String(expression['member_type'])}`);
  }

  #addresses(texts: readonly string[], where: string): Members {
    const sets = texts.map((text) => parseIps(text));
    const good = uniteIps(sets.filter((set) => set !== null));
    const exact = exactly(this.#none.vnics.must, good);
    if (!sets.includes(null)) return exact;
    return {
      ...exact,
      ips: { must: good, may: allIps },
      unknown: [`${where} has an address that cannot be read`],
    };
  }

  #condition(condition: Expression, where: string): Members {
    const kind = String(condition['member_type']);
    const test = conditionTest(condition);
    const subjects = this.#subjectsOf(kind);
    if (subjects === undefined || !test)
      return this.#unknown(
        `${where} asks for ${kind} ${condition['key']} ${condition['operator']}`,
      );
    if (subjects === null) return this.#unknown(`${where} depends on objects that were not read`);
    const bits = noBits(this.#vnics.all.length);
    for (const [subject, indexes] of subjects)
      if (test(subject)) for (const index of indexes) setBit(bits, index);
    return exactly(bits, noIps);
  }

  /** The VMs, segments or ports a condition asks about, with their interfaces. Null: not read. Undefined: no such kind. */
  #subjectsOf(kind: string): Subjects | null | undefined {
    const known = this.#subjects.get(kind);
    if (known !== undefined) return known;
    const { segments, segment_ports, virtual_machines } = this.#snapshot;
    const indexes = (key: Key, id: string) => this.#index(key).get(id.toLowerCase()) ?? [];
    let made: Subjects | null | undefined;
    if (kind === 'VirtualMachine')
      made =
        virtual_machines?.map((vm) => [
          subjectOf(vm.display_name, vm.tags, vm.guest_info),
          indexes('vm', vm.external_id),
        ]) ?? null;
    else if (kind === 'Segment' || kind === 'SegmentPort') {
      const objects = kind === 'Segment' ? segments : segment_ports;
      const key = kind === 'Segment' ? 'segment' : 'port';
      made =
        (segment_ports &&
          objects?.map((o) => [subjectOf(o.display_name ?? o.id, o.tags), indexes(key, o.path)])) ??
        null;
    }
    if (made !== undefined) this.#subjects.set(kind, made);
    return made;
  }

  #each(key: Key, values: unknown, unread: boolean, where: string): Members {
    if (unread) return this.#unknown(`${where} depends on objects that were not read`);
    const out = noBits(this.#vnics.all.length);
    for (const value of listOf<string>(values)) addBits(out, this.#lookUp(key, value).vnics.must);
    return exactly(out, noIps);
  }

  #lookUp(key: Key, value: string, unread = false): Members {
    if (unread) return this.#unknown(`${value} depends on objects that were not read`);
    const bits = noBits(this.#vnics.all.length);
    for (const index of this.#index(key).get(value.toLowerCase()) ?? []) setBit(bits, index);
    return exactly(bits, noIps);
  }

  #index(key: Key): ReadonlyMap<string, readonly number[]> {
    const known = this.#indexes.get(key);
    if (known) return known;
    const index = new Map<string, number[]>();
    for (const vnic of this.#vnics.all)
      for (const value of keys[key](vnic)) {
        const list = index.get(value.toLowerCase());
        if (list) list.push(vnic.index);
        else index.set(value.toLowerCase(), [vnic.index]);
      }
    this.#indexes.set(key, index);
    return index;
  }

  #unknown(why: string): Members {
    return {
      vnics: { must: this.#none.vnics.must, may: allBits(this.#vnics.all.length) },
      ips: { must: noIps, may: allIps },
      unknown: [why],
    };
  }
}

type Key = keyof typeof keys;
type Vnic = Vnics['all'][number];
const some = (...values: (string | undefined)[]) => values.filter((v) => v !== undefined);
const keys = {
  vm: (v: Vnic) => some(v.vm?.external_id),
  vif: (v: Vnic) => some(v.vif?.external_id, v.vif?.lport_attachment_id),
  mac: (v: Vnic) => some(v.vif?.mac_address),
  port: (v: Vnic) => some(v.portPath),
  segment: (v: Vnic) => some(v.segmentPath),
} as const;

type Subjects = readonly (readonly [Subject, readonly number[]])[];

/** Lower case throughout: conditions ignore case. */
const subjectOf = (
  name: string,
  tags: readonly Tag[] = [],
  guest: { readonly os_name?: string; readonly computer_name?: string } = {},
): Subject => ({
  name: name.toLowerCase(),
  tags: tags.map(({ scope = '', tag = '' }) => ({
    scope: scope.toLowerCase(),
    tag: tag.toLowerCase(),
  })),
  ...(guest.os_name !== undefined && { osName: guest.os_name.toLowerCase() }),
  ...(guest.computer_name !== undefined && { computerName: guest.computer_name.toLowerCase() }),
});

const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? value : []);
