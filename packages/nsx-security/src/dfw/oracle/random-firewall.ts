import type { Expression, Group, Rule, Service, Vif, VirtualMachine } from '@vmware/clients/nsx';
import type { PolicyWithRules, Snapshot } from '../snapshot.js';

/** A seeded generator (mulberry32): the same seed gives the same firewall for ever. */
export function dice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    chance: (probability: number) => next() < probability,
    one: <T>(list: readonly T[]): T => {
      const item = list[below(list.length)];
      if (item === undefined) throw new RangeError('nothing to choose from');
      return item;
    },
  };
}

type Dice = ReturnType<typeof dice>;

export interface Strangeness {
  /** Probability that a thing is unknown or depends on something else. */
  readonly unknown: number;
  /** Probability that two numbers are the same. */
  readonly ties: number;
  /** Whether a VM may have no known address, and two VMs the same one. */
  readonly addresses: boolean;
}

const address = (n: number) => `10.0.0.${n}`;
const groupPath = (n: number) => `/infra/domains/default/groups/g${n}`;
const tags = ['red', 'green', 'blue'];

/** Four or five VMs, 8 addresses of which VMs have some, at most six groups and eight rules. */
export function randomFirewall(seed: number, strange: Strangeness): Snapshot {
  const d = dice(seed);
  const virtual_machines: VirtualMachine[] = [];
  const vifs: Vif[] = [];
  for (let n = 0; n < 4; n++) {
    const external_id = `vm-${n}`;
    const own = tags.filter(() => d.chance(0.4)).map((tag) => ({ scope: 'colour', tag }));
    virtual_machines.push({ external_id, display_name: `vm ${n}`, tags: own });
    const ip_addresses = [address(n)];
    if (d.chance(0.3)) ip_addresses.push(`fd00::${n}`);
    if (strange.addresses && n === 3 && d.chance(0.4)) ip_addresses.splice(0);
    if (strange.addresses && n === 2 && d.chance(0.4)) ip_addresses[0] = address(1);
    vifs.push({
      external_id: `vif-${n}`,
      owner_vm_id: external_id,
      ip_address_info: [{ source: 'VM_TOOLS', ip_addresses }],
    });
  }
  const groups = Array.from({ length: 5 }, (_, n) => randomGroup(d, n, strange));
  const services = servicesToChooseFrom();
  const policies = Array.from({ length: 1 + d.below(4) }, (_, n) => randomPolicy(d, n, strange));
  if (d.chance(0.7)) policies.push(defaultPolicy(d));
  return {
    format: 'vmware-nsx-security/snapshot',
    version: 1,
    taken_at: '2026-01-01T00:00:00Z',
    manager: { name: 'random', host: 'random', product_version: null },
    nsx_scope: 'default',
    firewall: { enable_firewall: true },
    exclude_list: { members: d.chance(0.2) ? [groupPath(d.below(5))] : [] },
    policies,
    groups,
    services,
    context_profiles: [],
    virtual_machines,
    vifs,
    segments: [],
    segment_ports: [],
  };
}

function randomGroup(d: Dice, n: number, strange: Strangeness): Group {
  const parts: Expression[] = [];
  const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
  for (let i = d.chance(0.1) ? 0 : 1 + d.below(2); i > 0; i--) {
    if (parts.length > 0) parts.push(or);
    parts.push(randomExpression(d, n));
  }
  if (d.chance(strange.unknown)) {
    if (parts.length > 0) parts.push(or);
    parts.push({ resource_type: 'IdentityGroupExpression' });
  }
  return { id: `g${n}`, path: groupPath(n), expression: parts };
}

