import { type CompiledRule, scopeOf } from '../firewall.js';
import { ruleRef } from '../rule-ref.js';
import { aboutRule, type Finding } from './finding.js';

/** Rules in force that say the same as an earlier one, whatever they are called and in whatever order they list it. */
export function duplicates(rules: readonly CompiledRule[]): Finding[] {
  const seen = new Map<string, CompiledRule>();
  return rules.flatMap((rule) => {
    const key = wording(rule);
    const first = seen.get(key);
    if (!first) {
      seen.set(key, rule);
      return [];
    }
    const detail =
      'It says the same as an earlier rule: sources, destinations, services, Applied To, direction and action.';
    return [aboutRule('duplicate', 'low', ruleRef(rule), detail, [ruleRef(first)])];
  });
}

function wording(placed: CompiledRule): string {
  const { rule, policy } = placed;
  const list = (names: readonly string[] | undefined) => {
    const sorted = [...new Set(names ?? [])].sort();
    return sorted.length === 0 ? ['ANY'] : sorted;
  };
  return JSON.stringify([
    policy.category ?? '',
    list(rule.source_groups),
    rule.sources_excluded === true,
    list(rule.destination_groups),
    rule.destinations_excluded === true,
    list(rule.services),
    rule.service_entries ?? [],
    list(rule.profiles),
    list(scopeOf(placed)),
    rule.direction ?? 'IN_OUT',
    rule.ip_protocol ?? 'IPV4_IPV6',
    policy.scheduler_path ?? '',
    rule.action,
  ]);
}
