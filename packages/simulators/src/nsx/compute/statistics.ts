import type { PolicyObject, Store } from '../store.js';
import type { World } from '../world.js';

interface Counters {
  hits: number;
  packets: number;
  bytes: number;
  sessions: number;
}

const frameBytes = 128;
const dayMilliseconds = 86_400_000;
const counted = new WeakMap<Store, Map<string, Counters>>();

/** Counts packets that a rule decided, each a session of its own. Traces count; a test calls it for other traffic. */
export function hit(world: World, rulePath: string, times = 1): void {
  const counters = countersOf(world);
  const { hits, packets, bytes, sessions } = counters.get(rulePath) ?? nothing();
  counters.set(rulePath, {
    hits: hits + times,
    packets: packets + times,
    bytes: bytes + times * frameBytes,
    sessions: sessions + times,
  });
}

/** Forgets every count: POST /infra/settings/firewall/stats?action=reset. */
export function reset(world: World): void {
  counted.delete(world.objects);
}

/** GET …/rules/{}/statistics. The counters are one level down, under `statistics`. */
export function ruleStatistics(world: World, rulePath: string) {
  const rule = world.objects.get(rulePath);
  return answer(rule ? countersOfRule(world, rule, mostSessions(world)) : undefined);
}

/** GET …/security-policies/{}/statistics: every rule of the policy, in one list per enforcement point. */
export function policyStatistics(world: World, policyPath: string) {
  const policy = world.objects.get(policyPath);
  const rules = world.objects
    .children(policyPath)
    .filter(({ resource_type }) => resource_type.endsWith('Rule'));
  const most = mostSessions(world);
  return answer(
    policy && {
      internal_section_id: String(policy['unique_id']),
      result_count: rules.length,
      results: rules.map((rule) => countersOfRule(world, rule, most)),
    },
  );
}

function answer<T>(statistics: T | undefined) {
  const results = statistics === undefined ? [] : [{ enforcement_point: point, statistics }];
  return { results, result_count: results.length };
}

const point = '/infra/sites/default/enforcement-points/default';

/** Popularity is sessions per day of a rule's life, rounded up. */
function countersOfRule(world: World, rule: PolicyObject, most: number) {
  const { hits, packets, bytes, sessions } = countersOf(world).get(rule.path) ?? nothing();
  const age = world.clock.now().getTime() - Number(rule['_create_time'] ?? 0);
  const days = Math.max(1, age / dayMilliseconds);
  return {
    internal_rule_id: String(rule['rule_id']),
    rule: rule.path,
    hit_count: hits,
    packet_count: packets,
    byte_count: bytes,
    session_count: sessions,
    total_session_count: sessions,
    max_session_count: most,
    popularity_index: Math.ceil(sessions / days),
    max_popularity_index: Math.ceil(most / days),
  };
}

function mostSessions(world: World): number {
  let most = 0;
  for (const { sessions } of countersOf(world).values()) most = Math.max(most, sessions);
  return most;
}

function countersOf(world: World): Map<string, Counters> {
  const known = counted.get(world.objects);
  if (known) return known;
  const made = new Map<string, Counters>();
  counted.set(world.objects, made);
  return made;
}

const nothing = (): Counters => ({ hits: 0, packets: 0, bytes: 0, sessions: 0 });
