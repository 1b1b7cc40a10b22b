import type { Expression, Rule, ServiceEntry } from '@vmware/clients/nsx';
import type { PolicyWithRules, Snapshot } from '../snapshot.js';

/**
 * The distributed firewall word for word from its definition, one packet at a time, slowly. Shares no code with
 * what it checks. Knows only what `randomFirewall` makes.
 */

export type Maybe = 'yes' | 'no' | 'maybe';
export type Side = 'out' | 'in';

export interface EndPoint {
  readonly family: 4 | 6;
  readonly vm?: string;
  /** Absent: a VM whose address is not known. */
  readonly ip?: string;
}

export interface Packet {
  readonly from: EndPoint;
  readonly to: EndPoint;
  readonly protocol: number;
  /** Ports, or type and code. */
  readonly first: number;
  readonly second: number;
}

export interface Placed {
  readonly policy: PolicyWithRules;
  readonly rule: Rule;
}

const not = (m: Maybe): Maybe => (m === 'yes' ? 'no' : m === 'no' ? 'yes' : 'maybe');
const any = (list: Maybe[]): Maybe =>
  list.includes('yes') ? 'yes' : list.includes('maybe') ? 'maybe' : 'no';
const every = (list: Maybe[]): Maybe =>
  list.includes('no') ? 'no' : list.includes('maybe') ? 'maybe' : 'yes';
const fact = (b: boolean): Maybe => (b ? 'yes' : 'no');

const everywhere = [
  ...Array.from({ length: 8 }, (_, n) => [`10.0.0.${n}`, `fd00::${n}`]).flat(),
  '99.9.9.9',
  'fe00::1',
];
const familyOf = (ip: string) => (ip.includes(':') ? 6 : 4);

/**
 * Every end: VMs with each of their addresses, the 8 addresses of the network, and one from far away. A VM whose
 * address is not known has either no address, or, when `settled`, each address that nobody has in turn.
 */
function endPoints(snapshot: Snapshot, settled: boolean): EndPoint[] {
  const out: EndPoint[] = [];
  const taken = new Set(
    (snapshot.vifs ?? []).flatMap((vif) => vif.ip_address_info?.[0]?.ip_addresses ?? []),
  );
  const free = everywhere.filter((ip) => !taken.has(ip));
  for (const vif of snapshot.vifs ?? []) {
    const ips = vif.ip_address_info?.[0]?.ip_addresses ?? [];
    for (const ip of ips) {
      out.push({ family: familyOf(ip), vm: vif.owner_vm_id, ip });
    }
    const vm = vif.owner_vm_id;
    if (ips.length > 0) continue;
    if (settled) for (const ip of free) out.push({ family: familyOf(ip), vm, ip });
    else out.push({ family: 4, vm }, { family: 6, vm });
  }
  for (const ip of free) out.push({ family: familyOf(ip), ip });
  return out;
}

/** One packet of every kind a service can tell apart, and some that none names. */
export function* packets(snapshot: Snapshot, settled = false): Generator<Packet> {
  const ends = endPoints(snapshot, settled);
  for (const from of ends)
    for (const to of ends) {
      if (from.family !== to.family || (!from.vm && !to.vm)) continue;
      for (const first of [1, 9])
        for (const second of [0, 1, 2, 3, 9]) {
          yield { from, to, protocol: 6, first, second };
          if (first === 1) yield { from, to, protocol: 17, first, second };
        }
      const icmp = from.family === 4 ? 1 : 58;
      for (const first of [8, 0]) yield { from, to, protocol: icmp, first, second: 0 };
      for (const protocol of [47, 99]) yield { from, to, protocol, first: 0, second: 0 };
    }
}

const number = (ip: string) => {
  if (!ip.includes(':')) return ip.split('.').reduce((sum, b) => sum * 256 + Number(b), 0);
  const [head = '', tail = ''] = ip.split('::');
  return Number.parseInt(head, 16) * 1e6 + Number.parseInt(tail || '0', 16);
};

