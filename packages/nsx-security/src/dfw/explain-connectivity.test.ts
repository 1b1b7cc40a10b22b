import { describe, expect, it } from 'vitest';
import { Firewall } from './firewall.js';
import { onlyAddress, parseAddress } from './ip-set.js';
import {
  type EndPoint,
  endings,
  excluded,
  linearizations,
  matches,
  packets,
  type Side,
} from './oracle/by-definition.js';
import { randomFirewall } from './oracle/random-firewall.js';
import { judge } from './verdict.js';

const classOf = (firewall: Firewall, end: EndPoint): number => {
  const address = end.ip === undefined ? null : parseAddress(end.ip);
  if (end.vm !== undefined) {
    const places = firewall.vnics.ofVm(end.vm).flatMap((vnic) => firewall.points.ofVnic(vnic));
    const place = places.find((one) =>
      address
        ? one.address?.value === address.value
        : firewall.points.classes[one.class]?.family === end.family,
    );
    if (place) return place.class;
  }
  if (!address) throw new Error('an end without address');
  const [outside] = firewall.points.outside(onlyAddress(address), firewall.vnics);
  if (!outside) throw new Error(`no class for ${end.ip}`);
  return outside.class;
};

describe('every packet of random firewalls', () => {
  const kinds = [
    ['plain', { unknown: 0, ties: 0, addresses: false }],
    ['with unknown addresses', { unknown: 0, ties: 0, addresses: true }],
    ['with conditions', { unknown: 0.15, ties: 0, addresses: false }],
    ['with everything', { unknown: 0.1, ties: 0.3, addresses: true }],
  ] as const;
  for (const [name, strangeness] of kinds)
    it(`is judged, and by the rules, that the definition says: ${name}`, () => {
      for (let seed = 1; seed <= 100; seed++) {
        const snapshot = randomFirewall(seed, strangeness);
        const firewall = new Firewall(snapshot);
        const orders = linearizations(snapshot);
        for (const packet of packets(snapshot)) {
          const from = classOf(firewall, packet.from);
          const to = classOf(firewall, packet.to);
          const { protocol, first, second } = packet;
          const asked = firewall.traffic.meeting([
            { protocol, first: [first, first + 1], second: [second, second + 1] },
          ]);
          const outcome = judge(firewall, from, to, asked);
          const sides = {
            out: expectedSide(snapshot, orders, packet, 'out'),
            in: expectedSide(snapshot, orders, packet, 'in'),
          };
          const context = () => JSON.stringify({ seed, packet });
          for (const side of ['out', 'in'] as const) {
            const rules = outcome[side].decisions.map(({ rule }) => rule.rule.path).sort();
            expect(rules, context()).toEqual(sides[side].rules);
          }
          const sure = (side: Set<string>) => (side.size === 1 ? [...side][0] : 'unknown');
          const [a, b] = [sure(sides.out.verdicts), sure(sides.in.verdicts)];
          const wanted =
            a === 'block' || b === 'block'
              ? 'blocked'
              : a === 'allow' && b === 'allow'
                ? 'allowed'
                : 'unknown';
          const got = (['allowed', 'blocked', 'unknown'] as const).filter((k) =>
            outcome[k].some((w, i) => (w & (asked[i] ?? 0)) !== 0),
          );
          expect(got, context()).toEqual([wanted]);
        }
      }
    }, 300_000);
});

function expectedSide(
  snapshot: ReturnType<typeof randomFirewall>,
  orders: ReturnType<typeof linearizations>,
  packet: Parameters<typeof matches>[2],
  side: Side,
) {
  const self = side === 'out' ? packet.from : packet.to;
  const out = excluded(snapshot, self.vm ?? '');
  const verdicts = new Set<string>();
  const rules = new Set<string>();
  if (!self.vm || out !== 'no') verdicts.add('allow');
  if (self.vm && out !== 'yes') {
    const known = new Map<unknown, ReturnType<typeof matches>>();
    for (const list of orders)
      for (const end of endings(list, (placed) => {
        let m = known.get(placed.rule);
        if (m === undefined) {
          m = matches(snapshot, placed, packet, side);
          known.set(placed.rule, m);
        }
        return m;
      })) {
        if (!end) verdicts.add('allow').add('block');
        else {
          verdicts.add(end.rule.action === 'ALLOW' ? 'allow' : 'block');
          rules.add(end.rule.path);
        }
      }
  }
  return { verdicts, rules: [...rules].sort() };
}
