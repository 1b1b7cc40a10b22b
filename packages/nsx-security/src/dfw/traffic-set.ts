import * as intervals from './intervals.js';
import { allPorts, formatPorts, type PortSet } from './port-set.js';

/**
 * Traffic of one IP protocol (0 to 255). `first` and `second` are source and destination ports of TCP and UDP,
 * type and code of ICMP and ICMPv6, and everything for the other protocols.
 */
export interface Box {
  readonly protocol: number;
  readonly first: PortSet;
  readonly second: PortSet;
}

/** Disjoint boxes. Build with the functions below. */
export type TrafficSet = readonly Box[];

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

/** ICMP types and codes. */
export const allBytes: PortSet = [0, 256];
const nothing: PortSet = [0, 1];

/** All there is of one protocol. */
export function wholeProtocol(protocol: number): Box {
  if (protocol === TCP || protocol === UDP) return { protocol, first: allPorts, second: allPorts };
  if (protocol === ICMP || protocol === ICMPV6)
    return { protocol, first: allBytes, second: allBytes };
  return { protocol, first: nothing, second: nothing };
}

export const allTraffic: TrafficSet = Array.from({ length: 256 }, (_, protocol) =>
  wholeProtocol(protocol),
);

function subtractBox(from: Box, box: Box): Box[] {
  if (from.protocol !== box.protocol) return [from];
  const first = intervals.intersect(from.first, box.first);
  const second = intervals.intersect(from.second, box.second);
  if (first.length === 0 || second.length === 0) return [from];
  const { protocol } = from;
  return [
    { protocol, first: intervals.subtract(from.first, first), second: from.second },
    { protocol, first, second: intervals.subtract(from.second, second) },
  ].filter((piece) => piece.first.length > 0 && piece.second.length > 0);
}

export const subtractTraffic = (a: TrafficSet, b: TrafficSet): TrafficSet =>
  b.reduce<Box[]>((left, box) => left.flatMap((piece) => subtractBox(piece, box)), [...a]);

export const uniteTraffic = (a: TrafficSet, b: TrafficSet): TrafficSet => [
  ...a,
  ...subtractTraffic(b, a),
];

export const intersectTraffic = (a: TrafficSet, b: TrafficSet): TrafficSet =>
  a.flatMap((x) =>
    b
      .filter((y) => x.protocol === y.protocol)
      .map((y) => ({
        protocol: x.protocol,
        first: intervals.intersect(x.first, y.first),
        second: intervals.intersect(x.second, y.second),
      }))
      .filter((box) => box.first.length > 0 && box.second.length > 0),
  );

/** Whether all of `b` is in `a`. */
export const coversTraffic = (a: TrafficSet, b: TrafficSet) => subtractTraffic(b, a).length === 0;

const names = new Map([
  [ICMP, 'ICMP'],
  [2, 'IGMP'],
  [TCP, 'TCP'],
  [UDP, 'UDP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [51, 'AH'],
  [ICMPV6, 'ICMPv6'],
  [132, 'SCTP'],
]);

/** One line a box: `TCP 443`, `UDP 53 from 1024-65535`, `ICMP type 8`, `protocol 99`; or `any`. */
export function formatTraffic(set: TrafficSet): string[] {
  const merged = mergeBoxes(set);
  if (coversTraffic(merged, allTraffic)) return ['any'];
  const whole: number[] = [];
  const lines: string[] = [];
  for (const box of merged) {
    const all = wholeProtocol(box.protocol);
    if (!names.has(box.protocol)) whole.push(box.protocol);
    else lines.push(formatBox(box, all));
  }
  if (whole.length > 0) {
    const numbers = intervals.fromPairs(whole.map((n) => [n, n + 1] as const));
    lines.push(`protocol ${formatPorts(numbers)}`);
  }
  return lines;
}

function formatBox(box: Box, all: Box): string {
  const name = names.get(box.protocol) ?? `protocol ${box.protocol}`;
  const anyFirst = intervals.covers(box.first, all.first);
  const anySecond = intervals.covers(box.second, all.second);
  const ports = box.protocol === TCP || box.protocol === UDP;
  if (ports) {
    const to = anySecond ? '' : ` ${formatPorts(box.second)}`;
    return `${name}${to}${anyFirst ? '' : ` from ${formatPorts(box.first)}`}`;
  }
  const type = anyFirst ? '' : ` type ${formatPorts(box.first)}`;
  return `${name}${type}${anySecond ? '' : ` code ${formatPorts(box.second)}`}`;
}

/** Fewer boxes for the same traffic: those that differ on one side only become one. */
export function mergeBoxes(set: TrafficSet): TrafficSet {
  const along = (boxes: TrafficSet, key: (box: Box) => PortSet, join: (a: Box, b: Box) => Box) => {
    const byKey = new Map<string, Box>();
    for (const box of boxes) {
      const k = `${box.protocol}/${key(box).join(',')}`;
      const other = byKey.get(k);
      byKey.set(k, other ? join(other, box) : box);
    }
    return [...byKey.values()];
  };
  const bySource = along(
    set,
    (box) => box.first,
    (a, b) => ({ ...a, second: intervals.union(a.second, b.second) }),
  );
  return along(
    bySource,
    (box) => box.second,
    (a, b) => ({ ...a, first: intervals.union(a.first, b.first) }),
  );
}
