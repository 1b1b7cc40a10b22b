import { describe, expect, it } from 'vitest';
import { explainConnectivity } from './explain-connectivity.js';
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
import {
  groupPath,
  ipGroup,
  machines,
  policyOf,
  snapshotOf,
  tagGroup,
  tcpService,
} from './oracle/hand-made.js';
import { randomFirewall } from './oracle/random-firewall.js';
import type { Snapshot } from './snapshot.js';
import { trafficOf } from './traffic-question.js';
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

describe('groups of random firewalls', () => {
  it('are judged as all their pairs are', () => {
    for (let seed = 3000; seed < 3100; seed++) {
      const snapshot = randomFirewall(seed, { unknown: 0, ties: 0, addresses: false });
      const firewall = new Firewall(snapshot);
      const orders = linearizations(snapshot);
      const asked = [...packets(snapshot)].filter(
        (p) => p.protocol === 6 && p.first === 1 && p.second === 2,
      );
      for (const [a, b] of [
        [0, 1],
        [2, 3],
        [4, 4],
      ] as const) {
        const wanted = new Map<string, number>();
        for (const packet of asked) {
          const both = packet.from.vm !== undefined && packet.to.vm !== undefined;
          if (!both || packet.from.vm === packet.to.vm) continue;
          if (!inGroup(snapshot, a, packet.from) || !inGroup(snapshot, b, packet.to)) continue;
          const sides = (['out', 'in'] as const).map(
            (side) => expectedSide(snapshot, orders, packet, side).verdicts,
          );
          const [out, into] = sides.map((side) => (side.size === 1 ? [...side][0] : 'unknown'));
          const verdict =
            out === 'block' || into === 'block'
              ? 'blocked'
              : out === 'allow' && into === 'allow'
                ? 'allowed'
                : 'unknown';
          wanted.set(verdict, (wanted.get(verdict) ?? 0) + 1);
        }
        const answer = explainConnectivity(
          firewall,
          { kind: 'group', path: groupPath(`g${a}`) },
          { kind: 'group', path: groupPath(`g${b}`) },
          [{ protocol: 6, first: [1, 2], second: [2, 3] }],
        );
        const got = new Map<string, number>();
        for (const part of answer.parts)
          got.set(part.verdict, (got.get(part.verdict) ?? 0) + part.pairs);
        const onlyVms = ![a, b].some((g) => hasIps(snapshot, g));
        if (onlyVms) expect([...got].sort(), `seed ${seed} ${a}-${b}`).toEqual([...wanted].sort());
      }
    }
  }, 120_000);
});

const hasIps = (snapshot: Snapshot, g: number): boolean =>
  (snapshot.groups[g]?.expression ?? []).some(
    (e) =>
      e.resource_type === 'IPAddressExpression' ||
      (e.resource_type === 'PathExpression' &&
        (e['paths'] as string[]).some((p) => hasIps(snapshot, Number(p.at(-1))))),
  );

/** Membership as the definition has it: a rule with the group as its only source matches. */
function inGroup(snapshot: Snapshot, g: number, end: EndPoint): boolean {
  const rule = {
    id: 'probe',
    path: '/probe',
    action: 'ALLOW' as const,
    source_groups: [groupPath(`g${g}`)],
  };
  const probe = { rule, policy: { id: 'p', path: '/p', rules: [] } };
  const packet = { from: end, to: end, protocol: 6, first: 1, second: 1 };
  return matches({ ...snapshot, exclude_list: { members: [] } }, probe, packet, 'out') === 'yes';
}