function randomExpression(d: Dice, n: number): Expression {
  const tag = () => ({
    resource_type: 'Condition',
    member_type: 'VirtualMachine',
    key: 'Tag',
    operator: d.one(['EQUALS', 'EQUALS', 'NOTEQUALS']),
    value: `colour|${d.one(tags)}`,
  });
  const kind = d.below(5);
  if (kind === 0 && n > 0)
    return { resource_type: 'PathExpression', paths: [groupPath(d.below(n))] };
  if (kind === 1)
    return {
      resource_type: 'NestedExpression',
      expressions: [
        tag(),
        { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' },
        tag(),
      ],
    };
  if (kind < 4) return tag();
  return { resource_type: 'IPAddressExpression', ip_addresses: [randomIps(d)] };
}

function randomIps(d: Dice): string {
  const from = d.below(8);
  return d.one([
    address(from),
    `${address(from)}-${address(from + d.below(8 - from))}`,
    `${address(4)}/30`,
    '10.0.0.0/29',
    'fd00::/125',
    `fd00::${from}`,
    '0.0.0.0/0',
  ]);
}

function servicesToChooseFrom(): Service[] {
  const service = (id: string, ...service_entries: Service['service_entries'] & object) => ({
    id,
    path: `/infra/services/${id}`,
    service_entries,
  });
  const ports = (l4_protocol: string, to: string[], from: string[] = []) => ({
    resource_type: 'L4PortSetServiceEntry',
    l4_protocol,
    destination_ports: to,
    source_ports: from,
  });
  return [
    service('tcp-1-2', ports('TCP', ['1-2'])),
    service('tcp-2', ports('TCP', ['2'])),
    service('tcp-not-3', ports('TCP', ['0-2', '4-65535'])),
    service('tcp-3-from-1', ports('TCP', ['3'], ['1'])),
    service('tcp', ports('TCP', [])),
    service('udp-2', ports('UDP', ['2'])),
    service('both', ports('TCP', ['1']), ports('UDP', ['1-3'])),
    service('ping', { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: 8 }),
    service('icmp', { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4' }),
    service('icmp6', { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv6' }),
    service('gre', { resource_type: 'IPProtocolServiceEntry', protocol_number: 47 }),
    service('arp', { resource_type: 'EtherTypeServiceEntry', ether_type: 2054 }),
    service('nested', {
      resource_type: 'NestedServiceServiceEntry',
      nested_service_path: '/infra/services/both',
    }),
  ];
}

function randomPolicy(d: Dice, n: number, strange: Strangeness): PolicyWithRules {
  const path = `/infra/domains/default/security-policies/p${n}`;
  const category = d.one([
    'Emergency',
    'Infrastructure',
    'Environment',
    'Environment',
    'Application',
  ]);
  const scheduled = d.chance(strange.unknown / 2);
  return {
    id: `p${n}`,
    path,
    category,
    sequence_number: d.chance(strange.ties) ? 5 : 10 + n,
    ...(d.chance(0.15) && { scope: [groupPath(d.below(5))] }),
    ...(scheduled && { scheduler_path: '/infra/firewall-schedulers/nights' }),
    rules: Array.from({ length: 1 + d.below(3) }, (_, r) =>
      randomRule(
        d,
        `${path}/rules/r${n}${r}`,
        category,
        d.chance(strange.ties) ? 1 : 10 + r,
        strange,
      ),
    ),
  };
}

function randomRule(
  d: Dice,
  path: string,
  category: string,
  sequence_number: number,
  strange: Strangeness,
): Rule {
  const end = () => {
    if (d.chance(0.3)) return ['ANY'];
    return Array.from({ length: 1 + d.below(2) }, () =>
      d.chance(0.3) ? randomIps(d) : groupPath(d.below(5)),
    );
  };
  const ids = servicesToChooseFrom().map((service) => service.path);
  const actions = ['ALLOW', 'ALLOW', 'DROP', 'REJECT'] as const;
  const jumps = category === 'Environment' && d.chance(0.3);
  return {
    id: path.slice(path.lastIndexOf('/') + 1),
    path,
    sequence_number,
    action: jumps ? 'JUMP_TO_APPLICATION' : d.one(actions),
    source_groups: end(),
    destination_groups: end(),
    sources_excluded: d.chance(0.1),
    destinations_excluded: d.chance(0.1),
    services: d.chance(0.35) ? ['ANY'] : [d.one(ids), ...(d.chance(0.3) ? [d.one(ids)] : [])],
    direction: d.one(['IN_OUT', 'IN_OUT', 'IN_OUT', 'IN', 'OUT']),
    ip_protocol: d.one(['IPV4_IPV6', 'IPV4_IPV6', 'IPV4_IPV6', 'IPV4', 'IPV6']),
    disabled: d.chance(0.08),
    logged: d.chance(0.5),
    ...(d.chance(0.2) && { scope: [groupPath(d.below(5))] }),
    ...(d.chance(strange.unknown) && { profiles: ['/infra/context-profiles/TLS'] }),
  };
}

function defaultPolicy(d: Dice): PolicyWithRules {
  const path = '/infra/domains/default/security-policies/default-layer3-section';
  return {
    id: 'default-layer3-section',
    path,
    category: 'Application',
    is_default: true,
    sequence_number: 2147483647,
    rules: [
      {
        id: 'default',
        path: `${path}/rules/default`,
        is_default: true,
        action: d.one(['ALLOW', 'DROP']),
        sequence_number: 2147483647,
        source_groups: ['ANY'],
        destination_groups: ['ANY'],
        services: ['ANY'],
      },
    ],
  };
}
