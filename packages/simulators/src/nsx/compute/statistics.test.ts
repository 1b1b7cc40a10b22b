import { describe, expect, it } from 'vitest';
import { worldOf } from '../estate/world-of.js';
import { hit, policyStatistics, reset, ruleStatistics } from './statistics.js';

const policy = '/infra/domains/default/security-policies/shop';
const rule = `${policy}/rules/web-in`;

describe('statistics', () => {
  it('of a rule are nested below an enforcement point', () => {
    const world = worldOf();
    hit(world, rule, 5);
    expect(ruleStatistics(world, rule)).toEqual({
      result_count: 1,
      results: [
        {
          enforcement_point: '/infra/sites/default/enforcement-points/default',
          statistics: expect.objectContaining({
            rule,
            internal_rule_id: String(world.objects.get(rule)?.['rule_id']),
            hit_count: 5,
            packet_count: 5,
            byte_count: 640,
            session_count: 5,
            popularity_index: 1,
          }),
        },
      ],
    });
  });

  it('of a policy hold every rule of it, also those never hit', () => {
    const world = worldOf();
    hit(world, rule, 2);
    const statistics = policyStatistics(world, policy).results[0]?.statistics;
    expect(statistics?.result_count).toBe(6);
    expect(
      statistics?.results.map((each) => [each.rule.split('/').at(-1), each.hit_count]),
    ).toEqual([
      ['web-in', 2],
      ['web-to-app', 0],
      ['app-to-db', 0],
      ['web-in-again', 0],
      ['old-ftp', 0],
      ['never', 0],
    ]);
  });

  it('grow less popular with age, and are gone after a reset', () => {
    const world = worldOf();
    hit(world, rule, 900);
    const popularity = () => ruleStatistics(world, rule).results[0]?.statistics;
    expect(popularity()).toMatchObject({ popularity_index: 10, max_session_count: 900 });
    world.clock.advance(90 * 86_400_000);
    expect(popularity()).toMatchObject({ popularity_index: 5, max_session_count: 900 });
    reset(world);
    expect(ruleStatistics(world, rule).results[0]?.statistics.hit_count).toBe(0);
  });

  it('of what does not exist are empty', () => {
    const world = worldOf();
    expect(ruleStatistics(world, `${rule}-gone`).results).toEqual([]);
    expect(policyStatistics(world, `${policy}-gone`).results).toEqual([]);
  });
});