describe('an explanation', () => {
  const lab = machines(
    ['web-1', '10.0.0.1', 'tier|web'],
    ['web-2', '10.0.0.2', 'tier|web'],
    ['db-1', '10.0.0.9', 'tier|db'],
    ['off', '', 'tier|web'],
  );
  const groups = [
    tagGroup('web', 'tier|web'),
    tagGroup('db', 'tier|db'),
    ipGroup('office', '192.168.0.0/16'),
  ];
  const shop = policyOf('shop', 'Application', [
    {
      id: 'web-db',
      action: 'ALLOW',
      source_groups: [groupPath('web')],
      destination_groups: [groupPath('db')],
      services: ['/infra/services/mysql'],
    },
    { id: 'default', action: 'DROP' },
  ]);
  const services = [tcpService('mysql', '3306')];
  const ask = (parts: Partial<Snapshot>, from: string, to: string, port = '3306') => {
    const end = (text: string) =>
      text.startsWith('@')
        ? ({ kind: 'group', path: groupPath(text.slice(1)) } as const)
        : /^[\d.:/-]+$/.test(text)
          ? ({ kind: 'ip', ip: text } as const)
          : ({ kind: 'vm', external_id: text } as const);
    const traffic = trafficOf({ protocol: 'tcp', port });
    if (!traffic) throw new Error('no such traffic');
    return explainConnectivity(
      new Firewall(snapshotOf({ ...lab, groups, services, policies: [shop], ...parts })),
      end(from),
      end(to),
      traffic,
    );
  };

  it('names the rule that decides on each side', () => {
    const answer = ask({}, 'web-1', 'db-1');
    expect(answer).toMatchObject({ verdict: 'allowed', pairs: 1, reasons: [] });
    const [part] = answer.parts;
    expect(part?.source_side.deciding).toMatchObject([
      { rule: { id: 'web-db', policy_id: 'shop' }, certain: true, traffic: ['TCP 3306'] },
    ]);
    expect(part?.destination_side.deciding).toMatchObject([{ rule: { id: 'web-db' } }]);
  });

  it('says before which rule an ALLOW must stand', () => {
    const answer = ask({}, 'db-1', 'web-1');
    expect(answer.verdict).toBe('blocked');
    expect(answer.parts[0]?.changes).toMatchObject([
      { goal: 'allow', side: 'source', before: { id: 'default' } },
      { goal: 'allow', side: 'destination', before: { id: 'default' } },
    ]);
  });

  it('divides a range of ports', () => {
    const answer = ask({}, 'web-1', 'db-1', '3300-3310');
    expect(answer.verdict).toBe('partly');
    expect(answer.parts[0]).toMatchObject({
      allowed: ['TCP 3306'],
      blocked: ['TCP 3300-3305, 3307-3310'],
    });
  });

  it('judges an address that no VM has on one side only', () => {
    const inbound = policyOf('in', 'Application', [
      { action: 'DROP', direction: 'OUT' },
      { id: 'ok', action: 'ALLOW', direction: 'IN' },
    ]);
    const answer = ask({ policies: [inbound] }, '192.168.1.1', 'db-1');
    expect(answer.verdict).toBe('allowed');
    expect(answer.parts[0]?.source_side.notes).toEqual([
      'no VM has this address, so no distributed firewall stands here',
    ]);
    expect(ask({ policies: [inbound] }, '10.0.0.1', 'db-1').verdict).toBe('blocked');
  });

  it('treats VMs of a group alike where rules do, and no VM as its own peer', () => {
    const answer = ask({}, '@web', '@web');
    expect(answer).toMatchObject({ verdict: 'blocked' });
    // Three VMs; the one without a known address has one of either version, and its peers only one.
    expect(answer.pairs).toBe(6);
    expect(answer.parts).toHaveLength(1);
  });

  it('is allowed where the firewall is off or the VM excluded', () => {
    expect(ask({ firewall: { enable_firewall: false } }, 'db-1', 'web-1').verdict).toBe('allowed');
    const excluded = ask({ exclude_list: { members: [groupPath('web')] } }, 'web-1', 'web-2');
    expect(excluded.verdict).toBe('allowed');
    expect(excluded.parts[0]?.source_side.notes).toEqual(['the VM is on the exclude list']);
  });

  it.each(['firewall', 'exclude_list'] as const)(
    'is unknown when the %s could not be read and rules block',
    (part) => {
      expect(ask({ [part]: null }, 'db-1', 'web-1').verdict).toBe('unknown');
      expect(ask({ [part]: null }, 'web-1', 'db-1').verdict).toBe('allowed');
    },
  );

  it('is unknown about addresses when interfaces could not be read', () => {
    expect(ask({ vifs: null }, '192.168.1.1', '192.168.1.2').verdict).toBe('unknown');
  });

  it('is unknown where a context profile decides', () => {
    const l7 = policyOf('l7', 'Emergency', [
      { id: 'tls', action: 'ALLOW', profiles: ['/infra/context-profiles/TLS'] },
    ]);
    const answer = ask({ policies: [l7, shop] }, 'db-1', 'web-1');
    expect(answer.verdict).toBe('unknown');
    expect(answer.parts[0]?.source_side.deciding).toMatchObject([
      {
        rule: { id: 'tls' },
        certain: false,
        conditions: ['context profile /infra/context-profiles/TLS'],
      },
      { rule: { id: 'default' }, certain: false },
    ]);
  });

  it('is unknown where nothing matches, or two policies of the same number disagree', () => {
    expect(ask({ policies: [] }, 'db-1', 'web-1').verdict).toBe('unknown');
    const open = policyOf('open', 'Application', [{ action: 'ALLOW' }]);
    expect(ask({ policies: [shop, open] }, 'db-1', 'web-1').verdict).toBe('unknown');
    expect(ask({ policies: [shop, open] }, 'web-1', 'db-1').verdict).toBe('allowed');
  });

  it('follows a jump past the rest of the Environment category', () => {
    const environment = policyOf('env', 'Environment', [
      { id: 'jump', action: 'JUMP_TO_APPLICATION', source_groups: [groupPath('web')] },
      { id: 'wall', action: 'DROP' },
    ]);
    const answer = ask({ policies: [environment, shop] }, 'web-1', 'db-1');
    expect(answer.verdict).toBe('allowed');
    expect(answer.parts[0]?.source_side.jumps).toMatchObject([{ id: 'jump' }]);
    expect(
      ask({ policies: [environment, shop] }, 'db-1', 'web-1').parts[0]?.source_side.deciding,
    ).toMatchObject([{ rule: { id: 'wall' } }]);
  });

  it('tells members of a group apart by the rules after a jump', () => {
    const environment = policyOf('env', 'Environment', [
      { id: 'jump', action: 'JUMP_TO_APPLICATION', source_groups: [groupPath('web')] },
      { id: 'wall', action: 'DROP' },
    ]);
    const one = policyOf('one', 'Application', [
      { id: 'web-1-only', action: 'ALLOW', direction: 'OUT', source_groups: ['10.0.0.1'] },
      { id: 'ingress', action: 'ALLOW', direction: 'IN' },
      { id: 'rest', action: 'DROP' },
    ]);
    const vms = machines(
      ['web-1', '10.0.0.1', 'tier|web'],
      ['web-2', '10.0.0.2', 'tier|web'],
      ['db-1', '10.0.0.9', 'tier|db'],
    );
    const open = { ...environment, scope: [groupPath('web')] };
    const answer = ask({ ...vms, policies: [open, one] }, '@web', '@db');
    expect(answer.verdict).toBe('partly');
    expect(
      answer.parts.map((part) => [part.verdict, part.examples.map((e) => e.source)]).sort(),
    ).toEqual([
      ['allowed', ['web-1 (10.0.0.1)']],
      ['blocked', ['web-2 (10.0.0.2)']],
    ]);
  });

  it('lets the Applied To of the policy win over the rule', () => {
    const scoped = policyOf(
      'scoped',
      'Emergency',
      [{ action: 'DROP', scope: [groupPath('web')] }],
      { scope: [groupPath('office')] },
    );
    expect(ask({ policies: [scoped, shop] }, 'web-1', 'db-1').verdict).toBe('allowed');
    const unscoped = { ...scoped, scope: ['ANY'] };
    expect(ask({ policies: [unscoped, shop] }, 'web-1', 'db-1').verdict).toBe('blocked');
  });

  it('adds the default rule that connectivity_preference stands for', () => {
    const closed = policyOf('closed', 'Application', [], {
      connectivity_preference: 'ALLOWLIST',
      scope: [groupPath('db')],
      default_rule_id: 77,
    });
    const answer = ask(
      {
        policies: [
          closed,
          policyOf('z', 'Application', [{ action: 'ALLOW' }], { sequence_number: 99 }),
        ],
      },
      'web-1',
      'db-1',
    );
    expect(answer.verdict).toBe('blocked');
    expect(answer.parts[0]?.destination_side.deciding).toMatchObject([
      { rule: { rule_id: 77, action: 'DROP' } },
    ]);
  });

  it('says that nobody is there', () => {
    expect(ask({}, 'nobody', 'db-1')).toMatchObject({
      verdict: 'unknown',
      pairs: 0,
      reasons: ['the source has no members or is not known'],
    });
  });
});
