import { Refusal } from '@vmware/policy';
import { parseAddress } from './dfw/ip-set.js';

export interface PacketWords {
  readonly src_ip: string;
  readonly dst_ip: string;
  readonly protocol: 'TCP' | 'UDP' | 'ICMP';
  readonly src_port: number;
  readonly dst_port: number;
  readonly ttl: number;
  readonly src_mac?: string | undefined;
  readonly dst_mac?: string | undefined;
}

/** IANA numbers; ICMP is another protocol in IPv6. */
const numbers = { TCP: 6, UDP: 17, ICMP: 1 } as const;
const icmpv6 = 58;

/** FieldsPacketData for a traced packet. Throws INVALID_INPUT for addresses that are none, or of two families. */
export function packetOf(words: PacketWords): Record<string, unknown> {
  const { src_ip, dst_ip, protocol, ttl, src_mac, dst_mac } = words;
  const from = familyOf(src_ip, 'src_ip');
  const to = familyOf(dst_ip, 'dst_ip');
  if (from !== to)
    throw new Refusal(
      'INVALID_INPUT',
      `src_ip ${src_ip} and dst_ip ${dst_ip} are not of the same IP version.`,
      'Give two IPv4 or two IPv6 addresses.',
    );
  const eth = { ...(src_mac && { src_mac }), ...(dst_mac && { dst_mac }) };
  const next = protocol === 'ICMP' && from === 6 ? icmpv6 : numbers[protocol];
  return {
    resource_type: 'FieldsPacketData',
    routed: true,
    transport_type: 'UNICAST',
    ...(Object.keys(eth).length > 0 && { eth_header: eth }),
    ...(from === 4
      ? { ip_header: { src_ip, dst_ip, ttl, protocol: next } }
      : { ipv6_header: { src_ip, dst_ip, hop_limit: ttl, next_header: next } }),
    transport_header: transportOf(words),
  };
}

function transportOf({ protocol, src_port, dst_port }: PacketWords): Record<string, unknown> {
  if (protocol === 'TCP') return { tcp_header: { src_port, dst_port, tcp_flags: 2 } };
  if (protocol === 'UDP') return { udp_header: { src_port, dst_port } };
  return { icmp_echo_request_header: { id: 1, sequence: 1 } };
}

function familyOf(text: string, input: string): 4 | 6 {
  const address = parseAddress(text);
  if (address) return address.family;
  throw new Refusal(
    'INVALID_INPUT',
    `${input}: "${text}" is not an IP address.`,
    'Write an address such as 10.1.2.3 or 2001:db8::1.',
  );
}
