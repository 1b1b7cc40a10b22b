import {
  addBits,
  andBits,
  type Bits,
  hasBit,
  isEmptyBits,
  noBits,
  orBits,
  withoutBits,
} from './bits.js';
import type { Firewall, Side } from './firewall.js';
import { type Decision, meeting, walk } from './walk.js';

/** What happens to traffic on one side. An atom in both `allow` and `deny` could not be settled. */
export interface SideOutcome {
  readonly allow: Bits;
  readonly deny: Bits;
  /** Rules that decide some of it, in evaluation order. */
  readonly decisions: readonly Decision[];
  readonly jumps: readonly Decision[];
  /** Why no rule is asked, or why that is not known. */
  readonly notes: readonly string[];
}

/** The outcome of both sides together: every atom is in exactly one. */
export interface Outcome {
  readonly allowed: Bits;
  readonly blocked: Bits;
  readonly unknown: Bits;
  readonly out: SideOutcome;
  readonly in: SideOutcome;
}

/** Judges traffic (atoms) between two classes of one family. Traffic their family cannot carry is left out. */
export function judge(
  firewall: Firewall,
  source: number,
  destination: number,
  traffic: Bits,
): Outcome {
  const family = firewall.points.classes[source]?.family ?? 4;
  const carried = andBits(traffic, firewall.traffic.of[family]);
  const out = judgeSide(firewall, 'out', source, destination, carried);
  const inward = judgeSide(firewall, 'in', destination, source, carried);
  const sure = (side: SideOutcome) => ({
    allow: withoutBits(side.allow, side.deny),
    deny: withoutBits(side.deny, side.allow),
  });
  const [a, b] = [sure(out), sure(inward)];
  const allowed = andBits(a.allow, b.allow);
  const blocked = orBits(a.deny, b.deny);
  const unknown = withoutBits(carried, orBits(allowed, blocked));
  return { allowed, blocked, unknown, out, in: inward };
}

/** Judges traffic at one interface: `self` is its class, `peer` the class at the other end. */
export function judgeSide(
  firewall: Firewall,
  side: Side,
  self: number,
  peer: number,
  traffic: Bits,
): SideOutcome {
  const none = noBits(firewall.traffic.size);
  const open = (...notes: string[]) => ({
    allow: traffic,
    deny: none,
    decisions: [],
    jumps: [],
    notes,
  });
  const { snapshot, points, excluded } = firewall;
  if (snapshot.firewall?.enable_firewall === false) return open('the distributed firewall is off');
  if (!hasBit(points.owned, self)) {
    if (snapshot.virtual_machines !== null && snapshot.vifs !== null)
      return open('no VM has this address, so no distributed firewall stands here');
    return {
      ...open('whether a VM has this address could not be read'),
      deny: traffic,
    };
  }
  if (hasBit(excluded.must, self)) return open('the VM is on the exclude list');
  const meets = meeting(firewall, side, self, peer);
  const { decisions, jumps, undecided } = walk(firewall.rules, meets, traffic);
  const allow = undecided.slice();
  const deny = undecided.slice();
  for (const { rule, traffic: decided } of decisions) {
    addBits(rule.rule.action === 'ALLOW' ? allow : deny, decided);
  }
  const notes: string[] = [];
  const maybeOpen = (why: string) => {
    addBits(allow, traffic);
    notes.push(why);
  };
  if (snapshot.firewall === null) maybeOpen('whether the distributed firewall is on was not read');
  if (snapshot.exclude_list === null) maybeOpen('the exclude list could not be read');
  else if (hasBit(excluded.may, self)) maybeOpen('the VM may be on the exclude list');
  if (!isEmptyBits(undecided)) notes.push('some traffic may meet no rule at all');
  return { allow, deny, decisions, jumps, notes };
}

/** Decisions whose traffic meets these atoms, each cut down to them. */
export function decisionsOn(side: SideOutcome, traffic: Bits): Decision[] {
  return side.decisions
    .map(({ rule, traffic: decided }) => ({ rule, traffic: andBits(decided, traffic) }))
    .filter(({ traffic: decided }) => !isEmptyBits(decided));
}
