import { addBits, andBits, type Bits, members, noBits, setBit, withoutBits } from './bits.js';
import type { CompiledRule, Side } from './firewall.js';
import type { Points, Sure } from './points.js';

/** Rules by the classes they match: a row of bits over the rules for each class, absent where none matches. */
export interface Rows {
  /** By the class whose interface judges. Exclusion is already taken off. */
  readonly self: readonly (Bits | undefined)[];
  /** By the class at the other end. */
  readonly peer: readonly (Bits | undefined)[];
}

/** What is judged on one side. The two are one object when nothing is unknown. */
export interface RuleTable {
  readonly must: Rows;
  readonly may: Rows;
}

/** What a rule matches at the judging interface and at the other end. */
export const endsOf = (rule: CompiledRule, side: Side) =>
  side === 'out'
    ? { self: rule.source, peer: rule.destination }
    : { self: rule.destination, peer: rule.source };

export function ruleTable(
  rules: readonly CompiledRule[],
  side: Side,
  points: Points,
  excluded: Sure,
): RuleTable {
  const here = rules.filter((rule) => rule.sides.includes(side));
  const exact = here.every(
    (rule) =>
      rule.conditions.length === 0 &&
      rule.source.must === rule.source.may &&
      rule.destination.must === rule.destination.may &&
      rule.scope.must === rule.scope.may,
  );
  const may = rows(here, rules.length, side, points, excluded, 'may');
  return { may, must: exact ? may : rows(here, rules.length, side, points, excluded, 'must') };
}

function rows(
  here: readonly CompiledRule[],
  count: number,
  side: Side,
  points: Points,
  excluded: Sure,
  which: 'must' | 'may',
): Rows {
  const self = new Batches(count);
  const peer = new Batches(count);
  for (const rule of here) {
    if (which === 'must' && rule.conditions.length > 0) continue;
    const ends = endsOf(rule, side);
    self.add(rule.index, ends.self[which], rule.scope[which]);
    peer.add(rule.index, ends.peer[which]);
  }
  const judging = withoutBits(points.owned, excluded.must);
  return {
    self: self.spread(points.classes.length, judging),
    peer: peer.spread(points.classes.length),
  };
}

/** Rules that match the same classes are written together. */
class Batches {
  readonly #count: number;
  readonly #batches = new Map<Bits, Map<Bits | undefined, Bits>>();

  constructor(count: number) {
    this.#count = count;
  }

  add(rule: number, set: Bits, and?: Bits): void {
    const inner = this.#batches.get(set) ?? new Map<Bits | undefined, Bits>();
    this.#batches.set(set, inner);
    const batch = inner.get(and) ?? noBits(this.#count);
    inner.set(and, batch);
    setBit(batch, rule);
  }

  spread(classes: number, mask?: Bits): (Bits | undefined)[] {
    const out = new Array<Bits | undefined>(classes).fill(undefined);
    for (const [set, inner] of this.#batches)
      for (const [and, batch] of inner) {
        const narrowed = and ? andBits(set, and) : set;
        for (const c of members(mask ? andBits(narrowed, mask) : narrowed)) {
          const row = out[c];
          if (row) addBits(row, batch);
          else out[c] = batch.slice();
        }
      }
    return out;
  }
}
