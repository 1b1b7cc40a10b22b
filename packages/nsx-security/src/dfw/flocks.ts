import {
  andBits,
  type Bits,
  coverBits,
  hasBit,
  meetBits,
  members,
  noBits,
  setBit,
} from './bits.js';
import type { CompiledRule, Firewall, Side } from './firewall.js';
import type { Party } from './parties.js';
import { endsOf } from './rule-table.js';

/** Members that no rule about this traffic, towards this other end, tells apart. */
export interface Flock {
  readonly class: number;
  readonly parties: readonly Party[];
  readonly perVnic: ReadonlyMap<number, number>;
}

const newFlock = (of: number) => ({
  class: of,
  parties: [] as Party[],
  perVnic: new Map<number, number>(),
});

/** Divides the members of one end into as few flocks as the rules require. */
export function flocks(
  firewall: Firewall,
  own: readonly Party[],
  others: readonly Party[],
  traffic: Bits,
  end: 'source' | 'destination',
): Flock[] {
  const { table, excluded, points } = firewall;
  const classes = (parties: readonly Party[]) => bitsOf(firewall, parties);
  const [mine, theirs] = [classes(own), classes(others)];
  // As the judge at its own interface, and as the other end at somebody else's.
  const ends =
    end === 'source'
      ? ([
          ['out', 'self', decisive(firewall, 'out', mine, theirs, traffic)],
          ['in', 'peer', decisive(firewall, 'in', theirs, mine, traffic)],
        ] as const)
      : ([
          ['in', 'self', decisive(firewall, 'in', mine, theirs, traffic)],
          ['out', 'peer', decisive(firewall, 'out', theirs, mine, traffic)],
        ] as const);
  const key = (c: number) => {
    const flags = [points.owned, excluded.must, excluded.may].map((bits) => hasBit(bits, c));
    const rows = ends.flatMap(([side, as, rules]) =>
      [table[side].may, table[side].must].map((rows) => {
        const row = rows[as][c];
        return row ? members(andBits(row, rules)).join() : '';
      }),
    );
    return [points.classes[c]?.family, ...flags, ...rows].join(';');
  };
  const keys = new Map<number, string>();
  const found = new Map<string, ReturnType<typeof newFlock>>();
  for (const party of own) {
    const k = keys.get(party.class) ?? key(party.class);
    keys.set(party.class, k);
    const flock = found.get(k) ?? newFlock(party.class);
    found.set(k, flock);
    flock.parties.push(party);
    if (party.vnic)
      flock.perVnic.set(party.vnic.index, (flock.perVnic.get(party.vnic.index) ?? 0) + 1);
  }
  return [...found.values()];
}

function bitsOf(firewall: Firewall, parties: readonly Party[]): Bits {
  const bits = noBits(firewall.points.classes.length);
  for (const party of parties) setBit(bits, party.class);
  return bits;
}

/** Rules that may decide this traffic between any of these classes: none after one that surely decides all of it. */
function decisive(firewall: Firewall, side: Side, self: Bits, peer: Bits, traffic: Bits): Bits {
  const out = noBits(firewall.rules.length);
  const judging = andBits(self, firewall.points.owned);
  let jumps = false;
  let last: CompiledRule | undefined;
  for (const rule of firewall.rules) {
    if (last && rule.block !== last.block) break;
    if (!rule.sides.includes(side)) continue;
    const ends = endsOf(rule, side);
    if (!meetBits(rule.traffic.may, traffic) || !meetBits(peer, ends.peer.may)) continue;
    if (!meetBits(judging, ends.self.may, rule.scope.may)) continue;
    setBit(out, rule.index);
    jumps ||= rule.jump;
    const takesAll =
      rule.conditions.length === 0 &&
      !jumps &&
      coverBits(rule.traffic.must, traffic) &&
      coverBits(ends.peer.must, peer) &&
      coverBits(andBits(ends.self.must, rule.scope.must), judging);
    if (takesAll) last = rule;
  }
  return out;
}
