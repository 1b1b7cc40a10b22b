import type { Intervals } from './intervals.js';
import * as intervals from './intervals.js';

/** A set of ports (0 to 65535), or of ICMP types or codes (0 to 255). */
export type PortSet = Intervals<number>;

export const allPorts: PortSet = [0, 65536];

/** `443` or `8000-8080`. Null for anything else. */
export function parsePorts(text: string): PortSet | null {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text.trim());
  if (!match) return null;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65535 ? [first, last + 1] : null;
}

export const unitePorts = (sets: readonly PortSet[]): PortSet =>
  intervals.fromPairs(sets.flatMap((set) => [...intervals.pairs(set)]));

/** `443, 8000-8080`; empty for none. */
export const formatPorts = (set: PortSet): string =>
  [...intervals.pairs(set)]
    .map(([begin, end]) => (end - begin === 1 ? `${begin}` : `${begin}-${end - 1}`))
    .join(', ');
