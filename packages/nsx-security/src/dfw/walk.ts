import {
  andBits,
  type Bits,
  dropBits,
  hasBit,
  isEmptyBits,
  keepBits,
  members,
  noBits,
  orBits,
} from './bits.js';
import { categories } from './evaluation-order.js';
import type { CompiledRule, Firewall, Side } from './firewall.js';
import { runs } from './runs.js';

/** The first place that traffic sees after a jump. */
export const APPLICATION = categories.indexOf('Application');

/** Traffic a rule decides, surely or maybe: atoms in two decisions are decided by one of the two. */
export interface Decision {
  readonly rule: CompiledRule;
  readonly traffic: Bits;
}

export interface Walked {
  /** In evaluation order. */
  readonly decisions: readonly Decision[];
  /** Rules that sent traffic past the rest of their category. */
  readonly jumps: readonly Decision[];
  /** Traffic that may have met no rule at all. */
  readonly undecided: Bits;
  /** The same without what jumped: what goes on to the next rule of the Environment category. */
  readonly onward: Bits;
}

/** The rules that stand at one interface for one other end: those that may match, and which of them surely do. */
export interface Meeting {
  readonly may: Bits;
  readonly must: Bits;
}

/** Rules that a packet between these two classes meets on one side. */
export function meeting(firewall: Firewall, side: Side, self: number, peer: number): Meeting {
  const { may, must } = firewall.table[side];
  const none = noBits(firewall.rules.length);
  const row = ({ self: selves, peer: peers }: typeof may) => {
    const a = selves[self];
    const b = peers[peer];
    return a && b ? andBits(a, b) : none;
  };
  const possible = row(may);
  return { may: possible, must: may === must ? possible : row(must) };
}

/**
 * Sends traffic past the rules, first to last. A rule takes what it surely matches away from the later ones; what it
 * only may match also goes on. Rules whose order NSX does not define each get a chance to be first.
 * `from` leaves out the rules before it, `without` that one rule.
 */
export function walk(
  rules: readonly CompiledRule[],
  meets: Meeting,
  traffic: Bits,
  options: { readonly from?: CompiledRule; readonly without?: CompiledRule } = {},
): Walked {
  const decisions: Decision[] = [];
  const jumps: Decision[] = [];
  let left: Bits = traffic.slice();
  let jumped: Bits | undefined;
  const list = candidates(rules, meets.may, options);
  for (let i = 0; i < list.length; ) {
    const block: CompiledRule[] = [];
    const head = list[i];
    for (let rule = head; rule && together(rule, head, options.from); rule = list[++i])
      block.push(rule);
    if (jumped && head && head.rank >= APPLICATION) {
      left = orBits(left, jumped);
      jumped = undefined;
    }
    if (isEmptyBits(left)) {
      if (!jumped) break;
      continue;
    }
    const start = left;
    for (const policy of runs(block, (rule) => rule.policy)) {
      const mine = start.slice();
      for (const step of runs(policy, (rule) => rule.step)) {
        const reach = mine.slice();
        for (const rule of step) {
          const hit = andBits(reach, rule.traffic.may);
          if (isEmptyBits(hit)) continue;
          (rule.jump ? jumps : decisions).push({ rule, traffic: hit });
          if (rule.jump) jumped = jumped ? orBits(jumped, hit) : hit;
          if (hasBit(meets.must, rule.index)) dropBits(mine, rule.traffic.must);
        }
      }
      if (left === start) left = mine;
      else keepBits(left, mine);
    }
  }
  return { decisions, jumps, undecided: jumped ? orBits(left, jumped) : left, onward: left };
}

/** Rules of one block are judged side by side; what is left of the policy of `from` comes before the rest of its block. */
const together = (a: CompiledRule, b: CompiledRule | undefined, from: CompiledRule | undefined) =>
  a.block === b?.block &&
  (a.block !== from?.block || (a.policy === from.policy) === (b.policy === from.policy));

function candidates(
  rules: readonly CompiledRule[],
  may: Bits,
  { from, without }: { readonly from?: CompiledRule; readonly without?: CompiledRule },
): CompiledRule[] {
  const all = members(may).flatMap((index) => rules[index] ?? []);
  const kept = without ? all.filter((rule) => rule !== without) : all;
  if (!from) return kept;
  const own = kept.filter((rule) => rule.policy === from.policy && rule.step >= from.step);
  const tied = kept.filter((rule) => rule.block === from.block && rule.policy !== from.policy);
  return [...own, ...tied, ...kept.filter((rule) => rule.block > from.block)];
}
