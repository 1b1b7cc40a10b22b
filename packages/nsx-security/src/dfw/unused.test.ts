import type { RuleStatistics } from '@vmware/clients/nsx';
import { describe, expect, it } from 'vitest';
import { Firewall } from './firewall.js';
import { groupPath, machines, policyOf, snapshotOf, tagGroup } from './oracle/hand-made.js';
import { findUnused } from './unused.js';

const day = 86_400_000;
const now = 1000 * day;
const made = (days: number) => ({
  _create_time: now - days * day,
  _last_modified_time: now - days * day,
});
const policy = policyOf('p', 'Application', [
  { id: 'used', action: 'ALLOW', ...made(100) },
  { id: 'old', action: 'ALLOW', ...made(100), source_groups: [groupPath('nobody')] },
  { id: 'older', action: 'ALLOW', ...made(200) },
  { id: 'touched', action: 'ALLOW', _create_time: now - 400 * day, _last_modified_time: now - day },
  { id: 'ageless', action: 'ALLOW' },
  { id: 'off', action: 'ALLOW', ...made(100), disabled: true },
  { id: 'unread', action: 'ALLOW', ...made(100) },
  { id: 'missing', action: 'ALLOW', ...made(100) },
  { id: 'sessions', action: 'ALLOW', ...made(100) },
]);

describe('unused rules', () => {
  const zero: RuleStatistics = { hit_count: 0, packet_count: 0 };
  const of = new Map<string, RuleStatistics | null>([
    ['used', { hit_count: 3 }],
    ['old', zero],
    ['older', zero],
    ['touched', zero],
    ['ageless', zero],
    ['off', zero],
    ['unread', null],
    ['sessions', { hit_count: 0, total_session_count: 2 }],
  ]);
  const statistics = new Map(
    policy.rules
      .map((rule) => [rule.path, of.get(rule.id)] as const)
      .filter((entry): entry is [string, RuleStatistics | null] => entry[1] !== undefined),
  );
  const firewall = new Firewall(
    snapshotOf({
      ...machines(['a', '10.0.0.1']),
      groups: [tagGroup('nobody', 'x|y')],
      policies: [policy],
    }),
  );
  const report = findUnused(firewall, statistics, now);
  const ids = (list: readonly { readonly rule: { readonly id: string } }[]) =>
    list.map((one) => one.rule.id);

  it('are those without hits that had time to have some', () => {
    expect(ids(report.unused)).toEqual(['older', 'old']);
    expect(report.unused[1]).toMatchObject({
      hit_count: 0,
      age_days: 100,
      sources_empty: true,
      destinations_empty: false,
    });
    expect(report.used).toBe(2);
  });

  it('are not those that are young, off, or of which nothing is known', () => {
    expect(ids(report.too_young)).toEqual(['touched', 'ageless']);
    expect(ids(report.disabled)).toEqual(['off']);
    expect(ids(report.unknown)).toEqual(['unread', 'missing']);
    expect(report.unknown[0]?.hit_count).toBeNull();
  });
});
