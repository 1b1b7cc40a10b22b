import type { CompiledRule, Firewall } from '../firewall.js';
import { type RuleRef, ruleRef } from '../rule-ref.js';
import { anyAnyAllow } from './any-any-allow.js';
import { duplicates } from './duplicate.js';
import { aboutRule, type Finding, type FindingKind, findingKinds } from './finding.js';
import { emptyGroups, unusedGroups } from './groups.js';
import { neverMatching } from './never-matching.js';
import { redundancyOf } from './redundant.js';
import { type Effort, type Region, regionsOf, thorough } from './region.js';
import { sameSequenceNumbers } from './same-sequence-number.js';
import { rulesBefore, shadowOf } from './shadowed.js';
import { unloggedDrop } from './unlogged-drop.js';

export interface Analysis {
  /** In the order of `findingKinds`, within a kind in evaluation order. */
  readonly findings: readonly Finding[];
  /** Rules whose search for a witness was given up: whether they are shadowed or redundant is not known. */
  readonly undecided: readonly RuleRef[];
}

/**
 * What is wrong with the rules. Shadowed, redundant and never matching are exact over all packets: a rule whose match
 * depends on more than addresses and ports never takes traffic from others. Disabled rules are not looked at.
 */
export function analyze(
  firewall: Firewall,
  kinds: readonly FindingKind[] = findingKinds,
  effort: Effort = thorough,
): Analysis {
  const wanted = new Set(kinds);
  const findings: Finding[] = [];
  const undecided: RuleRef[] = [];
  const regions = new Map<CompiledRule, readonly Region[]>();
  for (const rule of firewall.rules) {
    const own = regionsOf(firewall, rule);
    regions.set(rule, own);
    if (own.length > 0)
      findings.push(...orderFindings(firewall, rule, own, undecided, wanted, effort));
    else if (wanted.has('never_matching')) findings.push(neverMatching(firewall, rule));
    const open = wanted.has('any_any_allow') && anyAnyAllow(firewall, rule);
    if (open) findings.push(open);
  }
  if (wanted.has('unlogged_drop'))
    for (const policy of firewall.snapshot.policies)
      for (const rule of policy.rules) {
        const silent = unloggedDrop({ rule, policy });
        if (silent) findings.push(silent);
      }
  if (wanted.has('empty_group')) findings.push(...emptyGroups(firewall));
  if (wanted.has('unused_group')) findings.push(...unusedGroups(firewall.snapshot));
  if (wanted.has('same_sequence_number')) findings.push(...sameSequenceNumbers(firewall, regions));
  if (wanted.has('duplicate')) findings.push(...duplicates(firewall.rules));
  const place = (finding: Finding) => findingKinds.indexOf(finding.kind);
  return { findings: findings.sort((a, b) => place(a) - place(b)), undecided };
}

/** Shadowed or, failing that, redundant. */
function orderFindings(
  firewall: Firewall,
  rule: CompiledRule,
  regions: readonly Region[],
  undecided: RuleRef[],
  wanted: ReadonlySet<FindingKind>,
  effort: Effort,
): Finding[] {
  if (!wanted.has('shadowed') && !wanted.has('redundant')) return [];
  const own = ruleRef(rule);
  const before = rulesBefore(firewall, rule);
  const shadow = shadowOf(firewall, rule, regions, before, effort);
  if (shadow.answer === 'all') {
    if (!wanted.has('shadowed')) return [];
    const different = shadow.by.filter((other) => other.rule.action !== rule.rule.action);
    const detail =
      different.length > 0
        ? `Earlier rules take everything it matches, and ${different.length} of them act differently: what it says never happens.`
        : 'Earlier rules with the same action take everything it matches.';
    const severity = different.length > 0 ? 'high' : 'low';
    return [aboutRule('shadowed', severity, own, detail, shadow.by.map(ruleRef))];
  }
  if (!wanted.has('redundant')) {
    if (shadow.answer === 'gave up') undecided.push(own);
    return [];
  }
  const redundancy = redundancyOf(firewall, rule, regions, before, effort);
  if (shadow.answer === 'gave up' || redundancy.answer === 'gave up') undecided.push(own);
  if (redundancy.answer !== 'all') return [];
  const detail = 'Without it every packet would be treated the same: later rules decide alike.';
  return [aboutRule('redundant', 'low', own, detail, redundancy.by.map(ruleRef))];
}
