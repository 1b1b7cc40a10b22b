import { describe, expect, it } from 'vitest';
import { put, putPolicy, type RuleFields } from '../estate/put.js';
import { worldOf } from '../estate/world-of.js';
import type { World } from '../world.js';
import { evaluate } from './evaluate.js';
import { interfacesOf } from './interfaces.js';
import { icmp4, type Packet, tcp, udp } from './packet.js';

const group = (id: string) => `/infra/domains/default/groups/${id}`;
const web = '10.10.1.11';
const app = '10.10.2.11';

/** A world with the lab's groups, and policies with one rule each in front of all others. */
function worldWith(rule: RuleFields, policy: Record<string, unknown> = {}): World {
  const world = worldOf();
  putPolicy(
    world,
    'SecurityPolicy',
    '/infra/domains/default/security-policies/first',
    { category: 'Emergency', sequence_number: 1, ...policy },
    [rule],
  );
  return world;
}

const drop = (fields: Record<string, unknown> = {}): RuleFields => ({
  id: 'tested',
  action: 'DROP',
  ...fields,
});

const packet = (changes: Partial<Packet> = {}): Packet => ({
  version: 4,
  source: web,
  destination: app,
  protocol: tcp,
  sourcePort: 50_000,
  destinationPort: 8443,
  ...changes,
});

function at(world: World, sent: Packet, direction: 'IN' | 'OUT'): string | undefined {
  const { byAddress } = interfacesOf(world);
  const [source] = byAddress.get(sent.source) ?? [];
  const [destination] = byAddress.get(sent.destination) ?? [];
  const ends = { ...(source && { source }), ...(destination && { destination }) };
  return evaluate(world, sent, ends, direction).rule?.id;
}

const matches = (fields: Record<string, unknown>, sent = packet()): boolean =>
  at(worldWith(drop(fields)), sent, 'OUT') === 'tested';

