import { isIP } from 'node:net';
import { canonical } from './addresses.js';
import { isRecord, text } from './fields.js';

export const icmp4 = 1;
export const tcp = 6;
export const udp = 17;
export const icmp6 = 58;

/** An IP packet as far as a firewall looks at it. Ports are absent unless it is TCP or UDP. */
export interface Packet {
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** The packet of a trace, from its FieldsPacketData. Undefined: no IP packet, or one whose addresses are none. */
export function packetOf(data: unknown): Packet | undefined {
  if (!isRecord(data)) return undefined;
  const v6 = isRecord(data['ipv6_header']) ? data['ipv6_header'] : undefined;
  const header = v6 ?? (isRecord(data['ip_header']) ? data['ip_header'] : undefined);
  if (!header) return undefined;
  const [source, destination] = [text(header['src_ip']), text(header['dst_ip'])];
  const version = v6 ? 6 : 4;
  if (isIP(source) !== version || isIP(destination) !== version) return undefined;
  const transport = isRecord(data['transport_header']) ? data['transport_header'] : {};
  const stated = v6 ? header['next_header'] : header['protocol'];
  return {
    version,
    source: canonical(source),
    destination: canonical(destination),
    ...transportOf(transport, version, typeof stated === 'number' ? stated : undefined),
  };
}

function transportOf(
  transport: Record<string, unknown>,
  version: 4 | 6,
  stated: number | undefined,
): Pick<Packet, 'protocol' | 'sourcePort' | 'destinationPort' | 'icmpType' | 'icmpCode'> {
  const ports = (header: Record<string, unknown>) => ({
    sourcePort: Number(header['src_port'] ?? 0),
    destinationPort: Number(header['dst_port'] ?? 0),
  });
  const { tcp_header: overTcp, udp_header: overUdp } = transport;
  if (isRecord(overTcp)) return { protocol: tcp, ...ports(overTcp) };
  if (isRecord(overUdp)) return { protocol: udp, ...ports(overUdp) };
  const ping = version === 6 ? icmp6 : icmp4;
  if (isRecord(transport['icmp_echo_request_header']) || (stated ?? ping) === ping)
    return { protocol: ping, icmpType: version === 6 ? 128 : 8, icmpCode: 0 };
  return { protocol: stated ?? ping };
}
