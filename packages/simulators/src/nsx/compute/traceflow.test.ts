import { describe, expect, it } from 'vitest';
import { put } from '../estate/put.js';
import { worldOf } from '../estate/world-of.js';
import type { World } from '../world.js';
import { interfacesOf } from './interfaces.js';
import type { Observation } from './observations.js';
import { ruleStatistics } from './statistics.js';
import { startTrace } from './traceflow.js';

/** `tcp 443`, `udp 53`, `icmp`, from an address to an address. */
function packetOf(source: string, destination: string, what: string) {
  const [kind = '', port = '0'] = what.split(' ');
  const ports = { src_port: 50_000, dst_port: Number(port) };
  const v6 = source.includes(':');
  const protocol = { tcp: 6, udp: 17, icmp: v6 ? 58 : 1 }[kind];
  const transport = kind === 'icmp' ? 'icmp_echo_request_header' : `${kind}_header`;
  return {
    resource_type: 'FieldsPacketData',
    routed: true,
    transport_type: 'UNICAST',
    ...(v6
      ? { ipv6_header: { src_ip: source, dst_ip: destination, next_header: protocol } }
      : { ip_header: { src_ip: source, dst_ip: destination, protocol, ttl: 64 } }),
    transport_header: { [transport]: kind === 'icmp' ? { id: 1, sequence: 1 } : ports },
  };
}

function trace(world: World, source: string, destination: string, what: string) {
  const [at] = interfacesOf(world).byAddress.get(source) ?? [];
  const from = source.includes(':') ? interfacesOf(world).byAddress.get('10.10.1.11')?.[0] : at;
  const config = put(world, 'TraceflowConfig', '/infra/traceflows/t', {
    segment_port_path: from?.port?.path,
    packet: packetOf(source, destination, what),
  });
  const started = startTrace(world, config);
  world.clock.advance(20);
  const now = world.clock.now();
  return { started, status: started.status(now), observations: started.observations(now) };
}

const ruleOf = (observation: Observation | undefined): string | undefined =>
  String(observation?.['acl_rule_path'] ?? '')
    .split('/')
    .at(-1) || undefined;

/** `delivered web-in web-in`: how it ended, and the rule at each firewall. */
function outcome(observations: readonly Observation[]): string {
  const last = observations.at(-1);
  const kind = String(last?.['resource_type']).replace('TraceflowObservation', '');
  const rules = observations
    .filter(({ component_type }) => component_type === 'DFW')
    .map((each) => ruleOf(each) ?? '-');
  const end =
    kind === 'Delivered' ? (last?.['component_type'] === 'PHYSICAL' ? 'left' : 'delivered') : kind;
  const reason = last?.['reason'] ? ` ${last['reason']}` : '';
  return `${end}${reason}: ${rules.join(' ')}`;
}

const web = '10.10.1.11';
const app = '10.10.2.11';
const db = '10.10.3.11';
const jump = '10.10.9.10';
const dns = '10.10.9.53';
const dropped = 'DroppedLogical FW_RULE';

