import { describe, expect, it } from 'vitest';
import { Firewall } from '../firewall.js';
import {
  excluded,
  linearizations,
  type Maybe,
  matches,
  type Placed,
  packets,
} from '../oracle/by-definition.js';
import { randomFirewall } from '../oracle/random-firewall.js';
import type { Snapshot } from '../snapshot.js';
import { findingKinds } from './finding.js';
import { analyze } from './index.js';
import type { Effort } from './region.js';

interface Sets {
  readonly never: string[];
  readonly shadowed: string[];
  readonly redundant: string[];
}

/** What each rule is, from every packet, every order NSX may choose and every way a doubtful match may turn out. */
function byDefinition(snapshot: Snapshot): Sets {
  const orders = linearizations(snapshot);
  const rules = orders[0] ?? [];
  const may = new Set<Placed['rule']>();
  const first = new Set<Placed['rule']>();
  const needed = new Set<Placed['rule']>();
  const seen = new Set<string>();
  for (const packet of packets(snapshot, true))
    for (const side of ['out', 'in'] as const) {
      const self = side === 'out' ? packet.from.vm : packet.to.vm;
      if (self === undefined || excluded(snapshot, self) === 'yes') continue;
      const match = new Map(rules.map((p) => [p.rule, matches(snapshot, p, packet, side)]));
      // Packets that all rules treat alike need to be looked at once.
      const key = rules.map((p) => match.get(p.rule)).join();
      if (seen.has(key)) continue;
      seen.add(key);
      for (const { rule } of rules) if (match.get(rule) !== 'no') may.add(rule);
      for (const order of orders)
        for (const world of worlds(order, match)) {
          const path = taken(order, world);
          for (const rule of path.met) first.add(rule);
          for (const rule of path.met) {
            const without = taken(
              order.filter((p) => p.rule !== rule),
              world,
            );
            if (without.action !== path.action) needed.add(rule);
          }
        }
    }
  const paths = (test: (rule: Placed['rule']) => boolean) =>
    rules
      .map((p) => p.rule)
      .filter(test)
      .map((rule) => rule.path)
      .sort();
  return {
    never: paths((rule) => !may.has(rule)),
    shadowed: paths((rule) => may.has(rule) && !first.has(rule)),
    redundant: paths((rule) => first.has(rule) && !needed.has(rule)),
  };
}

function* worlds(order: readonly Placed[], match: ReadonlyMap<Placed['rule'], Maybe>) {
  const doubtful = order.filter((p) => match.get(p.rule) === 'maybe').map((p) => p.rule);
  const sure = order.filter((p) => match.get(p.rule) === 'yes').map((p) => p.rule);
  for (let n = 0; n < 2 ** doubtful.length; n++)
    yield new Set([...sure, ...doubtful.filter((_, i) => (n >> i) & 1)]);
}

/** The rules a packet meets, jumps included, and what happens to it. */
function taken(order: readonly Placed[], world: ReadonlySet<Placed['rule']>) {
  const met: Placed['rule'][] = [];
  let jumping = false;
  for (const { rule, policy } of order) {
    if (!world.has(rule) || (jumping && policy.category === 'Environment')) continue;
    met.push(rule);
    if (rule.action !== 'JUMP_TO_APPLICATION') return { met, action: rule.action };
    jumping = true;
  }
  return { met, action: 'none' };
}

function byAnalysis(snapshot: Snapshot, effort?: Effort): Sets & { undecided: string[] } {
  const { findings, undecided } = analyze(new Firewall(snapshot), findingKinds, effort);
  const paths = (kind: string) =>
    findings.flatMap((f) => (f.kind === kind && f.rule ? [f.rule.path] : [])).sort();
  return {
    never: paths('never_matching'),
    shadowed: paths('shadowed'),
    redundant: paths('redundant'),
    undecided: undecided.map((rule) => rule.path).sort(),
  };
}

describe('the analysis of random firewalls', () => {
  const exact = [
    ['plain ones', { unknown: 0, ties: 0, addresses: false }],
    ['with conditions', { unknown: 0.15, ties: 0, addresses: false }],
    ['with conditions and undefined order', { unknown: 0.1, ties: 0.25, addresses: false }],
  ] as const;
  for (const [name, strangeness] of exact)
    it(`finds exactly the rules that the definition says: ${name}`, () => {
      const found = { never: 0, shadowed: 0, redundant: 0 };
      for (let seed = 1000; seed < 1200; seed++) {
        const snapshot = randomFirewall(seed, strangeness);
        const expected = byDefinition(snapshot);
        expect({ seed, ...byAnalysis(snapshot) }).toEqual({ seed, ...expected, undecided: [] });
        found.never += expected.never.length;
        found.shadowed += expected.shadowed.length;
        found.redundant += expected.redundant.length;
      }
      expect(Math.min(found.never, found.shadowed, found.redundant)).toBeGreaterThan(20);
    }, 300_000);

  it('claims nothing that is not so when addresses are unknown or used twice', () => {
    for (let seed = 2000; seed < 2150; seed++) {
      const snapshot = randomFirewall(seed, { unknown: 0.05, ties: 0.1, addresses: true });
      const expected = byDefinition(snapshot);
      const found = byAnalysis(snapshot);
      const context = `seed ${seed}`;
      expect(expected.never, context).toEqual(expect.arrayContaining(found.never));
      expect(expected.shadowed, context).toEqual(expect.arrayContaining(found.shadowed));
      const harmless = [...expected.redundant, ...expected.shadowed];
      expect(harmless, context).toEqual(expect.arrayContaining(found.redundant));
    }
  }, 300_000);

  it.each([0, 20, 100])(
    'is right or says that it gave up with %i pairs to try',
    (pairs) => {
      const counts = { found: 0, undecided: 0 };
      for (let seed = 4000; seed < 4250; seed++) {
        const snapshot = randomFirewall(seed, { unknown: 0.05, ties: 0.35, addresses: false });
        const expected = byDefinition(snapshot);
        const got = byAnalysis(snapshot, { samples: 0, pairs });
        const context = `seed ${seed}`;
        const sure = (list: readonly string[]) =>
          list.filter((path) => !got.undecided.includes(path));
        expect(expected.shadowed, context).toEqual(expect.arrayContaining(got.shadowed));
        expect(sure(got.shadowed), context).toEqual(sure(expected.shadowed));
        expect([...expected.redundant, ...expected.shadowed], context).toEqual(
          expect.arrayContaining(got.redundant),
        );
        expect(sure(got.redundant), context).toEqual(sure(expected.redundant));
        counts.found += got.shadowed.length + got.redundant.length;
        counts.undecided += got.undecided.length;
      }
      expect(Math.min(counts.found, counts.undecided)).toBeGreaterThan(0);
    },
    120_000,
  );
});