describe('a rule', () => {
  it('is looked at on the side its direction names', () => {
    const outwards = worldWith(drop({ direction: 'OUT' }));
    expect([at(outwards, packet(), 'OUT'), at(outwards, packet(), 'IN')]).toEqual([
      'tested',
      'web-to-app',
    ]);
    const inwards = worldWith(drop({ direction: 'IN' }));
    expect([at(inwards, packet(), 'OUT'), at(inwards, packet(), 'IN')]).toEqual([
      'web-to-app',
      'tested',
    ]);
  });

  it('applies where its scope says, unless the policy says where', () => {
    const ofRule = worldWith(drop({ scope: [group('app-servers')] }));
    expect([at(ofRule, packet(), 'OUT'), at(ofRule, packet(), 'IN')]).toEqual([
      'web-to-app',
      'tested',
    ]);
    const ofPolicy = worldWith(drop({ scope: [group('app-servers')] }), {
      scope: [group('web-servers')],
    });
    expect([at(ofPolicy, packet(), 'OUT'), at(ofPolicy, packet(), 'IN')]).toEqual([
      'tested',
      'web-to-app',
    ]);
  });

  it('is passed over when it is disabled', () => {
    expect(matches({ disabled: true })).toBe(false);
  });

  it.each([
    ['a group', { source_groups: [group('web-servers')] }, true],
    ['another group', { source_groups: [group('db-servers')] }, false],
    ['a nested group', { destination_groups: [group('shop')] }, true],
    ['a segment in a group', { source_groups: [group('web-segment')] }, true],
    ['an address', { source_groups: ['10.10.1.11'] }, true],
    ['a prefix', { destination_groups: ['10.10.2.0/24'] }, true],
    ['a range', { destination_groups: ['10.10.2.12-10.10.2.20'] }, false],
    ['all but a group', { source_groups: [group('web-servers')], sources_excluded: true }, false],
    [
      'all but another',
      { destination_groups: [group('shop')], destinations_excluded: true },
      false,
    ],
    ['all but a third', { source_groups: [group('db-servers')], sources_excluded: true }, true],
    ['the word any', { source_groups: ['any'] }, true],
    ['a group that is gone', { source_groups: [group('nobody')] }, false],
  ])('is for %s', (_, fields, expected) => {
    expect(matches(fields)).toBe(expected);
  });

  const l4 = (fields: Record<string, unknown>) => ({
    service_entries: [{ resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', ...fields }],
  });
  const ping: Partial<Packet> = { protocol: icmp4, icmpType: 8, icmpCode: 0 };

  it.each([
    ['a service', { services: ['/infra/services/shop-app'] }, {}, true],
    ['another service', { services: ['/infra/services/HTTPS'] }, {}, false],
    ['a port range', l4({ destination_ports: ['8000-8500'] }), {}, true],
    ['a source port', l4({ source_ports: ['50000'] }), {}, true],
    ['another source port', l4({ source_ports: ['1024-2000'] }), {}, false],
    ['every port', l4({}), {}, true],
    ['the other protocol', l4({}), { protocol: udp }, false],
    [
      'a nested service',
      { services: ['/infra/services/name-and-time'] },
      { protocol: udp, destinationPort: 123 },
      true,
    ],
    [
      'the control port of FTP',
      { services: ['/infra/services/FTP'] },
      { destinationPort: 21 },
      true,
    ],
    ['TFTP over TCP', { services: ['/infra/services/TFTP'] }, { destinationPort: 69 }, false],
    [
      'TFTP over UDP',
      { services: ['/infra/services/TFTP'] },
      { protocol: udp, destinationPort: 69 },
      true,
    ],
    ['every ICMP', { services: ['/infra/services/ICMP-ALL'] }, ping, true],
    ['echo requests', { services: ['/infra/services/ICMP_Echo_Request'] }, ping, true],
    ['echo replies', { services: ['/infra/services/ICMP_Echo_Reply'] }, ping, false],
    [
      'redirects of any code',
      { services: ['/infra/services/ICMP_Redirect'] },
      { ...ping, icmpType: 5 },
      true,
    ],
    [
      'an IP protocol',
      { service_entries: [{ resource_type: 'IPProtocolServiceEntry', protocol_number: 47 }] },
      { protocol: 47 },
      true,
    ],
    ['IPv6 only', { ip_protocol: 'IPV6' }, {}, false],
    ['an application over TCP', { profiles: ['/infra/context-profiles/SSL'] }, {}, true],
    ['an application, pinged', { profiles: ['/infra/context-profiles/SSL'] }, ping, false],
  ])('is for %s', (_, fields, changes, expected) => {
    expect(matches(fields, packet(changes))).toBe(expected);
  });
});

describe('the order of rules', () => {
  it('takes categories first, then the numbers of policies and rules', () => {
    const world = worldOf('empty');
    const policy = (id: string, category: string, sequence_number: number, rules: RuleFields[]) =>
      putPolicy(
        world,
        'SecurityPolicy',
        `/infra/domains/default/security-policies/${id}`,
        { category, sequence_number },
        rules,
      );
    const first = () => {
      const [source] = interfacesOf(world).all;
      return evaluate(world, packet(), source ? { source } : {}, 'OUT').rule?.id;
    };
    expect(first()).toBe('default-layer3-rule');
    policy('late', 'Application', 20, [drop({ id: 'late' })]);
    expect(first()).toBe('late');
    policy('early', 'Application', 10, [
      drop({ id: 'second', sequence_number: 5 }),
      drop({ id: 'first', sequence_number: 1 }),
    ]);
    expect(first()).toBe('first');
    policy('above', 'Infrastructure', 999, [drop({ id: 'above' })]);
    expect(first()).toBe('above');
    policy('frame', 'Ethernet', 5, [drop({ id: 'frame', ip_protocol: undefined })]);
    expect(first()).toBe('frame');
  });

  it('skips the rest of Environment, and nothing else, after a jump', () => {
    const world = worldOf();
    putPolicy(
      world,
      'SecurityPolicy',
      '/infra/domains/default/security-policies/jump',
      { category: 'Environment', sequence_number: 1 },
      [
        { id: 'jump', action: 'JUMP_TO_APPLICATION' },
        { id: 'skipped', action: 'DROP' },
      ],
    );
    expect(at(world, packet(), 'OUT')).toBe('web-to-app');
  });
});

describe('an Ethernet rule', () => {
  it('matches frames that carry the type it names', () => {
    const named = (ether_type: number) =>
      at(
        worldWith(
          drop({ service_entries: [{ resource_type: 'EtherTypeServiceEntry', ether_type }] }),
          { category: 'Ethernet' },
        ),
        packet(),
        'OUT',
      );
    expect([named(0x0800), named(0x86dd)]).toEqual(['tested', 'web-to-app']);
  });
});

describe('rules of a project', () => {
  const stage = '10.30.1.53';
  const partner = packet({ source: '203.0.113.9', destination: stage, destinationPort: 9443 });

  it('apply at its own segments', () => {
    const world = worldOf();
    expect(at(world, partner, 'IN')).toBe('partners-in');
    expect(at(world, { ...partner, source: '198.51.100.1' }, 'IN')).toBe('deny-in');
  });

  it('do not apply to the same machine on a segment of the default scope', () => {
    const world = worldOf();
    const elsewhere = { ...partner, source: '198.51.100.1', destination: '10.10.2.53' };
    expect(at(world, elsewhere, 'IN')).toBe('default-layer3-rule');
  });

  it('come after those of the default scope in the same category', () => {
    const world = worldOf();
    put(world, 'Group', group('stage-net'), {
      expression: [{ resource_type: 'IPAddressExpression', ip_addresses: ['10.30.1.0/24'] }],
    });
    putPolicy(
      world,
      'SecurityPolicy',
      '/infra/domains/default/security-policies/over',
      { category: 'Application', sequence_number: 900 },
      [drop({ destination_groups: [group('stage-net')] })],
    );
    expect(at(world, partner, 'IN')).toBe('tested');
  });
});
