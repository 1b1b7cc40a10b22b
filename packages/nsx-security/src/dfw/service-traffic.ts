import type { Rule, Service, ServiceEntry } from '@vmware/clients/nsx';
import { allPorts, type PortSet, parsePorts, unitePorts } from './port-set.js';
import {
  allBytes,
  allTraffic,
  type Box,
  ICMP,
  ICMPV6,
  TCP,
  type TrafficSet,
  UDP,
  uniteTraffic,
  wholeProtocol,
} from './traffic-set.js';

/** What is surely matched, and what may be. They differ where a service could not be read. */
export interface Traffic {
  readonly must: TrafficSet;
  readonly may: TrafficSet;
}

const unknown: Traffic = { must: [], may: allTraffic };
const nothing: Traffic = { must: [], may: [] };
const exactly = (set: TrafficSet): Traffic => ({ must: set, may: set });

const either = (a: Traffic, b: Traffic): Traffic => {
  const must = union(a.must, b.must);
  if (a.may === a.must && b.may === b.must) return exactly(must);
  return { must, may: union(a.may, b.may) };
};

const union = (a: TrafficSet, b: TrafficSet) =>
  a === allTraffic || b === allTraffic ? allTraffic : uniteTraffic(a, b);

/** Control ports of the application-level gateways (ALGTypeServiceEntry.alg). Data connections follow by inspection. */
const gateways = new Map<string, number>([
  ['FTP', TCP],
  ['TFTP', UDP],
  ['MS_RPC_TCP', TCP],
  ['MS_RPC_UDP', UDP],
  ['SUN_RPC_TCP', TCP],
  ['SUN_RPC_UDP', UDP],
  ['ORACLE_TNS', TCP],
  ['NBNS_BROADCAST', UDP],
  ['NBDG_BROADCAST', UDP],
]);

/** Looks services up by path and remembers what they match. `any` when a rule names none. */
export class ServiceTraffic {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #known = new Map<string, Traffic>();

  constructor(services: readonly Service[]) {
    this.#services = new Map(services.map((service) => [service.path, service]));
  }

  /** The traffic of a rule: its services and its own entries together. */
  ofRule(rule: Rule): Traffic {
    const paths = rule.services ?? [];
    const entries = rule.service_entries ?? [];
    // Entries beside ANY are what the rule is about: NSX writes ANY where a rule has raw ports alone.
    const named = paths.filter((path) => path.toUpperCase() !== 'ANY');
    if (named.length === 0 && entries.length === 0) return exactly(allTraffic);
    const parts = [
      ...named.map((path) => this.ofService(path)),
      ...entries.map((e) => this.#entry(e)),
    ];
    return parts.reduce(either, nothing);
  }

  /** The traffic of the service at this path. Unknown (nothing surely, anything maybe) when it is not in the snapshot. */
  ofService(path: string): Traffic {
    const known = this.#known.get(path);
    if (known) return known;
    this.#known.set(path, unknown);
    const service = this.#services.get(path);
    const traffic = service
      ? (service.service_entries ?? []).map((entry) => this.#entry(entry)).reduce(either, nothing)
      : unknown;
    this.#known.set(path, traffic);
    return traffic;
  }

  #entry(entry: ServiceEntry): Traffic {
    switch (entry.resource_type) {
      case 'L4PortSetServiceEntry':
        return portsEntry(protocolNamed(entry['l4_protocol']), entry);
      case 'ALGTypeServiceEntry':
        return portsEntry(gateways.get(String(entry['alg'])), entry);
      case 'ICMPTypeServiceEntry':
        return icmpEntry(entry);
      case 'IGMPTypeServiceEntry':
        return exactly([wholeProtocol(2)]);
      case 'IPProtocolServiceEntry':
        return protocolEntry(entry['protocol_number']);
      case 'EtherTypeServiceEntry':
        return nothing;
      case 'NestedServiceServiceEntry': {
        const path = entry['nested_service_path'];
        return typeof path === 'string' ? this.ofService(path) : unknown;
      }
      default:
        return unknown;
    }
  }
}

const protocolNamed = (name: unknown) => (name === 'TCP' ? TCP : name === 'UDP' ? UDP : undefined);

function portsEntry(protocol: number | undefined, entry: ServiceEntry): Traffic {
  const first = ports(entry['source_ports']);
  const second = ports(entry['destination_ports']);
  if (protocol === undefined || !first || !second) return unknown;
  return exactly([{ protocol, first, second }]);
}

/** No list, or an empty one, is every port. */
function ports(list: unknown): PortSet | null {
  if (list === undefined || list === null) return allPorts;
  if (!Array.isArray(list)) return null;
  if (list.length === 0) return allPorts;
  const sets = list.map((text) => parsePorts(String(text)));
  const good = sets.filter((set) => set !== null);
  return good.length === sets.length ? unitePorts(good) : null;
}

function icmpEntry(entry: ServiceEntry): Traffic {
  const protocol =
    entry['protocol'] === 'ICMPv4' ? ICMP : entry['protocol'] === 'ICMPv6' ? ICMPV6 : undefined;
  const first = byte(entry['icmp_type']);
  const second = byte(entry['icmp_code']);
  if (protocol === undefined || !first || !second) return unknown;
  const box: Box = { protocol, first, second };
  return exactly([box]);
}

function byte(value: unknown): PortSet | null {
  if (value === undefined || value === null) return allBytes;
  const n = Number(value);
  return Number.isInteger(n) && n >= 0 && n < 256 ? [n, n + 1] : null;
}

function protocolEntry(value: unknown): Traffic {
  const n = Number(value);
  if (value === undefined || !Number.isInteger(n) || n < 0 || n > 255) return unknown;
  return exactly([wholeProtocol(n)]);
}
