import { describe, expect, it } from 'vitest';
import { explainVm } from './explain-vm.js';
import { Firewall } from './firewall.js';
import { matches, packets } from './oracle/by-definition.js';
import {
  groupPath,
  ipGroup,
  machines,
  policyOf,
  snapshotOf,
  tagGroup,
} from './oracle/hand-made.js';
import { randomFirewall } from './oracle/random-firewall.js';
import type { Snapshot } from './snapshot.js';

const lab = machines(
  ['web-1', '10.0.0.1', 'tier|web'],
  ['db-1', '10.0.0.9', 'tier|db'],
  ['off', '', 'tier|web'],
);
const groups = [
  tagGroup('web', 'tier|web'),
  tagGroup('db', 'tier|db'),
  ipGroup('net', '10.0.0.0/24'),
];
const web = groupPath('web');
const policies = [
  policyOf('last', 'Application', [{ id: 'all', action: 'DROP' }]),
  policyOf('first', 'Emergency', [
    { id: 'out', action: 'ALLOW', source_groups: [web], destination_groups: [groupPath('db')] },
    { id: 'elsewhere', action: 'ALLOW', scope: [groupPath('db')] },
    {
      id: 'off',
      action: 'ALLOW',
      source_groups: [groupPath('db')],
      destination_groups: [web],
      disabled: true,
    },
    { id: 'in-only', action: 'ALLOW', source_groups: [web], direction: 'IN', scope: [web] },
    {
      id: 'by-ip',
      action: 'ALLOW',
      source_groups: [groupPath('net')],
      destination_groups: ['192.168.0.1'],
    },
    {
      id: 'not-web',
      action: 'ALLOW',
      source_groups: [web],
      sources_excluded: true,
      destination_groups: [groupPath('db')],
    },
    { id: 'tls', action: 'ALLOW', source_groups: [web], profiles: ['/infra/context-profiles/TLS'] },
  ]),
];
const explain = (vm: string, more: Partial<Snapshot> = {}) =>
  explainVm(new Firewall(snapshotOf({ ...lab, groups, policies, ...more })), vm);

describe('the rules of a VM', () => {
  it('are those that stand at its interfaces and name it, in evaluation order', () => {
    const found = explain('web-1');
    expect(
      found?.rules.map(({ rule, sides, certain, disabled }) => [
        rule.id,
        sides.join('+'),
        certain,
        disabled,
      ]),
    ).toEqual([
      ['out', 'out', true, false],
      ['off', 'in', true, true],
      ['in-only', 'in', true, false],
      ['by-ip', 'out', true, false],
      ['tls', 'out+in', false, false],
      ['all', 'out+in', true, false],
    ]);
    expect(found?.rules[0]?.via).toEqual([
      { role: 'source', entry: web, certain: true },
      { role: 'applied_to', entry: 'DFW', certain: true },
    ]);
    expect(found).toMatchObject({
      addresses: ['10.0.0.1'],
      firewall_on: 'yes',
      excluded: 'no',
      groups: [web, groupPath('net')],
    });
  });

  it('are in doubt by address when no address is known', () => {
    const rule = explain('off')?.rules.find((one) => one.rule.id === 'by-ip');
    expect(rule).toMatchObject({
      certain: false,
      sides: ['out', 'in'],
      via: [
        { entry: groupPath('net'), certain: false },
        { entry: '192.168.0.1', certain: false },
        { role: 'applied_to', certain: true },
      ],
    });
  });

  it('come with whether any of them is enforced', () => {
    expect(explain('web-1', { exclude_list: { members: [web] } })?.excluded).toBe('yes');
    expect(explain('web-1', { exclude_list: null, firewall: null })).toMatchObject({
      excluded: 'maybe',
      firewall_on: 'maybe',
    });
    expect(explain('web-1', { firewall: { enable_firewall: false } })?.firewall_on).toBe('no');
    expect(explain('nobody')).toBeUndefined();
  });

  it('include every rule that matches a packet of it in random firewalls', () => {
    for (let seed = 5000; seed < 5060; seed++) {
      const snapshot = randomFirewall(seed, { unknown: 0.1, ties: 0, addresses: true });
      const firewall = new Firewall(snapshot);
      for (const vm of snapshot.virtual_machines ?? []) {
        const expected = new Set<string>();
        for (const packet of packets(snapshot))
          for (const side of ['out', 'in'] as const) {
            if ((side === 'out' ? packet.from : packet.to).vm !== vm.external_id) continue;
            for (const { rule } of firewall.rules) {
              const policy = snapshot.policies.find((p) => p.rules.includes(rule));
              if (policy && matches(snapshot, { rule, policy }, packet, side) !== 'no')
                expected.add(rule.path);
            }
          }
        const found = explainVm(firewall, vm.external_id)?.rules.map((one) => one.rule.path);
        expect(found, `seed ${seed}`).toEqual(expect.arrayContaining([...expected]));
      }
    }
  }, 120_000);
});
