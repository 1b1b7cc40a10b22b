import { allBits, type Bits, members, noBits, setBit } from './bits.js';
import { type Intervals, indexOf, pairs } from './intervals.js';
import type { Family } from './ip-set.js';
import {
  allTraffic,
  type Box,
  ICMP,
  ICMPV6,
  mergeBoxes,
  type TrafficSet,
  wholeProtocol,
} from './traffic-set.js';

/** The cells one protocol falls into when cut wherever one of the sets begins or ends. */
interface Grid {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly offset: number;
}

/**
 * All traffic, divided so that each of the given sets is a union of parts ("atoms"). Sets become bits over the
 * atoms, and their algebra exact and fast.
 */
export class TrafficAtoms {
  readonly size: number;
  readonly all: Bits;
  /** What packets of a family can carry: ICMP is IPv4 only, ICMPv6 is IPv6 only. */
  readonly of: Readonly<Record<Family, Bits>>;
  readonly #grids: readonly Grid[];
  readonly #atomOfCell: Int32Array;
  readonly #boxes: readonly Box[][];

  constructor(sets: readonly TrafficSet[]) {
    const own = [[wholeProtocol(ICMP)], [wholeProtocol(ICMPV6)]];
    this.#grids = gridsFor([...sets, ...own].flat());
    this.#atomOfCell = this.#refine([...sets, ...own]);
    this.#boxes = this.#collect();
    this.size = this.#boxes.length;
    this.all = allBits(this.size);
    const [four, six] = own.map((set) => this.meeting(set));
    const without = (bits: Bits | undefined) => this.all.map((word, i) => word & ~(bits?.[i] ?? 0));
    this.of = { 4: without(six), 6: without(four) };
  }

  /** The atoms that share anything with the set: exactly the set when it was given to the constructor. */
  meeting(set: TrafficSet): Bits {
    if (set === allTraffic) return this.all;
    const bits = noBits(this.size);
    for (const cell of this.#cells(set)) setBit(bits, this.#atomOfCell[cell] ?? 0);
    return bits;
  }

  toSet(bits: Bits): TrafficSet {
    return mergeBoxes(members(bits).flatMap((atom) => this.#boxes[atom] ?? []));
  }

  *#cells(set: TrafficSet): Generator<number> {
    for (const box of set) {
      const grid = this.#grids[box.protocol];
      if (!grid) continue;
      const width = grid.second.length - 1;
      for (const [top, bottom] of cellRanges(grid.first, box.first))
        for (const [left, right] of cellRanges(grid.second, box.second))
          for (let i = top; i < bottom; i++)
            for (let j = left; j < right; j++) yield grid.offset + i * width + j;
    }
  }

  #refine(sets: readonly TrafficSet[]): Int32Array {
    const last = this.#grids.at(-1);
    const total = last ? last.offset + (last.first.length - 1) * (last.second.length - 1) : 0;
    const ids = new Int32Array(total);
    let next = 1;
    for (const set of sets) {
      const renamed = new Map<number, number>();
      for (const cell of this.#cells(set)) {
        const old = ids[cell] ?? 0;
        let id = renamed.get(old);
        if (id === undefined) {
          id = next++;
          renamed.set(old, id);
        }
        ids[cell] = id;
      }
    }
    const dense = new Map<number, number>();
    return ids.map((id) => {
      const known = dense.get(id) ?? dense.size;
      dense.set(id, known);
      return known;
    });
  }

  #collect(): Box[][] {
    const boxes: Box[][] = [];
    for (const [protocol, { first, second, offset }] of this.#grids.entries()) {
      const width = second.length - 1;
      for (let cell = 0; cell < (first.length - 1) * width; cell++) {
        const i = Math.floor(cell / width);
        const j = cell % width;
        const atom = this.#atomOfCell[offset + cell] ?? 0;
        boxes[atom] ??= [];
        boxes[atom].push({
          protocol,
          first: [first[i] ?? 0, first[i + 1] ?? 0],
          second: [second[j] ?? 0, second[j + 1] ?? 0],
        });
      }
    }
    return boxes;
  }
}

function gridsFor(boxes: readonly Box[]): Grid[] {
  const cuts = allTraffic.map((all) => ({
    first: new Set(all.first),
    second: new Set(all.second),
  }));
  for (const box of boxes) {
    const cut = cuts[box.protocol];
    for (const place of box.first) cut?.first.add(place);
    for (const place of box.second) cut?.second.add(place);
  }
  let offset = 0;
  return cuts.map((cut) => {
    const first = [...cut.first].sort((a, b) => a - b);
    const second = [...cut.second].sort((a, b) => a - b);
    const grid = { first, second, offset };
    offset += (first.length - 1) * (second.length - 1);
    return grid;
  });
}

/** Which cells `[from, to)` of an axis a set touches. */
function* cellRanges(cuts: readonly number[], set: Intervals<number>) {
  for (const [begin, end] of pairs(set))
    yield [Math.max(indexOf(cuts, begin) - 1, 0), indexOf(cuts, end - 1)] as const;
}
