import { allPorts, parsePorts } from './port-set.js';
import {
  allBytes,
  allTraffic,
  ICMP,
  ICMPV6,
  TCP,
  type TrafficSet,
  UDP,
  wholeProtocol,
} from './traffic-set.js';

/** Traffic as people ask for it. */
export interface Packets {
  /** `any`, `tcp`, `udp`, `icmp`, `icmpv6`, or a protocol number from 0 to 255. Case does not matter. */
  readonly protocol: string;
  /** `443` or `8000-8080`; for ICMP the type. Absent: all. */
  readonly port?: string;
  readonly source_port?: string;
}

const protocols = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv4', ICMP],
  ['icmpv6', ICMPV6],
]);

/** Null when the protocol or a port is none, or the protocol has no ports. */
export function trafficOf({ protocol, port, source_port }: Packets): TrafficSet | null {
  const name = protocol.toLowerCase();
  const ported = port !== undefined || source_port !== undefined;
  if (name === 'any') return ported ? null : allTraffic;
  const number = protocols.get(name) ?? (/^\d{1,3}$/.test(name) ? Number(name) : undefined);
  if (number === undefined || number > 255) return null;
  if (!ported) return [wholeProtocol(number)];
  const to = port === undefined ? allPorts : parsePorts(port);
  if (number === TCP || number === UDP) {
    const from = source_port === undefined ? allPorts : parsePorts(source_port);
    return to && from && [{ protocol: number, first: from, second: to }];
  }
  const icmp = number === ICMP || number === ICMPV6;
  if (!icmp || source_port !== undefined || !to || (to.at(-1) ?? 0) > 256) return null;
  return [{ protocol: number, first: to, second: allBytes }];
}
