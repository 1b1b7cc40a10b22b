import { andBits, type Bits, isEmptyBits, orBits } from './bits.js';
import type { CompiledRule, Firewall } from './firewall.js';
import { type Flock, flocks } from './flocks.js';
import { type End, partiesOf } from './parties.js';
import { nameOfRule, type RuleRef, ruleRef } from './rule-ref.js';
import { allTraffic, formatTraffic, intersectTraffic, type TrafficSet } from './traffic-set.js';
import { decisionsOn, judge, type Outcome, type SideOutcome } from './verdict.js';

export type Verdict = 'allowed' | 'blocked' | 'partly' | 'unknown';

/** A rule that decides some of the traffic on one side. */
export interface Deciding {
  readonly rule: RuleRef;
  readonly traffic: readonly string[];
  /** False when another rule may decide it instead. */
  readonly certain: boolean;
  /** What the rule's match depends on besides addresses and ports. */
  readonly conditions: readonly string[];
}

export interface SideExplanation {
  /** In evaluation order. */
  readonly deciding: readonly Deciding[];
  /** Rules that skipped the rest of the Environment category. */
  readonly jumps: readonly RuleRef[];
  readonly notes: readonly string[];
}

/** What would turn the verdict: an ALLOW or a DROP for this traffic, standing before `before`. */
export interface Change {
  readonly goal: 'allow' | 'block';
  readonly side: 'source' | 'destination';
  readonly before: RuleRef;
  readonly sentence: string;
}

/** Pairs of members that are treated alike, by the same rules. */
export interface Part {
  readonly verdict: Verdict;
  readonly pairs: number;
  /** At most three. */
  readonly examples: readonly { readonly source: string; readonly destination: string }[];
  readonly allowed: readonly string[];
  readonly blocked: readonly string[];
  readonly unknown: readonly string[];
  readonly source_side: SideExplanation;
  readonly destination_side: SideExplanation;
  readonly changes: readonly Change[];
}

export interface Connectivity {
  readonly verdict: Verdict;
  /** Why there is nothing to judge, or why the verdict is no more than unknown. */
  readonly reasons: readonly string[];
  readonly pairs: number;
  /** Most pairs first. */
  readonly parts: readonly Part[];
}

/** Kinds of pairs judged for one answer: about half a minute. */
const mostPairs = 1_000_000;

/**
 * Whether the distributed firewall lets traffic that `source` begins reach `destination`, and which rules say so.
 * Only the first direction is judged: replies follow the connection unless the policy is stateless.
 */
export function explainConnectivity(
  firewall: Firewall,
  source: End,
  destination: End,
  traffic: TrafficSet = allTraffic,
): Connectivity {
  const from = partiesOf(firewall, source);
  const to = partiesOf(firewall, destination);
  const asked = firewall.traffic.meeting(traffic);
  const parts = new Parts(firewall, traffic, asked);
  const sources = flocks(firewall, from.all, to.all, asked, 'source');
  const destinations = flocks(firewall, to.all, from.all, asked, 'destination');
  let left = mostPairs;
  for (const a of sources)
    for (const b of destinations) {
      const { classes } = firewall.points;
      if (classes[a.class]?.family === classes[b.class]?.family && left-- > 0) parts.add(a, b);
    }
  const reasons = [
    ...from.unknown,
    ...to.unknown,
    ...(left < 0
      ? [`${-left} kinds of pairs were too many to judge: ask about smaller groups`]
      : []),
    ...(from.all.length === 0 ? ['the source has no members or is not known'] : []),
    ...(to.all.length === 0 ? ['the destination has no members or is not known'] : []),
  ];
  const found = parts.list();
  const pairs = found.reduce((sum, part) => sum + part.pairs, 0);
  if (pairs === 0 && reasons.length === 0)
    reasons.push('no two different ends have an address family in common that carries this');
  const verdict = reasons.length > 0 ? 'unknown' : overall(found.map((part) => part.verdict));
  return { verdict, reasons, pairs, parts: found };
}

/** Something passes and something may not: partly. Nothing surely passes and something may: unknown. */
function overall(verdicts: readonly Verdict[]): Verdict {
  const [first = 'unknown'] = verdicts;
  if (verdicts.every((verdict) => verdict === first)) return first;
  return verdicts.some((v) => v === 'allowed' || v === 'partly') ? 'partly' : 'unknown';
}

class Parts {
  readonly #firewall: Firewall;
  readonly #asked: TrafficSet;
  readonly #bits: Bits;
  readonly #found = new Map<string, { part: Part; pairs: number; examples: Part['examples'] }>();

  constructor(firewall: Firewall, asked: TrafficSet, bits: Bits) {
    this.#firewall = firewall;
    this.#asked = asked;
    this.#bits = bits;
  }

