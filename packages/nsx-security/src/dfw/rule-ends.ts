import { allBits, andBits, type Bits, isEmptyBits, noBits, withoutBits } from './bits.js';
import { allIps, noIps, parseIps } from './ip-set.js';
import type { Members } from './members.js';
import type { Membership } from './membership.js';
import type { Points, Sure } from './points.js';

/** No list, an empty one, and the word ANY mean the same. */
export const isAny = (list: readonly string[] | undefined) =>
  list === undefined || list.length === 0 || list.some((entry) => entry.toUpperCase() === 'ANY');

/** Groups, objects and addresses that rules name, each once. */
export class Elements {
  readonly all: Members[] = [];
  readonly #ids = new Map<string, number>();
  readonly #membership: Membership;
  readonly #vnics: number;

  constructor(membership: Membership, vnics: number) {
    this.#membership = membership;
    this.#vnics = vnics;
  }

  /** Undefined for ANY. */
  of(list: readonly string[] | undefined): number[] | undefined {
    if (list === undefined || isAny(list)) return undefined;
    return list.map((entry) => {
      const known = this.#ids.get(entry);
      if (known !== undefined) return known;
      this.#ids.set(entry, this.all.length);
      return this.all.push(membersOf(entry, this.#membership, this.#vnics)) - 1;
    });
  }
}

/** Who an entry of a rule stands for: a path, an address, a prefix or a range. */
export function membersOf(entry: string, membership: Membership, vnics: number): Members {
  if (entry.startsWith('/')) return membership.of(entry);
  const ips = parseIps(entry);
  const none = noBits(vnics);
  if (ips) return { vnics: { must: none, may: none }, ips: { must: ips, may: ips }, unknown: [] };
  const anybody = { must: none, may: allBits(vnics) };
  return { vnics: anybody, ips: { must: noIps, may: allIps }, unknown: [`${entry} is no address`] };
}

/** Turns lists of elements into sets of classes, each distinct list once. */
export class SetsOfPoints {
  readonly #points: Points;
  readonly #known = new Map<string, Sure>();

  constructor(points: Points) {
    this.#points = points;
  }

  matching(elements: readonly number[] | undefined, negated: boolean, version = ''): Sure {
    const families = version === 'IPV4' ? [4] : version === 'IPV6' ? [6] : [];
    return this.#remember(`m${elements?.join()}/${negated}/${families}`, () => {
      const { all, of } = this.#points;
      const set = elements ? this.#union(elements, this.#points.matching) : sure(all, all);
      const turned = negated
        ? sure(withoutBits(all, set.may), withoutBits(all, set.must), set.must === set.may)
        : set;
      const [family] = families;
      if (family === undefined) return turned;
      const mask = family === 4 ? of[4] : of[6];
      return sure(
        andBits(turned.must, mask),
        andBits(turned.may, mask),
        turned.must === turned.may,
      );
    });
  }

  standing(elements: readonly number[] | undefined): Sure {
    return this.#remember(`s${elements?.join()}`, () =>
      elements
        ? this.#union(elements, this.#points.standing)
        : sure(this.#points.owned, this.#points.owned),
    );
  }

  #union(elements: readonly number[], from: readonly Sure[]): Sure {
    const must = noBits(this.#points.classes.length);
    const may = noBits(this.#points.classes.length);
    for (const e of elements) {
      const set = from[e];
      for (let i = 0; i < must.length; i++) {
        must[i] = (must[i] ?? 0) | (set?.must[i] ?? 0);
        may[i] = (may[i] ?? 0) | (set?.may[i] ?? 0);
      }
    }
    return sure(must, may, isEmptyBits(withoutBits(may, must)));
  }

  #remember(key: string, make: () => Sure): Sure {
    const known = this.#known.get(key);
    if (known) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}

/** One object for both when nothing is unknown: a table need not be built twice. */
const sure = (must: Bits, may: Bits, same = must === may): Sure => ({
  must: same ? may : must,
  may,
});
