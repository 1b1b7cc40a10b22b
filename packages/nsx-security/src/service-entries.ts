import type { ServiceEntry } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';

/** What one element of a service is, in a word: `TCP:443`, `ICMPv4:8`, `IP:47`. */
export function entryWord(entry: ServiceEntry): string {
  const field = (name: string) => entry[name];
  const ports = (name: string) =>
    Array.isArray(field(name)) ? (field(name) as unknown[]).join(',') : '';
  switch (entry.resource_type) {
    case 'L4PortSetServiceEntry': {
      const from = ports('source_ports');
      return `${field('l4_protocol')}:${ports('destination_ports') || 'any'}${from && ` from ${from}`}`;
    }
    case 'ICMPTypeServiceEntry': {
      const code = field('icmp_code');
      const type = field('icmp_type');
      return [field('protocol') ?? 'ICMPv4', type, type === undefined ? undefined : code]
        .filter((part) => part !== undefined && part !== null)
        .join(':');
    }
    case 'IPProtocolServiceEntry':
      return `IP:${field('protocol_number')}`;
    case 'ALGTypeServiceEntry':
      return `ALG ${field('alg')}:${ports('destination_ports')}`;
    case 'NestedServiceServiceEntry':
      return `service ${String(field('nested_service_path') ?? '').replace(/^.*\//, '')}`;
    case 'EtherTypeServiceEntry':
      return `EtherType:${field('ether_type')}`;
    default:
      return entry.resource_type.replace(/ServiceEntry$/, '');
  }
}

const most = 15;

/** The elements that words such as `TCP:443`, `UDP:5000-5010`, `ICMPv4:8` and `IP:47` mean. */
export function entriesOf(words: readonly string[]): ServiceEntry[] {
  const ports = new Map<string, string[]>();
  const others: ServiceEntry[] = [];
  for (const word of words) {
    const [kind = '', ...rest] = word.trim().split(':');
    const upper = kind.toUpperCase();
    if (upper === 'TCP' || upper === 'UDP')
      ports.set(upper, [...(ports.get(upper) ?? []), portIn(rest.join(':'), word)]);
    else others.push(otherEntry(upper, rest, word));
  }
  const sets = [...ports].flatMap(([l4_protocol, all]) =>
    chunks(all, most).map((destination_ports) => ({
      resource_type: 'L4PortSetServiceEntry',
      l4_protocol,
      destination_ports,
    })),
  );
  return [...sets, ...others].map((entry, at) => ({
    ...entry,
    id: `entry-${at + 1}`,
    display_name: `entry-${at + 1}`,
  }));
}

function otherEntry(
  kind: string,
  [first, second, ...more]: readonly string[],
  word: string,
): ServiceEntry {
  if (more.length > 0 || (kind === 'IP' && second !== undefined))
    throw wrong(word, 'it has a part too many');
  if (kind === 'ICMPV4' || kind === 'ICMPV6' || kind === 'ICMP')
    return {
      resource_type: 'ICMPTypeServiceEntry',
      protocol: kind === 'ICMPV6' ? 'ICMPv6' : 'ICMPv4',
      ...(first !== undefined && { icmp_type: byteIn(first, word) }),
      ...(second !== undefined && { icmp_code: byteIn(second, word) }),
    };
  if (kind === 'IP' && first !== undefined)
    return { resource_type: 'IPProtocolServiceEntry', protocol_number: byteIn(first, word) };
  throw wrong(word, 'it has no protocol we know');
}

function portIn(text: string, word: string): string {
  const [first = '', last = first, ...more] = text.split('-').map((part) => part.trim());
  const isPort = (part: string) => /^\d{1,5}$/.test(part) && Number(part) <= 65_535;
  if (more.length > 0 || !isPort(first) || !isPort(last))
    throw wrong(word, 'a port is a number from 0 to 65535');
  if (Number(first) > Number(last)) throw wrong(word, 'the range ends before it begins');
  return first === last ? first : `${first}-${last}`;
}

function byteIn(text: string, word: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  throw wrong(word, `"${text}" is not a number from 0 to 255`);
}

const wrong = (word: string, why: string) =>
  new Refusal(
    'INVALID_INPUT',
    `"${word}" is not an element of a service: ${why}.`,
    'Write TCP:443, UDP:5000-5010, ICMPv4:8, ICMPv6 or IP:47.',
  );

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
