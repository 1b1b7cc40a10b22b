import type { CompiledRule, Firewall } from '../firewall.js';
import { ruleRef } from '../rule-ref.js';
import { runs } from '../runs.js';
import { aboutObject, type Finding } from './finding.js';
import { overlap, type Region } from './region.js';

const budget = 200_000;

/** Rules of one policy, and policies of one category, that share a number: which comes first is not defined. */
export function sameSequenceNumbers(
  firewall: Firewall,
  regions: ReadonlyMap<CompiledRule, readonly Region[]>,
): Finding[] {
  const findings: Finding[] = [];
  for (const tied of runs(firewall.rules, (rule) => rule.step)) {
    const [first] = tied;
    if (!first || tied.length < 2) continue;
    const what = `${tied.length} of its rules have the sequence number ${first.rule.sequence_number ?? 0}`;
    findings.push(
      report(
        first,
        what,
        tied,
        tied.map((rule) => [rule]),
        regions,
      ),
    );
  }
  for (const rules of runs(firewall.rules, (rule) => rule.block)) {
    const policies = runs(rules, (rule) => rule.policy);
    const [first] = rules;
    if (!first || policies.length < 2) continue;
    const number = first.policy.sequence_number ?? 0;
    const names = policies.map(([rule]) => `"${rule?.policy.display_name ?? rule?.policy.id}"`);
    const what = `${policies.length} policies of the category ${first.policy.category ?? 'none'} have the sequence number ${number}: ${names.slice(0, 5).join(', ')}`;
    findings.push(report(first, what, rules, policies, regions));
  }
  return findings;
}

function report(
  first: CompiledRule,
  what: string,
  rules: readonly CompiledRule[],
  parties: readonly (readonly CompiledRule[])[],
  regions: ReadonlyMap<CompiledRule, readonly Region[]>,
): Finding {
  const conflict = findConflict(parties, regions);
  const [severity, so] =
    conflict === 'none'
      ? (['low', 'No packet is treated differently by the order.'] as const)
      : conflict === 'not searched'
        ? (['medium', 'They are too many to say whether the order matters.'] as const)
        : ([
            'high',
            'Their order is not defined and decides what happens to some packets.',
          ] as const);
  const because = typeof conflict === 'string' ? rules.slice(0, 10) : conflict;
  return aboutObject(
    'same_sequence_number',
    severity,
    first.policy,
    `${what}. ${so}`,
    because.map(ruleRef),
  );
}

/** Two rules of different parties that may match the same packet and do different things with it. */
function findConflict(
  parties: readonly (readonly CompiledRule[])[],
  regions: ReadonlyMap<CompiledRule, readonly Region[]>,
): readonly CompiledRule[] | 'none' | 'not searched' {
  let steps = 0;
  for (const [i, party] of parties.entries())
    for (const other of parties.slice(i + 1))
      for (const a of party)
        for (const b of other) {
          if (a.rule.action === b.rule.action) continue;
          if (++steps > budget) return 'not searched';
          if (regions.get(a)?.some((region) => overlap(region, b))) return [a, b];
        }
  return 'none';
}
