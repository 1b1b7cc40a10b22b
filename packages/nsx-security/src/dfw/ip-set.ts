import { isIPv4, isIPv6 } from 'node:net';
import type { Intervals } from './intervals.js';
import * as intervals from './intervals.js';

export type Family = 4 | 6;

/** An exact set of addresses of both families. Build with `parseIps`, never by hand. */
export interface IpSet {
  readonly v4: Intervals<number>;
  readonly v6: Intervals<bigint>;
}

/** One address as a number: of 32 bits, or of 128 as a bigint. */
export type Address =
  | { readonly family: 4; readonly value: number }
  | { readonly family: 6; readonly value: bigint };

const end4 = 2 ** 32;
const end6 = 1n << 128n;

export const noIps: IpSet = { v4: [], v6: [] };
export const allIps: IpSet = { v4: [0, end4], v6: [0n, end6] };

/** Null when the text is not exactly one address. Leading zeros and zone names are refused. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) {
    const value = text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    return { family: 4, value };
  }
  if (!isIPv6(text) || text.includes('%')) return null;
  return { family: 6, value: ipv6Value(text) };
}

function ipv6Value(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array<bigint>(8 - front.length - back.length).fill(0n);
  return [...front, ...zeros, ...back].reduce((sum, part) => (sum << 16n) | part, 0n);
}

function groups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [BigInt(`0x${part}`)];
    const v4 = BigInt(part.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0));
    return [v4 >> 16n, v4 & 0xffffn];
  });
}

/** An address, a prefix (`10.0.0.0/8`; host bits are ignored) or a range (`10.0.0.1-10.0.0.9`). Null for anything else. */
export function parseIps(text: string): IpSet | null {
  const trimmed = text.trim();
  const dash = trimmed.indexOf('-');
  if (dash >= 0) return range(trimmed.slice(0, dash).trim(), trimmed.slice(dash + 1).trim());
  const slash = trimmed.indexOf('/');
  if (slash >= 0) return prefix(trimmed.slice(0, slash), trimmed.slice(slash + 1));
  return range(trimmed, trimmed);
}

function range(first: string, last: string): IpSet | null {
  const from = parseAddress(first);
  const to = parseAddress(last);
  if (from?.family === 4 && to?.family === 4 && from.value <= to.value)
    return { v4: [from.value, to.value + 1], v6: [] };
  if (from?.family === 6 && to?.family === 6 && from.value <= to.value)
    return { v4: [], v6: [from.value, to.value + 1n] };
  return null;
}

function prefix(base: string, length: string): IpSet | null {
  const address = parseAddress(base);
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  const bits = Number(length);
  if (address.family === 4) {
    if (bits > 32) return null;
    const size = 2 ** (32 - bits);
    const begin = address.value - (address.value % size);
    return { v4: [begin, begin + size], v6: [] };
  }
  if (bits > 128) return null;
  const size = 1n << BigInt(128 - bits);
  const begin = address.value - (address.value % size);
  return { v4: [], v6: [begin, begin + size] };
}

/** The set of one address. */
export const onlyAddress = (address: Address): IpSet =>
  address.family === 4
    ? { v4: [address.value, address.value + 1], v6: [] }
    : { v4: [], v6: [address.value, address.value + 1n] };

export const uniteIps = (sets: readonly IpSet[]): IpSet => {
  const [first = noIps, second] = sets;
  if (!second) return first;
  return {
    v4: intervals.fromPairs(sets.flatMap((set) => [...intervals.pairs(set.v4)])),
    v6: intervals.fromPairs(sets.flatMap((set) => [...intervals.pairs(set.v6)])),
  };
};

export const intersectIps = (a: IpSet, b: IpSet): IpSet => ({
  v4: intervals.intersect(a.v4, b.v4),
  v6: intervals.intersect(a.v6, b.v6),
});

export const subtractIps = (a: IpSet, b: IpSet): IpSet => ({
  v4: intervals.subtract(a.v4, b.v4),
  v6: intervals.subtract(a.v6, b.v6),
});

/** Whether all of `b` is in `a`. */
export const coversIps = (a: IpSet, b: IpSet) =>
  intervals.covers(a.v4, b.v4) && intervals.covers(a.v6, b.v6);

export const isEmptyIps = (set: IpSet) => set.v4.length === 0 && set.v6.length === 0;

export const hasAddress = (set: IpSet, address: Address) =>
  address.family === 4
    ? intervals.has(set.v4, address.value)
    : intervals.has(set.v6, address.value);

/** Dotted, or eight groups with the longest run of zeros left out (RFC 5952). */
export function formatAddress(address: Address): string {
  if (address.family === 4) return format4(address.value);
  return format6(address.value);
}

const format4 = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

function format6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(16 * (7 - i))) & 0xffffn).toString(16),
  );
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (parts[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return parts.join(':');
  return `${parts.slice(0, best.at).join(':')}::${parts.slice(best.at + best.length).join(':')}`;
}

/** Addresses, prefixes where the interval is one, ranges otherwise. */
export function formatIps(set: IpSet): string[] {
  const four = [...intervals.pairs(set.v4)].map(([begin, end]) => {
    const bits = 32 - Math.log2(end - begin);
    if (Number.isInteger(bits) && begin % (end - begin) === 0)
      return bits === 32 ? format4(begin) : `${format4(begin)}/${bits}`;
    return `${format4(begin)}-${format4(end - 1)}`;
  });
  const six = [...intervals.pairs(set.v6)].map(([begin, end]) => {
    const size = end - begin;
    if ((size & (size - 1n)) === 0n && begin % size === 0n) {
      const bits = 128 - (size.toString(2).length - 1);
      return bits === 128 ? format6(begin) : `${format6(begin)}/${bits}`;
    }
    return `${format6(begin)}-${format6(end - 1n)}`;
  });
  return [...four, ...six];
}
