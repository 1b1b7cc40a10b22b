import type { World } from '../world.js';
import type { Verdict } from './evaluate.js';
import { text } from './fields.js';
import type { Interface } from './interfaces.js';
import type { Packet } from './packet.js';
import type { Route } from './route.js';
import { isVlanBacked } from './route.js';

/** What a component of the network saw of a trace; `PolicyTraceflowObservation…` of the API. */
export type Observation = Readonly<Record<string, unknown>>;

/** Everything that decides how a trace goes. */
export interface Journey {
  readonly source: Interface;
  readonly route: Route;
  readonly packet: Packet;
  readonly out: Verdict;
  /** Absent when the packet does not come to an interface that can take it. */
  readonly in?: Verdict;
}

/** The observations of a trace, in the order in which they were made. */
export function observationsOf(world: World, journey: Journey): Observation[] {
  const { source, route, out } = journey;
  const seen = new Log(world);
  seen.add('ReceivedLogical', source, onPort(source));
  if (firewall(seen, source, out)) return seen.list;
  seen.add('ForwardedLogical', source, onSegment(source));
  if (route.router) {
    const router = {
      component_type: 'LR',
      component_sub_type: 'LR_TIER1',
      component_name: text(route.router['display_name']),
      component_path: route.router.path,
    };
    if (leavesOverlay(route)) {
      seen.add('ForwardedLogical', source, router);
      seen.add('Delivered', source, {
        component_type: 'PHYSICAL',
        component_sub_type: 'EDGE_UPLINK',
        component_name: 'uplink',
      });
      return seen.list;
    }
    if (!journey.in) {
      seen.add('DroppedLogical', source, { ...router, reason: 'ARP_FAIL' });
      return seen.list;
    }
    seen.add('ForwardedLogical', source, router);
  }
  const { destination } = route;
  if (!journey.in || !destination) {
    const reason = route.segment ? 'NO_MAC' : 'NO_ROUTE';
    seen.add('DroppedLogical', source, { ...onSegment(source), reason });
    return seen.list;
  }
  seen.add('ForwardedLogical', destination, onSegment(destination));
  if (firewall(seen, destination, journey.in)) return seen.list;
  const { lport_id, lport_name, segment_port_path, component_name } = onPort(destination);
  seen.add('Delivered', destination, {
    component_type: 'LS',
    component_name,
    lport_id,
    lport_name,
    segment_port_path,
    target_mac: destination.vif?.mac_address,
  });
  return seen.list;
}

/** Whether an address is reached through the physical network: it is on no overlay segment. */
export const leavesOverlay = ({ segment }: Route): boolean =>
  segment === undefined || isVlanBacked(segment);

/** What the firewall at an interface did. True: the trace ended there. */
function firewall(seen: Log, at: Interface, { action, rule, jump, frameRule }: Verdict): boolean {
  const component = {
    component_type: 'DFW',
    component_name: 'Distributed Firewall',
    ...port(at),
    ...(rule && rule !== frameRule && { acl_rule_id: rule['rule_id'], acl_rule_path: rule.path }),
    ...(frameRule && { l2_rule_id: frameRule['rule_id'], l2_rule_path: frameRule.path }),
    ...(jump && { jumpto_rule_id: jump['rule_id'], jumpto_rule_path: jump.path }),
  };
  if (action === 'ALLOW') seen.add('ForwardedLogical', at, component);
  else seen.add('DroppedLogical', at, { ...component, reason: 'FW_RULE' });
  return action !== 'ALLOW';
}

const port = (at: Interface) => ({
  lport_id: text(at.port?.['unique_id']),
  lport_name: text(at.port?.['display_name']),
  segment_port_path: at.port?.path,
});

const onSegment = (at: Interface) => ({
  component_type: 'LS',
  component_id: text(at.segment?.['unique_id']),
  component_name: text(at.segment?.['display_name']),
  component_path: at.segment?.path,
});

const onPort = (at: Interface) => ({ ...onSegment(at), ...port(at) });

class Log {
  readonly list: Observation[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  add(kind: string, at: Interface, fields: Observation): void {
    const now = this.#world.clock.now().getTime();
    this.list.push({
      resource_type: `TraceflowObservation${kind}`,
      sequence_no: this.list.length,
      transport_node_id: at.vm.host_id,
      transport_node_name: this.#world.fabric.hostName(at.vm.host_id) ?? '',
      transport_node_type: 'ESX',
      timestamp: now,
      timestamp_micro: now * 1000,
      site_path: '/infra/sites/default',
      ...fields,
    });
  }
}
