import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { evaluate } from './evaluate.js';
import { text } from './fields.js';
import { type Interface, interfacesOf } from './interfaces.js';
import { leavesOverlay, type Observation, observationsOf } from './observations.js';
import { type Packet, packetOf } from './packet.js';
import { isVlanBacked, routeTo } from './route.js';
import { hit } from './statistics.js';

/** A traceflow that was started. Times come from the clock of the world. */
export interface Trace {
  /** GET /infra/traceflows/{}/status. */
  status(now: Date): Readonly<Record<string, unknown>>;
  /** GET /infra/traceflows/{}/observations: none until it has finished. */
  observations(now: Date): readonly Observation[];
}

interface Failure {
  readonly request_status: 'SOURCE_PORT_NOT_FOUND' | 'DATA_PATH_NOT_READY' | 'UNKNOWN';
  readonly why: string;
}

/**
 * Injects the packet of a TraceflowConfig at its port and lets it run for `traceMilliseconds`. The network is
 * looked at now; rules that decide count a hit. A port that is missing, off or VLAN-backed fails the trace, and
 * so does a packet that is not IP.
 */
export function startTrace(world: World, config: PolicyObject): Trace {
  const started = world.clock.now().getTime();
  const source = sourceOf(world, config);
  const packet = packetOf(config['packet']);
  const failure = failureOf(source, packet);
  const run = source && packet && !failure ? inject(world, source, packet) : [];
  const running = (now: Date) => now.getTime() - started < world.settings.traceMilliseconds;
  const described = {
    resource_type: 'Traceflow',
    id: config.id,
    path: config.path,
    timeout: config['timeout'] ?? 10,
    lport_id: text(source?.port?.['unique_id']),
    result_overflowed: false,
  };
  return {
    status: (now) => {
      if (running(now)) return { ...described, operation_state: 'IN_PROGRESS', analysis: [] };
      if (failure)
        return {
          ...described,
          operation_state: 'FAILED',
          request_status: failure.request_status,
          analysis: [failure.why],
        };
      return {
        ...described,
        operation_state: 'FINISHED',
        request_status: 'SUCCESS',
        analysis: [],
        logical_counters: countersOf(run),
      };
    },
    observations: (now) => (running(now) ? [] : run),
  };
}

/** `segment_port_path`, or `source_id`: the path of a port or its unique id. */
function sourceOf(world: World, config: PolicyObject): Interface | undefined {
  const named = text(config['segment_port_path']) || text(config['source_id']);
  return interfacesOf(world).byPort.get(named);
}

function failureOf(source: Interface | undefined, packet: Packet | undefined): Failure | undefined {
  if (!source)
    return {
      request_status: 'SOURCE_PORT_NOT_FOUND',
      why: 'No machine is attached to the port the trace was to start from.',
    };
  if (source.vm.power_state !== 'VM_RUNNING')
    return {
      request_status: 'DATA_PATH_NOT_READY',
      why: `The machine ${source.vm.display_name} is not running, so its port is down.`,
    };
  if (isVlanBacked(source.segment))
    return {
      request_status: 'DATA_PATH_NOT_READY',
      why: `The segment ${text(source.segment?.['display_name'])} is VLAN-backed; traceflow needs an overlay segment.`,
    };
  if (!packet)
    return {
      request_status: 'UNKNOWN',
      why: 'The packet has no IP header with a source and a destination address.',
    };
  return undefined;
}

function inject(world: World, source: Interface, packet: Packet): Observation[] {
  const route = routeTo(world, source, packet.destination);
  const { destination } = route;
  const ends = { source, ...(destination && { destination }) };
  const out = evaluate(world, packet, ends, 'OUT');
  const arrives =
    out.action === 'ALLOW' && destination?.vm.power_state === 'VM_RUNNING' && !leavesOverlay(route);
  const into = arrives ? evaluate(world, packet, ends, 'IN') : undefined;
  for (const verdict of [out, into]) if (verdict?.rule) hit(world, verdict.rule.path);
  return observationsOf(world, { source, route, packet, out, ...(into && { in: into }) });
}

function countersOf(run: readonly Observation[]) {
  const count = (kind: string) =>
    run.filter(({ resource_type }) =>
      String(resource_type).startsWith(`TraceflowObservation${kind}`),
    ).length;
  return {
    received_count: count('Received'),
    forwarded_count: count('Forwarded'),
    dropped_count: count('Dropped'),
    delivered_count: count('Delivered'),
  };
}
