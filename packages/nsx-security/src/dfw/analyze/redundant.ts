import { andBits, type Bits, isEmptyBits, noBits, setBit } from '../bits.js';
import { isBefore } from '../evaluation-order.js';
import type { CompiledRule, Firewall } from '../firewall.js';
import { APPLICATION, type Meeting, walk } from '../walk.js';
import {
  type Answer,
  type Effort,
  everyPair,
  isWitnessed,
  narrowed,
  overlap,
  type Region,
  takesAll,
} from './region.js';
import { reaching } from './shadowed.js';

export interface Redundancy {
  readonly answer: Answer;
  /** Later rules that would decide instead, in the same way. */
  readonly by: readonly CompiledRule[];
}

/** Whether removing the rule changes no verdict: all that reaches it would meet the same action later. */
export function redundancyOf(
  firewall: Firewall,
  rule: CompiledRule,
  regions: readonly Region[],
  before: Bits,
  effort: Effort,
): Redundancy {
  const by = new Set<CompiledRule>();
  const budget = { left: effort.pairs };
  const afterJump = rule.jump ? rulesAfterJump(firewall) : undefined;
  for (const region of regions) {
    const holdsFor = (asked: Bits) => (meets: Meeting) => {
      const { traffic } = reaching(firewall, rule, before, meets, asked);
      if (isEmptyBits(traffic)) return true;
      const without = walk(firewall.rules, meets, traffic, { from: rule, without: rule });
      for (const { rule: taker } of without.decisions) by.add(taker);
      if (afterJump) return sameAsJump(firewall, meets, traffic, without, afterJump);
      return (
        isEmptyBits(without.undecided) &&
        without.decisions.every((decision) => decision.rule.rule.action === rule.rule.action)
      );
    };
    if (isWitnessed(firewall, region, holdsFor(region.traffic), effort.samples))
      return { answer: 'not all', by: [] };
    const search = (part: Region, allowed: { left: number }) =>
      everyPair(firewall, part, holdsFor(part.traffic), (met) => met, allowed);
    const answer = search(region, { left: rule.jump ? effort.pairs : effort.pairs / 10 });
    if (answer === 'all') continue;
    if (answer === 'not all' || rule.jump) return { answer, by: [] };
    const parts = contested(firewall, rule, region, by);
    if (!parts) return { answer, by: [] };
    for (const part of parts) {
      const inPart = search(part, budget);
      if (inPart !== 'all') return { answer: inPart, by: [] };
    }
  }
  return { answer: 'all', by: [...by].sort((a, b) => a.index - b.index) };
}

/**
 * The parts of a region in which removal could matter: those that later rules with another action, or jumps, may
 * match before one later rule with the same action takes everything. Undefined without such a rule.
 */
function contested(
  firewall: Firewall,
  rule: CompiledRule,
  region: Region,
  by: Set<CompiledRule>,
): Region[] | undefined {
  const parts: Region[] = [];
  let taker: CompiledRule | undefined;
  const start = firewall.rules.findIndex((other) => other.block === rule.block);
  for (const other of firewall.rules.slice(start)) {
    if (taker && other.block !== taker.block) break;
    if (other === rule || isBefore(other, rule)) continue;
    const same = !other.jump && other.rule.action === rule.rule.action;
    if (same) {
      if (!taker && takesAll(firewall, other, region, rule)) taker = other;
    } else if (overlap(region, other)) parts.push(narrowed(region, other));
  }
  if (!taker) return undefined;
  by.add(taker);
  return parts;
}

function rulesAfterJump(firewall: Firewall): Bits {
  const bits = noBits(firewall.rules.length);
  for (const rule of firewall.rules) if (rule.rank >= APPLICATION) setBit(bits, rule.index);
  return bits;
}

/** Whether the rules that the jump skips would decide nothing but what the rules after it decide. */
function sameAsJump(
  firewall: Firewall,
  meets: Meeting,
  traffic: Bits,
  without: ReturnType<typeof walk>,
  afterJump: Bits,
): boolean {
  const skipped = without.decisions.filter(({ rule }) => rule.rank < APPLICATION);
  if (skipped.length === 0) return true;
  const later = { may: andBits(meets.may, afterJump), must: andBits(meets.must, afterJump) };
  const jumping = walk(firewall.rules, later, traffic);
  return skipped.every(({ rule, traffic: decided }) => {
    const others = jumping.decisions.filter(
      (other) => !isEmptyBits(andBits(other.traffic, decided)),
    );
    return (
      isEmptyBits(andBits(jumping.undecided, decided)) &&
      others.every((other) => other.rule.rule.action === rule.rule.action)
    );
  });
}
