import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { isAny, records, text, texts } from './fields.js';
import { icmp4, icmp6, type Packet, tcp, udp } from './packet.js';

type Entry = Readonly<Record<string, unknown>>;

const igmp = 2;

/** Application gateways listen on a control port over one of the two. */
const overUdp = new Set(['SUN_RPC_UDP', 'MS_RPC_UDP', 'NBNS_BROADCAST', 'NBDG_BROADCAST', 'TFTP']);

/**
 * Whether a packet is of the services of a rule. Entries written into the rule count beside its services; where
 * there are such entries, the word ANY among the services means that none is named.
 */
export function servicesMatch(world: World, rule: PolicyObject, packet: Packet): boolean {
  const services = texts(rule['services']);
  const inline = records(rule['service_entries']);
  if (isAny(services) && inline.length === 0) return true;
  return (
    inline.some((entry) => entryMatches(world, entry, packet, [])) ||
    services.some((path) => serviceMatches(world, path, packet, []))
  );
}

function serviceMatches(
  world: World,
  path: string,
  packet: Packet,
  inside: readonly string[],
): boolean {
  if (inside.includes(path)) return false;
  return records(world.objects.get(path)?.['service_entries']).some((entry) =>
    entryMatches(world, entry, packet, [...inside, path]),
  );
}

function entryMatches(
  world: World,
  entry: Entry,
  packet: Packet,
  inside: readonly string[],
): boolean {
  switch (entry['resource_type']) {
    case 'L4PortSetServiceEntry':
      return (
        packet.protocol === (entry['l4_protocol'] === 'UDP' ? udp : tcp) &&
        portsMatch(entry, packet)
      );
    case 'ALGTypeServiceEntry':
      return (
        packet.protocol === (overUdp.has(text(entry['alg'])) ? udp : tcp) &&
        portsMatch(entry, packet)
      );
    case 'ICMPTypeServiceEntry':
      return (
        packet.protocol === (entry['protocol'] === 'ICMPv6' ? icmp6 : icmp4) &&
        (entry['icmp_type'] === undefined || entry['icmp_type'] === packet.icmpType) &&
        (entry['icmp_code'] === undefined || entry['icmp_code'] === packet.icmpCode)
      );
    case 'IPProtocolServiceEntry':
      return packet.protocol === entry['protocol_number'];
    case 'IGMPTypeServiceEntry':
      return packet.protocol === igmp;
    case 'NestedServiceServiceEntry':
      return serviceMatches(world, text(entry['nested_service_path']), packet, inside);
    default:
      return false; // EtherType entries are for the Ethernet category
  }
}

function portsMatch(entry: Entry, { sourcePort, destinationPort }: Packet): boolean {
  return (
    portMatches(texts(entry['source_ports']), sourcePort) &&
    portMatches(texts(entry['destination_ports']), destinationPort)
  );
}

/** `443` or `8000-8010`; an empty list is every port. */
function portMatches(ports: readonly string[], port: number | undefined): boolean {
  if (ports.length === 0) return true;
  return ports.some((each) => {
    const [first, last = first] = each.split('-').map(Number);
    return port !== undefined && first !== undefined && port >= first && port <= (last ?? first);
  });
}

/** Whether a packet could be of the applications of a rule: a trace carries no payload, so the transport decides. */
export function profilesMatch(world: World, rule: PolicyObject, packet: Packet): boolean {
  const profiles = texts(rule['profiles']);
  if (isAny(profiles)) return true;
  return profiles.some((path) => {
    const applications = records(world.objects.get(path)?.['attributes'])
      .filter(({ key }) => key === 'APP_ID')
      .flatMap(({ value }) => texts(value));
    const streams = applications.length > 0 && applications.every((each) => each !== 'DNS');
    return packet.protocol === tcp || (packet.protocol === udp && !streams);
  });
}

const etherTypes = { 4: 0x0800, 6: 0x86dd } as const;

/** Whether a frame that carries an IP packet is of the services of an Ethernet rule. */
export function frameMatches(world: World, rule: PolicyObject, packet: Packet): boolean {
  const services = texts(rule['services']);
  const entries = [
    ...records(rule['service_entries']),
    ...services.flatMap((path) => records(world.objects.get(path)?.['service_entries'])),
  ];
  if (isAny(services) && entries.length === 0) return true;
  return entries.some(({ ether_type }) => ether_type === etherTypes[packet.version]);
}