  add(a: Flock, b: Flock): void {
    // Traffic of an interface to itself meets no firewall.
    let own = 0;
    for (const [vnic, count] of a.perVnic) own += count * (b.perVnic.get(vnic) ?? 0);
    const pairs = a.parties.length * b.parties.length - own;
    if (pairs === 0) return;
    const outcome = judge(this.#firewall, a.class, b.class, this.#bits);
    if ([outcome.allowed, outcome.blocked, outcome.unknown].every(isEmptyBits)) return;
    const key = keyOf(outcome);
    const known = this.#found.get(key);
    const part = known?.part ?? this.#explain(outcome);
    const examples = [...(known?.examples ?? []), ...examplesOf(a, b)].slice(0, 3);
    this.#found.set(key, { part, pairs: (known?.pairs ?? 0) + pairs, examples });
  }

  list(): Part[] {
    return [...this.#found.values()]
      .map(({ part, pairs, examples }) => ({ ...part, pairs, examples }))
      .sort((a, b) => b.pairs - a.pairs);
  }

  #text(bits: Bits): string[] {
    if (isEmptyBits(bits)) return [];
    return formatTraffic(intersectTraffic(this.#asked, this.#firewall.traffic.toSet(bits)));
  }

  #explain(outcome: Outcome): Part {
    const { allowed, blocked, unknown } = outcome;
    return {
      verdict: overall([
        ...(isEmptyBits(allowed) ? [] : (['allowed'] as const)),
        ...(isEmptyBits(blocked) ? [] : (['blocked'] as const)),
        ...(isEmptyBits(unknown) ? [] : (['unknown'] as const)),
      ]),
      pairs: 0,
      examples: [],
      allowed: this.#text(allowed),
      blocked: this.#text(blocked),
      unknown: this.#text(unknown),
      source_side: this.#side(outcome.out),
      destination_side: this.#side(outcome.in),
      changes: changesFor(outcome),
    };
  }

  #side(side: SideOutcome): SideExplanation {
    const stateless = side.decisions.some(
      ({ rule }) => rule.policy.stateful === false && rule.rule.action === 'ALLOW',
    );
    return {
      deciding: side.decisions.map(({ rule, traffic }, i) => ({
        rule: ruleRef(rule),
        traffic: this.#text(traffic),
        certain:
          isEmptyBits(andBits(side.allow, andBits(side.deny, traffic))) &&
          !side.decisions.some((o, j) => j !== i && !isEmptyBits(andBits(o.traffic, traffic))),
        conditions: conditionsOn(rule),
      })),
      jumps: side.jumps.map(({ rule }) => ruleRef(rule)),
      notes: stateless
        ? [...side.notes, 'a stateless policy: replies need a rule of their own']
        : side.notes,
    };
  }
}

const conditionsOn = (rule: CompiledRule) => [
  ...rule.conditions,
  ...(rule.source.must === rule.source.may ? [] : ['who the sources are is not fully known']),
  ...(rule.destination.must === rule.destination.may
    ? []
    : ['who the destinations are is not fully known']),
  ...(rule.scope.must === rule.scope.may ? [] : ['where it is applied is not fully known']),
];

function keyOf({ allowed, blocked, unknown, out, in: inward }: Outcome): string {
  const side = ({ decisions, notes }: SideOutcome) =>
    decisions.map(({ rule, traffic }) => `${rule.index}:${traffic.join()}`).join('/') +
    notes.join();
  return [allowed.join(), blocked.join(), unknown.join(), side(out), side(inward)].join(';');
}

function* examplesOf(a: Flock, b: Flock) {
  let given = 0;
  for (const source of a.parties)
    for (const destination of b.parties) {
      if (source.vnic !== undefined && source.vnic === destination.vnic) continue;
      yield { source: source.label, destination: destination.label };
      if (++given === 3) return;
    }
}

function changesFor(outcome: Outcome): Change[] {
  const { allowed, blocked, unknown } = outcome;
  const sides = [
    ['source', outcome.out],
    ['destination', outcome.in],
  ] as const;
  const stopped = orBits(blocked, unknown);
  const change = (goal: Change['goal'], side: Change['side'], rule: CompiledRule): Change => {
    const before = ruleRef(rule);
    const what = goal === 'allow' ? 'An ALLOW' : 'A DROP';
    const sentence = `${what} for this traffic, applied to the ${side}, must stand before ${nameOfRule(before)}.`;
    return { goal, side, before, sentence };
  };
  return sides.flatMap(([side, it]) => {
    const denying = decisionsOn(it, stopped).find(({ rule }) => rule.rule.action !== 'ALLOW');
    const allowing = decisionsOn(it, allowed).find(({ rule }) => rule.rule.action === 'ALLOW');
    return [
      ...(denying ? [change('allow', side, denying.rule)] : []),
      ...(allowing ? [change('block', side, allowing.rule)] : []),
    ];
  });
}
