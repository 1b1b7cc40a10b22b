import {
  addBits,
  andBits,
  type Bits,
  clearBit,
  isEmptyBits,
  meetBits,
  members,
  withoutBits,
} from '../bits.js';
import type { CompiledRule, Firewall, Side } from '../firewall.js';
import type { Family } from '../ip-set.js';
import { endsOf } from '../rule-table.js';
import { type Meeting, meeting } from '../walk.js';

/** All that a rule may match on one side, in one family: `self` × `peer` × `traffic`. Nothing in it is empty. */
export interface Region {
  readonly side: Side;
  readonly family: Family;
  /** Classes whose interface judges. */
  readonly self: Bits;
  readonly peer: Bits;
  readonly traffic: Bits;
}

/** Where a rule may match. None: it never does. */
export function regionsOf(firewall: Firewall, rule: CompiledRule): Region[] {
  const { points, excluded } = firewall;
  const judging = withoutBits(points.owned, excluded.must);
  return rule.sides.flatMap((side) => {
    const ends = endsOf(rule, side);
    const self = andBits(andBits(ends.self.may, rule.scope.may), judging);
    // An interface without a known address has one of those that are matched anyway.
    const known = withoutBits(ends.peer.may, withoutBits(points.unaddressed, ends.peer.must));
    return ([4, 6] as const).flatMap((family) => {
      const mask = points.of[family];
      const inFamily = andBits(known, mask);
      const region = {
        side,
        family,
        self: andBits(self, mask),
        peer: isEmptyBits(inFamily) ? andBits(ends.peer.may, mask) : inFamily,
        traffic: andBits(rule.traffic.may, firewall.traffic.of[family]),
      };
      return [region.self, region.peer, region.traffic].some(isEmptyBits) ? [] : [region];
    });
  });
}

/** Whether `rule` surely takes everything in `region`, which is `of`'s. */
export function takesAll(
  firewall: Firewall,
  rule: CompiledRule,
  region: Region,
  of: CompiledRule,
): boolean {
  if (rule.conditions.length > 0 || !rule.sides.includes(region.side)) return false;
  if (!isEmptyBits(withoutBits(region.traffic, rule.traffic.must))) return false;
  const own = endsOf(of, region.side);
  const ends = endsOf(rule, region.side);
  if (!isEmptyBits(withoutBits(region.peer, ends.peer.must))) return false;
  const left = withoutBits(region.self, andBits(ends.self.must, rule.scope.must));
  if (isEmptyBits(left)) return true;
  // Interfaces that `of` only matches if they have an address it names: `rule` names all of those.
  const { unaddressed, of: families } = firewall.points;
  const hidden = withoutBits(andBits(unaddressed, rule.scope.must), own.self.must);
  const named = withoutBits(andBits(own.self.may, families[region.family]), unaddressed);
  return (
    isEmptyBits(withoutBits(left, hidden)) &&
    !isEmptyBits(named) &&
    isEmptyBits(withoutBits(named, ends.self.must))
  );
}

/** Answers of a search over all pairs: it holds for all, not for some, or the search was given up. */
export type Answer = 'all' | 'not all' | 'gave up';

/** How hard to look before a rule is given up. */
export interface Effort {
  /** Pairs tried first: most rules have a witness nearly everywhere. */
  readonly samples: number;
  /** Pairs of classes that may be tried in all. */
  readonly pairs: number;
}

/** Never met in practice but by rules of any source or destination among thousands of applications. */
export const thorough: Effort = { samples: 12, pairs: 50_000 };

/** Whether one of a few pairs, spread over a region, shows that something does not hold. */
export function isWitnessed(
  firewall: Firewall,
  region: Region,
  holds: (meets: Meeting) => boolean,
  samples: number,
): boolean {
  const selves = members(region.self);
  const peers = members(region.peer);
  for (let n = 0; n < samples; n++) {
    const self = selves[(n * 7919) % selves.length];
    const peer = peers[(n * 104729 + n) % peers.length];
    if (self === undefined || peer === undefined) continue;
    if (!holds(meeting(firewall, region.side, self, peer))) return true;
  }
  return false;
}

/**
 * Whether something holds for every pair of classes in a region. It must depend only on the rules a pair meets among
 * `relevant`, and on those only as far as they match the region's traffic. `budget` is how many pairs may still be tried.
 */
export function everyPair(
  firewall: Firewall,
  region: Region,
  holds: (meets: Meeting) => boolean,
  relevant: (meets: Bits) => Bits,
  budget: { left: number },
): Answer {
  const selves = members(region.self);
  const peers = members(region.peer);
  const test = (self: number, peer: number) => holds(meeting(firewall, region.side, self, peer));
  const table = firewall.table[region.side];
  const met = relevant(andBits(anyRow(table.may.self, selves), anyRow(table.may.peer, peers)));
  for (const index of members(met)) {
    const rule = firewall.rules[index];
    if (rule && !meetBits(rule.traffic.may, region.traffic)) clearBit(met, index);
  }
  // Rows are compared only where a relevant rule stands.
  const places = [...met.keys()].filter((i) => met[i] !== 0);
  const tables = table.must === table.may ? [table.may] : [table.may, table.must];
  const alike = (classes: readonly number[], end: 'self' | 'peer') => {
    const found = new Map<string, number>();
    for (const c of classes) {
      let key = '';
      for (const rows of tables) {
        const row = rows[end][c];
        for (const i of places) key += `${(row?.[i] ?? 0) & (met[i] ?? 0)},`;
      }
      if (!found.has(key)) found.set(key, c);
    }
    return [...found.values()];
  };
  const [a, b] = [alike(selves, 'self'), alike(peers, 'peer')];
  budget.left -= a.length * b.length;
  if (budget.left < 0) return 'gave up';
  return a.every((self) => b.every((peer) => test(self, peer))) ? 'all' : 'not all';
}

function anyRow(rows: readonly (Bits | undefined)[], classes: readonly number[]): Bits {
  let sum: Bits | undefined;
  for (const c of classes) {
    const row = rows[c];
    if (!row) continue;
    if (sum) addBits(sum, row);
    else sum = row.slice();
  }
  return sum ?? new Uint32Array(0);
}

/** The first pair of a region. */
export function firstPair(region: Region): readonly [number, number] {
  return [members(region.self)[0] ?? 0, members(region.peer)[0] ?? 0];
}

/** Whether a rule may match some packet of a region. */
export function overlap(region: Region, other: CompiledRule): boolean {
  if (!other.sides.includes(region.side)) return false;
  const { self, peer, traffic } = region;
  const ends = endsOf(other, region.side);
  return (
    meetBits(traffic, other.traffic.may) &&
    meetBits(peer, ends.peer.may) &&
    meetBits(self, ends.self.may, other.scope.may)
  );
}

/** What of a region a rule may match. */
export function narrowed(region: Region, other: CompiledRule): Region {
  const ends = endsOf(other, region.side);
  return {
    ...region,
    self: andBits(andBits(region.self, ends.self.may), other.scope.may),
    peer: andBits(region.peer, ends.peer.may),
    traffic: andBits(region.traffic, other.traffic.may),
  };
}
