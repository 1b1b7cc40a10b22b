import type { RuleStatistics } from '@vmware/clients/nsx';
import { andBits, isEmptyBits, orBits, withoutBits } from './bits.js';
import type { CompiledRule, Firewall } from './firewall.js';
import { type RuleRef, ruleRef } from './rule-ref.js';

/** What speaks for and against a rule being needed. Unknown is null. */
export interface UnusedEvidence {
  readonly rule: RuleRef;
  readonly hit_count: number | null;
  readonly session_count: number | null;
  /** Days since it was made, and since it was last changed. */
  readonly age_days: number | null;
  readonly unchanged_days: number | null;
  readonly disabled: boolean;
  readonly is_default: boolean;
  /** Whether its sources and destinations have members; null when membership is unknown or the rule is disabled. */
  readonly sources_empty: boolean | null;
  readonly destinations_empty: boolean | null;
  /** Whether every interface at which it would judge is excluded from the firewall; null when that is unknown. */
  readonly only_excluded: boolean | null;
}

export interface UnusedReport {
  /** No hit, and old enough to have had some: likely not needed. Oldest first. */
  readonly unused: readonly UnusedEvidence[];
  /** No hit, but made or changed within `min_age_days`, or of unknown age: too early to say. */
  readonly too_young: readonly UnusedEvidence[];
  /** Switched off, so that counters say nothing. */
  readonly disabled: readonly UnusedEvidence[];
  /** Statistics missing: whether they are used is not known. */
  readonly unknown: readonly UnusedEvidence[];
  readonly used: number;
}

const day = 86_400_000;

/**
 * Rules without hits, with evidence. `statistics` is by rule path, null where it could not be read. Counters run since
 * their last reset, may lag 15 minutes, and are those of POST …/firewall/stats?action=reset: no hits is not proof.
 * `now` is in milliseconds since 1970.
 */
export function findUnused(
  firewall: Firewall,
  statistics: ReadonlyMap<string, RuleStatistics | null>,
  now: number,
  minAgeDays = 30,
): UnusedReport {
  const unused: UnusedEvidence[] = [];
  const tooYoung: UnusedEvidence[] = [];
  const disabled: UnusedEvidence[] = [];
  const unknown: UnusedEvidence[] = [];
  let used = 0;
  const compiled = new Map(firewall.rules.map((rule) => [rule.rule.path, rule]));
  for (const { rule, policy } of firewall.placed) {
    const counts = statistics.get(rule.path);
    const active = compiled.get(rule.path);
    const days = (since: number | undefined) =>
      since === undefined ? null : Math.max(0, Math.floor((now - since) / day));
    const evidence: UnusedEvidence = {
      rule: ruleRef({ rule, policy }),
      hit_count: counts?.hit_count ?? null,
      session_count: counts?.total_session_count ?? counts?.session_count ?? null,
      age_days: days(rule._create_time),
      unchanged_days: days(rule._last_modified_time ?? rule._create_time),
      disabled: rule.disabled === true,
      is_default: rule.is_default === true,
      sources_empty: active ? emptiness(active.source) : null,
      destinations_empty: active ? emptiness(active.destination) : null,
      only_excluded: active ? standsOnlyAtExcluded(firewall, active) : null,
    };
    if (rule.disabled === true) disabled.push(evidence);
    else if (evidence.hit_count === null) unknown.push(evidence);
    else if (hits(counts) > 0) used++;
    else if (evidence.unchanged_days === null || evidence.unchanged_days < minAgeDays)
      tooYoung.push(evidence);
    else unused.push(evidence);
  }
  unused.sort((a, b) => (b.unchanged_days ?? 0) - (a.unchanged_days ?? 0));
  return { unused, too_young: tooYoung, disabled, unknown, used };
}

/** Any counter above zero is use. */
const hits = (counts: RuleStatistics | null | undefined) =>
  Math.max(
    counts?.hit_count ?? 0,
    counts?.packet_count ?? 0,
    counts?.session_count ?? 0,
    counts?.total_session_count ?? 0,
  );

/** A rule judges at its sources when traffic leaves, at its destinations when it arrives, where it is applied. */
function standsOnlyAtExcluded({ points, excluded }: Firewall, rule: CompiledRule): boolean | null {
  const at = (end: 'may' | 'must') =>
    rule.sides
      .map((side) => (side === 'out' ? rule.source : rule.destination))
      .map((ends) => andBits(andBits(ends[end], rule.scope[end]), points.owned))
      .reduce(orBits);
  const may = at('may');
  if (isEmptyBits(may)) return false;
  if (isEmptyBits(withoutBits(may, excluded.must))) return true;
  return isEmptyBits(withoutBits(at('must'), excluded.may)) ? null : false;
}

function emptiness(set: { readonly must: Uint32Array; readonly may: Uint32Array }): boolean | null {
  if (isEmptyBits(set.may)) return true;
  return isEmptyBits(set.must) ? null : false;
}
