import { andBits, isEmptyBits, withoutBits } from '../bits.js';
import type { CompiledRule, Firewall } from '../firewall.js';
import { ruleRef } from '../rule-ref.js';
import { aboutRule, type Finding } from './finding.js';

/** A rule that no packet can match as the snapshot stands, and why. To be asked of rules without regions. */
export function neverMatching(firewall: Firewall, rule: CompiledRule): Finding {
  return aboutRule('never_matching', 'medium', ruleRef(rule), reason(firewall, rule));
}

function reason(firewall: Firewall, rule: CompiledRule): string {
  const { points, excluded, traffic } = firewall;
  const { source, destination, scope } = rule;
  if (isEmptyBits(rule.traffic.may)) return 'Its services match no IP traffic.';
  if (isEmptyBits(source.may)) return 'Its sources have no members.';
  if (isEmptyBits(destination.may)) return 'Its destinations have no members.';
  if (isEmptyBits(scope.may))
    return 'It is applied to nothing: the groups in Applied To have no interfaces.';
  const families = ([4, 6] as const).filter(
    (family) =>
      !isEmptyBits(andBits(source.may, points.of[family])) &&
      !isEmptyBits(andBits(destination.may, points.of[family])),
  );
  if (families.length === 0) return 'Its sources and destinations have no IP version in common.';
  if (families.every((family) => isEmptyBits(andBits(rule.traffic.may, traffic.of[family]))))
    return 'Its services belong to an IP version its sources and destinations do not have.';
  const judging = withoutBits(points.owned, excluded.must);
  const ends = rule.sides.map((side) => (side === 'out' ? source.may : destination.may));
  const which =
    rule.sides.length === 2
      ? 'sources or destinations'
      : rule.sides[0] === 'out'
        ? 'sources'
        : 'destinations';
  if (ends.every((end) => isEmptyBits(andBits(end, points.owned))))
    return `No VM is among its ${which}, so no interface judges it.`;
  if (ends.every((end) => isEmptyBits(andBits(end, judging))))
    return `All VMs among its ${which} are on the exclude list.`;
  if (ends.every((end) => isEmptyBits(andBits(andBits(end, judging), scope.may))))
    return `None of its ${which} is in Applied To.`;
  return 'Sources, destinations, services and Applied To never meet in one packet.';
}
