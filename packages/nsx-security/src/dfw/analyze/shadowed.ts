import {
  andBits,
  type Bits,
  coverBits,
  isEmptyBits,
  meetBits,
  members,
  noBits,
  setBit,
  setBitsBelow,
  withoutBits,
} from '../bits.js';
import { isBefore } from '../evaluation-order.js';
import type { CompiledRule, Firewall } from '../firewall.js';
import { endsOf } from '../rule-table.js';
import { APPLICATION, type Meeting, meeting, walk } from '../walk.js';
import type { Answer, Region } from './region.js';
import { type Effort, everyPair, firstPair, isWitnessed, overlap, takesAll } from './region.js';

export interface Shadow {
  readonly answer: Answer;
  /** The rules that together take everything. */
  readonly by: readonly CompiledRule[];
}

/** Rules that are surely evaluated before a rule, as bits. */
export function rulesBefore(firewall: Firewall, rule: CompiledRule): Bits {
  const bits = noBits(firewall.rules.length);
  // Tied rules are just before it in the list; everything before those is surely earlier.
  let index = rule.index - 1;
  for (; index >= 0; index--) {
    const other = firewall.rules[index];
    if (!other || other.block !== rule.block) break;
    if (isBefore(other, rule)) setBit(bits, index);
  }
  setBitsBelow(bits, index + 1);
  return bits;
}

/** What of the traffic may get as far as the rule, past those before it. */
export function reaching(
  firewall: Firewall,
  rule: CompiledRule,
  before: Bits,
  meets: Meeting,
  traffic: Bits,
) {
  const earlier = {
    may: andBits(meets.may, before),
    must: meets.must === meets.may ? meets.may : andBits(meets.must, before),
  };
  const walked = walk(firewall.rules, earlier, andBits(traffic, rule.traffic.may));
  return { ...walked, traffic: rule.rank < APPLICATION ? walked.onward : walked.undecided };
}

/** Whether earlier rules surely take everything the rule may match, alone or together. */
export function shadowOf(
  firewall: Firewall,
  rule: CompiledRule,
  regions: readonly Region[],
  before: Bits,
  effort: Effort,
): Shadow {
  const by = new Set<CompiledRule>();
  const budget = { left: effort.pairs };
  for (const region of regions) {
    const takers = new Set<CompiledRule>();
    const holds = (meets: Meeting) => {
      const reach = reaching(firewall, rule, before, meets, region.traffic);
      for (const { rule: taker } of [...reach.decisions, ...reach.jumps]) takers.add(taker);
      return isEmptyBits(reach.traffic);
    };
    if (isWitnessed(firewall, region, holds, effort.samples)) return { answer: 'not all', by: [] };
    const one = coveredByOne(firewall, rule, region, before);
    if (one) {
      by.add(one);
      continue;
    }
    takers.clear();
    const rest = withoutWhole(firewall, rule, region, before, by);
    const answer = rest
      ? everyPair(firewall, rest, holds, (met) => andBits(met, before), budget)
      : 'all';
    if (answer !== 'all') return { answer, by: [] };
    for (const taker of takers) if (taker.conditions.length === 0) by.add(taker);
  }
  return { answer: 'all', by: [...by].sort((a, b) => a.index - b.index) };
}

function coveredByOne(
  firewall: Firewall,
  rule: CompiledRule,
  region: Region,
  before: Bits,
): CompiledRule | undefined {
  const [self, peer] = firstPair(region);
  const { must } = meeting(firewall, region.side, self, peer);
  return members(andBits(must, before))
    .flatMap((index) => firewall.rules[index] ?? [])
    .find((one) => isFinal(firewall, one, rule, region) && takesAll(firewall, one, region, rule));
}

/**
 * A region without what single rules take from it whole: all traffic of some interfaces to every peer, or from every
 * interface to some peers. Undefined when nothing is left.
 */
function withoutWhole(
  firewall: Firewall,
  rule: CompiledRule,
  region: Region,
  before: Bits,
  by: Set<CompiledRule>,
): Region | undefined {
  let { self, peer } = region;
  for (const index of members(before)) {
    const one = firewall.rules[index];
    if (!one || one.conditions.length > 0 || !one.sides.includes(region.side)) continue;
    if (!coverBits(one.traffic.must, region.traffic)) continue;
    const ends = endsOf(one, region.side);
    const judged = andBits(ends.self.must, one.scope.must);
    const allPeers = coverBits(ends.peer.must, peer);
    const allSelves = coverBits(judged, self);
    if ((!allPeers && !allSelves) || !isFinal(firewall, one, rule, region)) continue;
    if (allPeers ? meetBits(self, judged) : meetBits(peer, ends.peer.must)) by.add(one);
    if (allPeers) self = withoutBits(self, judged);
    else peer = withoutBits(peer, ends.peer.must);
    if (isEmptyBits(self) || isEmptyBits(peer)) return undefined;
  }
  return { ...region, self, peer };
}

/** Whether what `one` takes is lost for `rule`: a jump past `one`, or `one` itself being a jump, may bring it back. */
function isFinal(firewall: Firewall, one: CompiledRule, rule: CompiledRule, region: Region) {
  if (rule.rank < APPLICATION) return true;
  if (one.rank >= APPLICATION) return true;
  return !firewall.rules.some(
    (other) =>
      other.jump && other.rank < APPLICATION && !isBefore(one, other) && overlap(region, other),
  );
}