/** The texts `randomIps` makes, read one by one. */
function written(text: string, ip: string): boolean {
  if (text.includes(':') !== ip.includes(':')) return false;
  if (text === '0.0.0.0/0') return true;
  const value = number(ip);
  if (text === 'fd00::/125') return value >= number('fd00::') && value <= number('fd00::7');
  if (text === '10.0.0.4/30') return value >= number('10.0.0.4') && value <= number('10.0.0.7');
  if (text === '10.0.0.0/29') return value >= number('10.0.0.0') && value <= number('10.0.0.7');
  const [first = '', last = first] = text.split('-');
  return value >= number(first) && value <= number(last);
}

function textsIn(snapshot: Snapshot, path: string): string[] {
  return expressionsOf(snapshot, path).flatMap((e) => {
    if (e.resource_type === 'IPAddressExpression') return e['ip_addresses'] as string[];
    if (e.resource_type !== 'PathExpression') return [];
    return (e['paths'] as string[]).flatMap((p) => textsIn(snapshot, p));
  });
}

const expressionsOf = (snapshot: Snapshot, path: string) =>
  snapshot.groups.find((group) => group.path === path)?.expression ?? [];

const isUnknown = (snapshot: Snapshot, path: string): boolean =>
  expressionsOf(snapshot, path).some(
    (e) =>
      e.resource_type === 'IdentityGroupExpression' ||
      (e.resource_type === 'PathExpression' &&
        (e['paths'] as string[]).some((p) => isUnknown(snapshot, p))),
  );

function vmIn(snapshot: Snapshot, path: string, id: string): Maybe {
  const vm = snapshot.virtual_machines?.find((one) => one.external_id === id);
  const holds = (e: Expression): boolean => {
    if (e.resource_type === 'Condition') {
      const tagged = vm?.tags?.some((tag) => `${tag.scope}|${tag.tag}` === e['value']) === true;
      return tagged === (e['operator'] === 'EQUALS');
    }
    if (e.resource_type === 'NestedExpression')
      return (e['expressions'] as Expression[]).filter((_, i) => i % 2 === 0).every(holds);
    if (e.resource_type === 'PathExpression')
      return (e['paths'] as string[]).some((p) => vmIn(snapshot, p, id) === 'yes');
    return false;
  };
  if (expressionsOf(snapshot, path).some(holds)) return 'yes';
  return isUnknown(snapshot, path) ? 'maybe' : 'no';
}

function endIn(snapshot: Snapshot, entry: string, end: EndPoint): Maybe {
  const texts = entry.startsWith('/') ? textsIn(snapshot, entry) : [entry];
  const byAddress =
    end.ip === undefined
      ? texts.some((text) => text.includes(':') === (end.family === 6))
        ? 'maybe'
        : 'no'
      : fact(texts.some((text) => written(text, end.ip ?? '')));
  if (!entry.startsWith('/')) return byAddress;
  const owners = (snapshot.vifs ?? [])
    .filter((vif) => end.ip && vif.ip_address_info?.[0]?.ip_addresses?.includes(end.ip))
    .map((vif) => vif.owner_vm_id);
  const vms = end.vm ? [end.vm, ...owners] : owners;
  return any([
    byAddress,
    fact(false),
    isUnknown(snapshot, entry) ? 'maybe' : 'no',
    ...vms.map((id) => vmIn(snapshot, entry, id)),
  ]);
}

const isAny = (list: readonly string[] | undefined) => !list || list[0] === 'ANY';

function entryMatches(snapshot: Snapshot, entry: ServiceEntry, packet: Packet): boolean {
  const listed = (list: unknown, port: number) =>
    (list as string[]).length === 0 ||
    (list as string[]).some((text) => {
      const [low = '', high = low] = text.split('-');
      return port >= Number(low) && port <= Number(high);
    });
  switch (entry.resource_type) {
    case 'L4PortSetServiceEntry':
      return (
        packet.protocol === (entry['l4_protocol'] === 'TCP' ? 6 : 17) &&
        listed(entry['source_ports'], packet.first) &&
        listed(entry['destination_ports'], packet.second)
      );
    case 'ICMPTypeServiceEntry':
      return (
        packet.protocol === (entry['protocol'] === 'ICMPv4' ? 1 : 58) &&
        (entry['icmp_type'] === undefined || entry['icmp_type'] === packet.first)
      );
    case 'IPProtocolServiceEntry':
      return packet.protocol === entry['protocol_number'];
    case 'NestedServiceServiceEntry':
      return serviceMatches(snapshot, String(entry['nested_service_path']), packet);
    default:
      return false;
  }
}

