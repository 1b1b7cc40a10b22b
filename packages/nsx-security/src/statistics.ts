import type { RuleStatistics } from '@vmware/clients/nsx';
import { type Place, targetOf } from './objects.js';

/** GET …/statistics of a policy: one entry for each enforcement point, each with one for each rule. */
interface PolicyStatistics {
  readonly results?: readonly {
    readonly enforcement_point?: string;
    readonly statistics?: { readonly results?: readonly RuleStatistics[] };
  }[];
}

/** GET …/statistics of a rule. */
interface OneRule {
  readonly results?: readonly {
    readonly enforcement_point?: string;
    readonly statistics?: RuleStatistics;
  }[];
}

export interface PointStatistics extends RuleStatistics {
  readonly enforcement_point: string;
}

/** Counters of every rule of a policy, by rule path, summed over enforcement points. One request. */
export async function policyStatistics(
  place: Place,
  path: string,
): Promise<Map<string, RuleStatistics>> {
  const { results = [] } = await place.nsx.get<PolicyStatistics>(
    targetOf(place, `${path}/statistics`),
    { signal: place.signal },
  );
  const byRule = new Map<string, RuleStatistics[]>();
  for (const { statistics } of results)
    for (const one of statistics?.results ?? [])
      if (one.rule !== undefined) byRule.set(one.rule, [...(byRule.get(one.rule) ?? []), one]);
  return new Map([...byRule].map(([rule, all]) => [rule, total(all)]));
}

/** Counters of one rule, one entry for each enforcement point. */
export async function ruleStatistics(place: Place, path: string): Promise<PointStatistics[]> {
  const { results = [] } = await place.nsx.get<OneRule>(targetOf(place, `${path}/statistics`), {
    signal: place.signal,
  });
  return results.flatMap(({ statistics, enforcement_point = '' }) =>
    statistics ? [{ ...statistics, enforcement_point }] : [],
  );
}

const counters = [
  'hit_count',
  'packet_count',
  'byte_count',
  'session_count',
  'total_session_count',
] as const;
const peaks = ['popularity_index', 'max_popularity_index', 'max_session_count'] as const;

/** Counts add up over enforcement points, peaks do not. A counter that none of them has stays out. */
export function total(all: readonly RuleStatistics[]): RuleStatistics {
  const known = (name: keyof RuleStatistics): number[] =>
    all.flatMap((one) => (typeof one[name] === 'number' ? [one[name]] : []));
  const sum = counters.map((name) => [name, known(name).reduce((a, b) => a + b, 0)] as const);
  const most = peaks.map((name) => [name, Math.max(...known(name))] as const);
  return {
    ...(all[0]?.rule !== undefined && { rule: all[0].rule }),
    ...Object.fromEntries([...sum, ...most].filter(([name]) => known(name).length > 0)),
  };
}
