import { allBits, type Bits, members, noBits, setBit } from './bits.js';
import type { Intervals } from './intervals.js';
import * as intervals from './intervals.js';
import { type Address, type Family, type IpSet, intersectIps, subtractIps } from './ip-set.js';
import type { Members } from './members.js';
import type { Vnic, Vnics } from './vnics.js';

/** Ends of connections that no rule can tell apart. */
export interface PointClass {
  readonly family: Family;
  /** Interfaces in it; empty for addresses that no interface has. */
  readonly vnics: number[];
  /** One address in it. Absent when the address of its interfaces is not known. */
  readonly address?: Address;
}

/** Bits over the classes: those that surely match, and those that may. */
export interface Sure {
  readonly must: Bits;
  readonly may: Bits;
}

/** An element's mark on a class: surely in, or maybe. */
interface Marks {
  readonly must: readonly number[];
  readonly may: readonly number[];
}

interface Axis<N extends number | bigint> {
  readonly cuts: readonly N[];
  readonly marks: readonly number[];
}

/**
 * Every end a connection can have, interfaces with their addresses and all other addresses, divided into classes that
 * none of the given elements (groups, addresses of rules) divides further.
 */
export class Points {
  readonly classes: PointClass[] = [];
  /** Per element: classes whose address or interface matches it as a source or destination. */
  readonly matching: readonly Sure[];
  /** Per element: classes whose interface itself is a member. What Applied To and the exclude list go by. */
  readonly standing: readonly Sure[];
  readonly of: Readonly<Record<Family, Bits>>;
  /** Classes of interfaces. */
  readonly owned: Bits;
  /** Classes of interfaces without a known address. */
  readonly unaddressed: Bits;
  readonly #marks: Marks[] = [];
  readonly #markIds = new Map<string, number>();
  readonly #ids = new Map<string, number>();
  readonly #matches: Marks[] = [];
  readonly #stands: (Marks | undefined)[] = [];
  readonly #v4: Axis<number>;
  readonly #v6: Axis<bigint>;
  readonly #ofVnic: { address: Address | undefined; class: number }[][] = [];
  readonly #outside4: (number | undefined)[];
  readonly #outside6: (number | undefined)[];

  constructor(vnics: Vnics, elements: readonly Members[]) {
    this.#v4 = this.#axis(elements, (set) => set.v4, [0, 2 ** 32]);
    this.#v6 = this.#axis(elements, (set) => set.v6, [0n, 1n << 128n]);
    const own = this.#ownMarks(vnics, elements);
    this.#placeVnics(vnics, own, elements);
    const taken = vnics.all.flatMap((vnic) => vnic.addresses);
    this.#outside4 = this.#placeOutside(4, this.#v4, valuesOf(taken, 4), (at, n) => at + n);
    this.#outside6 = this.#placeOutside(6, this.#v6, valuesOf(taken, 6), (at, n) => at + BigInt(n));
    const size = this.classes.length;
    this.matching = this.#spread(this.#matches, elements.length);
    this.standing = this.#spread(this.#stands, elements.length);
    const where = (test: (c: PointClass) => boolean) => {
      const bits = noBits(size);
      for (const [i, c] of this.classes.entries()) if (test(c)) setBit(bits, i);
      return bits;
    };
    this.of = { 4: where((c) => c.family === 4), 6: where((c) => c.family === 6) };
    this.owned = where((c) => c.vnics.length > 0);
    this.unaddressed = where((c) => c.address === undefined);
  }

  get all(): Bits {
    return allBits(this.classes.length);
  }

  /** The classes of an interface, one per address; both families when no address is known. */
  ofVnic(vnic: Vnic): readonly { readonly address: Address | undefined; readonly class: number }[] {
    return this.#ofVnic[vnic.index] ?? [];
  }

