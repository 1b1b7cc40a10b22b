import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultPage, Rule } from '@vmware/clients/nsx';
import * as z from 'zod';
import { orNull } from './capture.js';
import { type Place, targetOf } from './objects.js';

const text = z.string().nullable();

/** What a trace found, as every tool shows it. */
export const traceResult = {
  traceflow_id: z.string(),
  operation_state: z.string(),
  request_status: text,
  verdict: z.enum(['delivered', 'dropped', 'unknown']),
  observation_count: z.int(),
  observations: z.array(
    z.object({
      sequence_no: z.int().nullable(),
      resource_type: z.string(),
      component: text,
      component_type: text,
      transport_node: text,
      reason: text,
      acl_rule_id: z.int().nullable(),
    }),
  ),
  dfw_hits: z.array(
    z.object({
      component: text,
      acl_rule_id: z.int(),
      rule: text,
      rule_path: text,
      policy: text,
      action: text,
      outcome: z.enum(['forwarded', 'dropped']),
    }),
  ),
  analysis: z.array(z.string()),
};

interface Status {
  readonly operation_state?: string;
  readonly request_status?: string;
  readonly analysis?: readonly string[];
}
interface Observation {
  readonly resource_type?: string;
  readonly component_name?: string;
  readonly component_type?: string;
  readonly transport_node_name?: string;
  readonly sequence_no?: number;
  readonly reason?: string;
  readonly acl_rule_id?: number;
  readonly acl_rule_path?: string;
}

/** Milliseconds between two looks at a running trace. */
const interval = 1_000;

/** Waits for a trace to end, at least one look and at most `seconds`. Resolves to its state. */
export async function awaitTrace(place: Place, path: string, seconds: number): Promise<string> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const { operation_state = 'UNKNOWN' } = await place.nsx.get<Status>(
      targetOf(place, `${path}/status`),
      { signal: place.signal },
    );
    const left = until - performance.now();
    if (operation_state !== 'IN_PROGRESS' || left <= 0) return operation_state;
    await sleep(Math.min(interval, left, 50 + (seconds * 1000 - left) / 4), undefined, {
      signal: place.signal,
    });
  }
}

/** Status and observations of a trace, in sequence, with the rules that judged the packet by name. */
export async function readTrace(place: Place, path: string, id: string) {
  const { nsx, signal } = place;
  const status = await nsx.get<Status>(targetOf(place, `${path}/status`), { signal });
  const { results = [] } = await nsx.get<ResultPage<Observation>>(
    targetOf(place, `${path}/observations`),
    { signal },
  );
  const observations = results.toSorted((a, b) => (a.sequence_no ?? 0) - (b.sequence_no ?? 0));
  const kinds = observations.map(({ resource_type = '' }) => resource_type);
  return {
    traceflow_id: id,
    operation_state: status.operation_state ?? 'UNKNOWN',
    request_status: status.request_status ?? null,
    verdict: kinds.some((kind) => kind.includes('Dropped'))
      ? ('dropped' as const)
      : kinds.some((kind) => kind.includes('Delivered'))
        ? ('delivered' as const)
        : ('unknown' as const),
    observation_count: observations.length,
    observations: observations.map((one) => ({
      sequence_no: one.sequence_no ?? null,
      resource_type: one.resource_type ?? 'unknown',
      component: one.component_name ?? null,
      component_type: one.component_type ?? null,
      transport_node: one.transport_node_name ?? null,
      reason: one.reason ?? null,
      acl_rule_id: one.acl_rule_id ?? null,
    })),
    dfw_hits: await hits(place, observations),
    analysis: [...(status.analysis ?? [])],
  };
}

/** Firewall decisions along the way. A drop names its rule too; its `reason` is not an action. */
async function hits(place: Place, observations: readonly Observation[]) {
  const decided = observations.filter(
    ({ component_type, acl_rule_id }) => component_type === 'DFW' && acl_rule_id !== undefined,
  );
  const byId = new Map<number, Rule | null>();
  for (const { acl_rule_id = 0, acl_rule_path } of decided)
    if (!byId.has(acl_rule_id))
      byId.set(acl_rule_id, await ruleOf(place, acl_rule_id, acl_rule_path));
  return decided.map(({ component_name, acl_rule_id = 0, acl_rule_path, resource_type = '' }) => {
    const rule = byId.get(acl_rule_id);
    const path = rule?.path ?? acl_rule_path ?? null;
    return {
      component: component_name ?? null,
      acl_rule_id,
      rule: rule?.display_name ?? rule?.id ?? null,
      rule_path: path,
      policy: path?.match(/\/security-policies\/([^/]+)\//)?.[1] ?? null,
      action: rule?.action ?? null,
      outcome: resource_type.includes('Dropped') ? ('dropped' as const) : ('forwarded' as const),
    };
  });
}

/** By its path where the observation has one (4.x), by its number otherwise. */
async function ruleOf(
  place: Place,
  number: number,
  path: string | undefined,
): Promise<Rule | null> {
  const { nsx, signal } = place;
  if (path !== undefined) return orNull(nsx.get<Rule>(targetOf(place, path), { signal }));
  const found = await orNull(
    nsx.list<Rule>('/policy/api/v1/search/query', {
      query: { query: `resource_type:Rule AND rule_id:${number}` },
      signal,
    }),
  );
  return found?.find(({ rule_id }) => rule_id === number) ?? null;
}