const serviceMatches = (snapshot: Snapshot, path: string, packet: Packet): boolean =>
  snapshot.services
    .find((service) => service.path === path)
    ?.service_entries?.some((entry) => entryMatches(snapshot, entry, packet)) === true;

/** Whether the exclude list takes the VM out. */
export const excluded = (snapshot: Snapshot, vm: string): Maybe =>
  any((snapshot.exclude_list?.members ?? []).map((path) => vmIn(snapshot, path, vm)));

/** Whether a rule that is in force matches a packet on one side. `self` is a VM. */
export function matches(snapshot: Snapshot, placed: Placed, packet: Packet, side: Side): Maybe {
  const { rule, policy } = placed;
  const self = side === 'out' ? packet.from : packet.to;
  if (!self.vm) return 'no';
  if (rule.direction === (side === 'out' ? 'IN' : 'OUT')) return 'no';
  if (rule.ip_protocol === (packet.from.family === 4 ? 'IPV6' : 'IPV4')) return 'no';
  const scope = isAny(policy.scope) ? rule.scope : policy.scope;
  const end = (
    list: readonly string[] | undefined,
    negated: boolean | undefined,
    who: EndPoint,
  ) => {
    const inside = isAny(list) ? 'yes' : any((list ?? []).map((e) => endIn(snapshot, e, who)));
    return negated ? not(inside) : inside;
  };
  const vm = self.vm;
  const certain = every([
    isAny(scope) ? 'yes' : any((scope ?? []).map((path) => vmIn(snapshot, path, vm))),
    end(rule.source_groups, rule.sources_excluded, packet.from),
    end(rule.destination_groups, rule.destinations_excluded, packet.to),
    isAny(rule.services)
      ? 'yes'
      : fact((rule.services ?? []).some((path) => serviceMatches(snapshot, path, packet))),
  ]);
  const conditional = rule.profiles !== undefined || policy.scheduler_path !== undefined;
  return certain === 'yes' && conditional ? 'maybe' : certain;
}

const order = ['Emergency', 'Infrastructure', 'Environment', 'Application'];

/** Every order in which the rules in force may be evaluated. */
export function linearizations(snapshot: Snapshot): Placed[][] {
  const place = (policy: PolicyWithRules) =>
    order.indexOf(policy.category ?? '') * 1e10 + (policy.sequence_number ?? 0);
  const policies = arrangements([...snapshot.policies], place);
  return policies.flatMap((list) =>
    list.reduce<Placed[][]>(
      (soFar, policy) =>
        soFar.flatMap((head) =>
          arrangements(
            policy.rules.filter((rule) => rule.disabled !== true),
            (rule) => rule.sequence_number ?? 0,
          ).map((rules) => [...head, ...rules.map((rule) => ({ policy, rule }))]),
        ),
      [[]],
    ),
  );
}

/** All orders by number; what has the same number in every order. */
function arrangements<T>(list: readonly T[], at: (item: T) => number): T[][] {
  if (list.length === 0) return [[]];
  const least = Math.min(...list.map(at));
  return list
    .filter((item) => at(item) === least)
    .flatMap((item) =>
      arrangements(
        list.filter((other) => other !== item),
        at,
      ).map((rest) => [item, ...rest]),
    );
}

/** Every way one order may end: the rule that decides, or undefined for none. */
export function endings(
  list: readonly Placed[],
  match: (p: Placed) => Maybe,
): (Placed | undefined)[] {
  const out = new Set<Placed | undefined>();
  const from = (i: number, jumping: boolean): void => {
    const placed = list[i];
    if (!placed) {
      out.add(undefined);
      return;
    }
    const m = jumping && placed.policy.category === 'Environment' ? 'no' : match(placed);
    if (m !== 'no') {
      if (placed.rule.action === 'JUMP_TO_APPLICATION') from(i + 1, true);
      else out.add(placed);
    }
    if (m !== 'yes') from(i + 1, jumping);
  };
  from(0, false);
  return [...out];
}