  /** Classes of addresses in the set that no interface has, each with what of the set is in it. */
  outside(set: IpSet, vnics: Vnics): { readonly class: number; readonly ips: IpSet }[] {
    const taken = vnics.all.flatMap((vnic) => vnic.addresses);
    const free = subtractIps(set, {
      v4: intervals.fromPairs(valuesOf(taken, 4).map((n) => [n, n + 1] as const)),
      v6: intervals.fromPairs(valuesOf(taken, 6).map((n) => [n, n + 1n] as const)),
    });
    const found = new Map<number, { v4: number[]; v6: bigint[] }>();
    const at = (c: number) => {
      const known = found.get(c) ?? { v4: [], v6: [] };
      found.set(c, known);
      return known;
    };
    for (const [piece, c] of pieces(this.#v4.cuts, this.#outside4, free.v4))
      at(c).v4.push(...piece);
    for (const [piece, c] of pieces(this.#v6.cuts, this.#outside6, free.v6))
      at(c).v6.push(...piece);
    return [...found].map(([c, { v4, v6 }]) => ({
      class: c,
      // Neighbouring pieces become one.
      ips: intersectIps(free, { v4: joined(v4), v6: joined(v6) }),
    }));
  }

  #mark(must: readonly number[], may: readonly number[]): number {
    const key = must.length === may.length ? must.join() : `${must.join()};${may.join()}`;
    const known = this.#markIds.get(key);
    if (known !== undefined) return known;
    this.#markIds.set(key, this.#marks.length);
    return this.#marks.push({ must, may }) - 1;
  }

  #axis<N extends number | bigint>(
    elements: readonly Members[],
    pick: (set: IpSet) => Intervals<N>,
    whole: readonly [N, N],
  ): Axis<N> {
    const changes = new Map<N, { must: number[]; may: number[] }>();
    const changeAt = (place: N) => {
      const known = changes.get(place) ?? { must: [], may: [] };
      changes.set(place, known);
      return known;
    };
    for (const place of whole) changeAt(place);
    for (const [e, element] of elements.entries()) {
      for (const place of pick(element.ips.must)) changeAt(place).must.push(e);
      for (const place of pick(element.ips.may)) changeAt(place).may.push(e);
    }
    const cuts = [...changes.keys()].sort((a, b) => (a < b ? -1 : 1));
    const must = new Set<number>();
    const may = new Set<number>();
    const toggle = (set: Set<number>, e: number) => {
      if (!set.delete(e)) set.add(e);
    };
    const ascending = (set: Set<number>) => [...set].sort((a, b) => a - b);
    const marks = cuts.slice(0, -1).map((place) => {
      for (const e of changes.get(place)?.must ?? []) toggle(must, e);
      for (const e of changes.get(place)?.may ?? []) toggle(may, e);
      return this.#mark(ascending(must), ascending(may));
    });
    return { cuts, marks };
  }

  /** Per interface, the elements it is a member of. */
  #ownMarks(vnics: Vnics, elements: readonly Members[]): number[] {
    const must = vnics.all.map(() => [] as number[]);
    const may = vnics.all.map(() => [] as number[]);
    for (const [e, element] of elements.entries()) {
      for (const v of members(element.vnics.must)) must[v]?.push(e);
      for (const v of members(element.vnics.may)) may[v]?.push(e);
    }
    return vnics.all.map((v) => this.#mark(must[v.index] ?? [], may[v.index] ?? []));
  }

  #placeVnics(vnics: Vnics, own: readonly number[], elements: readonly Members[]): void {
    // An interface without a known address may have any address that a rule names.
    const anyIp = {
      4: elements.flatMap((element, e) => (element.ips.may.v4.length > 0 ? [e] : [])),
      6: elements.flatMap((element, e) => (element.ips.may.v6.length > 0 ? [e] : [])),
    };
    for (const vnic of vnics.all) {
      const stand = own[vnic.index] ?? 0;
      const places: { address: Address | undefined; class: number }[] = [];
      this.#ofVnic[vnic.index] = places;
      for (const address of vnic.addresses) {
        const owners = vnics.withAddress(address).map((owner) => own[owner.index] ?? 0);
        const match = this.#union([...new Set([...owners, this.#markAt(address)])]);
        places.push({ address, class: this.#place(address.family, stand, match, vnic, address) });
      }
      if (places.length > 0) continue;
      for (const family of [4, 6] as const) {
        const marks = this.#marks[stand];
        const may = [...new Set([...(marks?.may ?? []), ...anyIp[family]])];
        const match = this.#mark(
          marks?.must ?? [],
          may.sort((a, b) => a - b),
        );
        places.push({ address: undefined, class: this.#place(family, stand, match, vnic) });
      }
    }
  }

  #place(family: Family, stand: number, match: number, vnic: Vnic, address?: Address): number {
    const key = `${family}/${stand}/${match}/${address ? 'known' : 'unknown'}`;
    const known = this.#ids.get(key);
    if (known !== undefined) {
      this.classes[known]?.vnics.push(vnic.index);
      return known;
    }
    const id = this.classes.length;
    this.#ids.set(key, id);
    this.classes.push({ family, vnics: [vnic.index], ...(address && { address }) });
    this.#matches.push(this.#marks[match] ?? { must: [], may: [] });
    this.#stands.push(this.#marks[stand]);
    return id;
  }

  #placeOutside<N extends number | bigint>(
    family: Family,
    axis: Axis<N>,
    taken: readonly N[],
    plus: (at: N, n: number) => N,
  ): (number | undefined)[] {
    return axis.marks.map((mark, i) => {
      const begin = axis.cuts[i];
      const end = axis.cuts[i + 1];
      if (begin === undefined || end === undefined) return undefined;
      let t = intervals.indexOf(taken, begin);
      if (t > 0 && taken[t - 1] === begin) t--;
      let free = begin;
      while (free < end && taken[t] === free) {
        free = plus(free, 1);
        t++;
      }
      if (free >= end) return undefined;
      const key = `${family}/outside/${mark}`;
      const known = this.#ids.get(key);
      if (known !== undefined) return known;
      const id = this.classes.length;
      this.#ids.set(key, id);
      this.classes.push({ family, vnics: [], address: addressOf(family, free) });
      this.#matches.push(this.#marks[mark] ?? { must: [], may: [] });
      this.#stands.push(undefined);
      return id;
    });
  }

  #markAt(address: Address): number {
    const mark =
      address.family === 4
        ? this.#v4.marks[intervals.indexOf(this.#v4.cuts, address.value) - 1]
        : this.#v6.marks[intervals.indexOf(this.#v6.cuts, address.value) - 1];
    return mark ?? 0;
  }

  #union(ids: readonly number[]): number {
    const [only, second] = ids;
    if (only !== undefined && second === undefined) return only;
    const all = (which: 'must' | 'may') =>
      [...new Set(ids.flatMap((id) => this.#marks[id]?.[which] ?? []))].sort((a, b) => a - b);
    return this.#mark(all('must'), all('may'));
  }

  #spread(marks: readonly (Marks | undefined)[], count: number): Sure[] {
    const size = this.classes.length;
    const must = Array.from({ length: count }, () => noBits(size));
    const may = Array.from({ length: count }, () => noBits(size));
    marks.forEach((mark, c) => {
      for (const e of mark?.must ?? []) setBit(must[e] ?? noBits(size), c);
      for (const e of mark?.may ?? []) setBit(may[e] ?? noBits(size), c);
    });
    return must.map((bits, e) => ({ must: bits, may: may[e] ?? bits }));
  }
}

const addressOf = (family: Family, value: number | bigint): Address =>
  family === 4 ? { family, value: Number(value) } : { family, value: BigInt(value) };

function valuesOf(addresses: readonly Address[], family: 4): number[];
function valuesOf(addresses: readonly Address[], family: 6): bigint[];
function valuesOf(addresses: readonly Address[], family: Family): (number | bigint)[] {
  const values = new Set(addresses.flatMap((a) => (a.family === family ? [a.value] : [])));
  return [...values].sort((a, b) => (a < b ? -1 : 1));
}

const joined = <N extends number | bigint>(flat: readonly N[]) =>
  intervals.fromPairs([...intervals.pairs(flat)]);

const later = <N extends number | bigint>(a: N, b: N) => (a < b ? b : a);
const earlier = <N extends number | bigint>(a: N, b: N) => (b < a ? b : a);

/** The pieces of a set between cuts, with the class each is in. */
function* pieces<N extends number | bigint>(
  cuts: readonly N[],
  classes: readonly (number | undefined)[],
  set: Intervals<N>,
): Generator<readonly [readonly [N, N], number]> {
  for (const [begin, end] of intervals.pairs(set))
    for (let i = intervals.indexOf(cuts, begin) - 1; i < classes.length; i++) {
      const from = cuts[i];
      const to = cuts[i + 1];
      const c = classes[i];
      if (from === undefined || to === undefined || from >= end) break;
      if (c !== undefined) yield [[later(from, begin), earlier(to, end)], c];
    }
}
