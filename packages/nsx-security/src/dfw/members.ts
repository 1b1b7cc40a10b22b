import { andBits, type Bits, coverBits, isEmptyBits, orBits } from './bits.js';
import { coversIps, type IpSet, intersectIps, isEmptyIps, uniteIps } from './ip-set.js';

/**
 * Who is in a group: interfaces (by their index in `Vnics`) and addresses written into it. `must` surely belong,
 * `may` possibly do; they are the same objects when nothing is unknown. Addresses of the interfaces are not in `ips`.
 */
export interface Members {
  readonly vnics: { readonly must: Bits; readonly may: Bits };
  readonly ips: { readonly must: IpSet; readonly may: IpSet };
  /** What made the membership unknown. Empty when it is exact. */
  readonly unknown: readonly string[];
}

/** A membership without doubt. */
export const exactly = (vnics: Bits, ips: IpSet): Members => ({
  vnics: { must: vnics, may: vnics },
  ips: { must: ips, may: ips },
  unknown: [],
});

/** Whether the group surely has nobody in it. */
export const isEmpty = (members: Members) =>
  isEmptyBits(members.vnics.may) && isEmptyIps(members.ips.may);

/** In one or the other. */
export function either(a: Members, b: Members): Members {
  return join(a, b, orBits, (x, y) => uniteIps([x, y]));
}

/** In both. */
export function both(a: Members, b: Members): Members {
  return join(a, b, andBits, intersectIps);
}

function join(
  a: Members,
  b: Members,
  vnics: (a: Bits, b: Bits) => Bits,
  ips: (a: IpSet, b: IpSet) => IpSet,
): Members {
  const unknown = [...new Set([...a.unknown, ...b.unknown])];
  const exact = unknown.length === 0;
  const must = { vnics: vnics(a.vnics.must, b.vnics.must), ips: ips(a.ips.must, b.ips.must) };
  if (exact) return exactly(must.vnics, must.ips);
  return {
    vnics: { must: must.vnics, may: vnics(a.vnics.may, b.vnics.may) },
    ips: { must: must.ips, may: ips(a.ips.may, b.ips.may) },
    unknown,
  };
}

/** What two readings agree on is sure, what one of them says is possible. */
export function between(a: Members, b: Members, why: string): Members {
  if (sameSet(a, b, 'must') && sameSet(a, b, 'may')) return a;
  return {
    vnics: {
      must: andBits(a.vnics.must, b.vnics.must),
      may: orBits(a.vnics.may, b.vnics.may),
    },
    ips: {
      must: intersectIps(a.ips.must, b.ips.must),
      may: uniteIps([a.ips.may, b.ips.may]),
    },
    unknown: [...new Set([...a.unknown, ...b.unknown, why])],
  };
}

const sameSet = (a: Members, b: Members, which: 'must' | 'may') =>
  coverBits(a.vnics[which], b.vnics[which]) &&
  coverBits(b.vnics[which], a.vnics[which]) &&
  coversIps(a.ips[which], b.ips[which]) &&
  coversIps(b.ips[which], a.ips[which]);
