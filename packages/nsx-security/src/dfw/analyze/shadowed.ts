import { andBits, type Bits, isEmptyBits, members, noBits, setBit } from '../bits.js';
import { isBefore } from '../evaluation-order.js';
import type { CompiledRule, Firewall } from '../firewall.js';
import { APPLICATION, type Meeting, meeting, walk } from '../walk.js';
import type { Answer, Region } from './region.js';
import { everyPair, firstPair, overlap, takesAll } from './region.js';

export interface Shadow {
  readonly answer: Answer;
  /** The rules that together take everything. */
  readonly by: readonly CompiledRule[];
}

/** Rules that are surely evaluated before a rule, as bits. */
export function rulesBefore(firewall: Firewall, rule: CompiledRule): Bits {
  const bits = noBits(firewall.rules.length);
  // What comes later in the list is never surely before.
  for (const other of firewall.rules.slice(0, rule.index))
    if (isBefore(other, rule)) setBit(bits, other.index);
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
): Shadow {
  const by = new Set<CompiledRule>();
  for (const region of regions) {
    const one = coveredByOne(firewall, rule, region, before);
    if (one) {
      by.add(one);
      continue;
    }
    const takers = new Set<CompiledRule>();
    const holds = (meets: Meeting) => {
      const reach = reaching(firewall, rule, before, meets, region.traffic);
      for (const { rule: taker } of [...reach.decisions, ...reach.jumps]) takers.add(taker);
      return isEmptyBits(reach.traffic);
    };
    const answer = everyPair(firewall, region, holds, (met) => andBits(met, before));
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

/** Whether what `one` takes is lost for `rule`: a jump past `one`, or `one` being a jump itself, may bring it back. */
function isFinal(firewall: Firewall, one: CompiledRule, rule: CompiledRule, region: Region) {
  if (rule.rank < APPLICATION) return true;
  if (one.jump) return false;
  if (one.rank >= APPLICATION) return true;
  return !firewall.rules.some(
    (other) =>
      other.jump && other.rank < APPLICATION && !isBefore(one, other) && overlap(region, other),
  );
}