describe('a trace in the lab', () => {
  it.each([
    [web, app, 'tcp 8443', 'delivered: web-to-app web-to-app'],
    [web, app, 'tcp 8080', `${dropped}: deny-shop`],
    [web, app, 'udp 8443', `${dropped}: deny-shop`],
    [app, db, 'tcp 3306', 'delivered: app-to-db app-to-db'],
    [app, db, 'tcp 5432', `${dropped}: deny-shop`],
    [web, db, 'tcp 3306', `${dropped}: deny-shop`],
    [db, app, 'tcp 3306', `${dropped}: deny-shop`],
    // web-in is applied to the web servers only, so it does not let others out
    [app, web, 'tcp 443', `${dropped}: deny-shop`],
    ['10.10.2.99', web, 'tcp 443', `${dropped}: deny-shop`],
    [web, '10.10.1.12', 'tcp 443', 'delivered: web-in web-in'],
    [web, '10.10.1.12', 'tcp 80', `${dropped}: deny-shop`],
    [web, '192.168.7.7', 'tcp 443', 'left: default-layer3-rule'],
    [app, '192.168.7.7', 'tcp 443', 'left: updates'],
    [app, '192.168.7.7', 'udp 443', 'left: default-layer3-rule'],
    [web, dns, 'udp 53', 'delivered: allow-dns allow-dns'],
    [web, dns, 'tcp 53', 'delivered: allow-dns allow-dns'],
    [web, dns, 'tcp 22', 'delivered: default-layer3-rule default-layer3-rule'],
    [jump, web, 'tcp 22', `${dropped}: deny-shop`],
    [jump, db, 'tcp 22', 'delivered: pci-jump-ssh pci-jump-ssh'],
    ['10.10.2.10', db, 'tcp 22', 'delivered: pci-jump-ssh pci-jump-ssh'],
    [jump, db, 'tcp 3306', `${dropped}: deny-shop`],
    [jump, dns, 'tcp 22', 'delivered: default-layer3-rule default-layer3-rule'],
    ['10.10.2.99', dns, 'icmp', 'delivered: default-layer3-rule default-layer3-rule'],
    [web, '172.16.5.20', 'udp 123', 'left: allow-ntp'],
    [web, '172.16.5.21', 'udp 123', 'left: default-layer3-rule'],
    ['2001:db8::1', '2001:db8:100:0::5', 'udp 123', 'left: allow-ntp'],
    ['2001:db8::1', '2001:db8:101::5', 'udp 123', 'left: default-layer3-rule'],
    // the appliance hangs on a VLAN: the overlay ends before it
    [web, '10.10.20.5', 'tcp 80', 'left: default-layer3-rule'],
    [web, '10.10.1.99', 'tcp 80', 'DroppedLogical NO_MAC: default-layer3-rule'],
    [web, '10.10.2.98', 'tcp 80', 'DroppedLogical ARP_FAIL: default-layer3-rule'],
    [web, '10.10.2.51', 'tcp 80', 'DroppedLogical ARP_FAIL: default-layer3-rule'],
  ])('from %s to %s, %s: %s', (source, destination, what, expected) => {
    expect(outcome(trace(worldOf(), source, destination, what).observations)).toBe(expected);
  });

  it('names the rule that sent a packet on to the category Application', () => {
    const { observations } = trace(worldOf(), jump, web, 'tcp 22');
    const last = observations.at(-1);
    expect(last?.['jumpto_rule_path']).toMatch(/\/rules\/admin-jump$/);
    expect(last?.['l2_rule_path']).toMatch(/\/rules\/default-layer2-rule$/);
  });

  it('rejects what a test machine sends to the shop, before the shop may allow it', () => {
    const world = worldOf();
    const second = world.fabric.inventory.all('vm').filter(({ name }) => name === 'db-01')[1];
    if (second) world.fabric.inventory.setPower(second, 'poweredOn', world.clock.now());
    const { observations } = trace(world, '10.10.3.99', web, 'tcp 443');
    expect(outcome(observations)).toBe(`${dropped}: test-to-shop`);
  });

  it('cuts a machine off as soon as it is tagged for quarantine', () => {
    const world = worldOf();
    const [vm] = interfacesOf(world).byAddress.get(web) ?? [];
    world.fabric.addTags(vm?.vm.external_id ?? '', [{ scope: 'Quarantine', tag: 'YES' }]);
    expect(outcome(trace(world, web, app, 'tcp 8443').observations)).toBe(
      `${dropped}: quarantine-out`,
    );
    expect(outcome(trace(world, '10.10.1.12', web, 'tcp 443').observations)).toBe(
      `${dropped}: quarantine-in`,
    );
  });

  it('lets everything pass when the firewall is off', () => {
    const world = worldOf();
    put(world, 'DfwFirewallConfiguration', '/infra/settings/firewall/security', {
      enable_firewall: false,
    });
    expect(outcome(trace(world, web, db, 'tcp 3306').observations)).toBe('delivered: - -');
  });

  it('has no firewall at an excluded machine, and still one at the other end', () => {
    const world = worldOf();
    put(world, 'PolicyExcludeList', '/infra/settings/firewall/security/exclude-list', {
      members: ['/infra/domains/default/groups/web-servers'],
    });
    expect(outcome(trace(world, web, db, 'tcp 3306').observations)).toBe(`${dropped}: - deny-shop`);
    expect(outcome(trace(world, web, '10.10.1.12', 'tcp 80').observations)).toBe('delivered: - -');
  });

  it('passes port, firewall, segment and router in this order, numbered from 0', () => {
    const { observations } = trace(worldOf(), web, app, 'tcp 8443');
    expect(
      observations.map((each) => [
        each['sequence_no'],
        each['resource_type'],
        each['component_type'],
      ]),
    ).toEqual([
      [0, 'TraceflowObservationReceivedLogical', 'LS'],
      [1, 'TraceflowObservationForwardedLogical', 'DFW'],
      [2, 'TraceflowObservationForwardedLogical', 'LS'],
      [3, 'TraceflowObservationForwardedLogical', 'LR'],
      [4, 'TraceflowObservationForwardedLogical', 'LS'],
      [5, 'TraceflowObservationForwardedLogical', 'DFW'],
      [6, 'TraceflowObservationDelivered', 'LS'],
    ]);
    expect(observations[1]?.['transport_node_name']).toBe('esx-a1.lab.test');
  });

  it('says nothing until it has run, then counts what it saw', () => {
    const world = worldOf('lab', 'lab', { traceMilliseconds: 60_000 });
    const { started, status, observations } = trace(world, web, app, 'tcp 8443');
    expect([status['operation_state'], observations]).toEqual(['IN_PROGRESS', []]);
    world.clock.advance(60_000);
    expect(started.status(world.clock.now())).toMatchObject({
      operation_state: 'FINISHED',
      request_status: 'SUCCESS',
      logical_counters: {
        received_count: 1,
        forwarded_count: 5,
        dropped_count: 0,
        delivered_count: 1,
      },
    });
  });

  it.each([
    ['a machine that is off', '10.10.2.51', 'DATA_PATH_NOT_READY'],
    ['a VLAN-backed port', '10.10.20.5', 'DATA_PATH_NOT_READY'],
    ['a port that does not exist', '10.10.77.1', 'SOURCE_PORT_NOT_FOUND'],
  ])('fails from %s', (_, source, request_status) => {
    const { status, observations } = trace(worldOf(), source, web, 'tcp 443');
    expect(status).toMatchObject({ operation_state: 'FAILED', request_status });
    expect(status['analysis']).toHaveLength(1);
    expect(observations).toEqual([]);
  });

  it('fails for a packet that has no addresses', () => {
    const { status } = trace(worldOf(), web, 'nowhere', 'tcp 443');
    expect(status).toMatchObject({ operation_state: 'FAILED', request_status: 'UNKNOWN' });
  });

  it('starts from the unique id of a port, not from the id of its attachment', () => {
    const world = worldOf();
    const [at] = interfacesOf(world).byAddress.get(web) ?? [];
    const start = (source_id: unknown) => {
      const packet = packetOf(web, app, 'tcp 8443');
      const config = put(world, 'TraceflowConfig', '/infra/traceflows/t', { source_id, packet });
      const started = startTrace(world, config);
      world.clock.advance(20);
      return started.status(world.clock.now())['request_status'];
    };
    expect(start(at?.port?.['unique_id'])).toBe('SUCCESS');
    expect(start(at?.vif?.lport_attachment_id)).toBe('SOURCE_PORT_NOT_FOUND');
  });

  it('counts a hit for the rule at each end', () => {
    const world = worldOf();
    trace(world, web, app, 'tcp 8443');
    const path = '/infra/domains/default/security-policies/shop/rules/web-to-app';
    expect(ruleStatistics(world, path).results[0]?.statistics.hit_count).toBe(2);
  });
});
