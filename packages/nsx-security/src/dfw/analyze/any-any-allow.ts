import { coverBits } from '../bits.js';
import { type CompiledRule, type Firewall, scopeOf } from '../firewall.js';
import { ruleRef } from '../rule-ref.js';
import { aboutRule, type Finding } from './finding.js';

/** Rules that allow everything from everywhere to everywhere, however it is written. */
export function anyAnyAllow(firewall: Firewall, rule: CompiledRule): Finding | undefined {
  if (rule.rule.action !== 'ALLOW' || rule.conditions.length > 0) return undefined;
  const { points, traffic } = firewall;
  const open = ([4, 6] as const).filter(
    (family) =>
      coverBits(rule.source.must, points.of[family]) &&
      coverBits(rule.destination.must, points.of[family]) &&
      coverBits(rule.traffic.must, traffic.of[family]),
  );
  if (open.length === 0) return undefined;
  const versions = open.map((family) => `IPv${family}`).join(' and ');
  const scope = scopeOf(rule);
  return aboutRule(
    'any_any_allow',
    scope ? 'medium' : 'high',
    ruleRef(rule),
    `It allows all ${versions} traffic ${scope ? `where it is applied (${scope.join(', ')})` : 'everywhere'}.`,
  );
}
