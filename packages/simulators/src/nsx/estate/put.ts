import { type Fields, newObject } from '../new-object.js';
import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';

export type { Fields };

/** An estate is as old as the machines of the inventory: rules that are never hit have had time to be. */
const ageMilliseconds = 90 * 86_400_000;

/** Puts a complete object at a path. The system made what it owns; an administrator the rest. */
export function put(world: World, type: string, path: string, fields: Fields = {}): PolicyObject {
  const user = fields['_system_owned'] === true ? 'system' : 'admin';
  const made = world.clock.now().getTime() - ageMilliseconds;
  const times = { _create_time: made, _last_modified_time: made };
  const object = newObject(world, path, type, { ...times, ...fields }, user);
  world.objects.set(object);
  return object;
}

/** A rule as an estate writes it: sequence numbers follow from the order. */
export interface RuleFields extends Fields {
  readonly id: string;
}

/** Puts a policy with its rules, of the type that belongs to the policy. */
export function putPolicy(
  world: World,
  type: keyof typeof ruleTypes,
  path: string,
  fields: Fields,
  rules: readonly RuleFields[],
): PolicyObject {
  const policy = put(world, type, path, { ...fields, rule_count: rules.length });
  for (const [at, { id, ...rule }] of rules.entries())
    put(world, ruleTypes[type], `${path}/rules/${id}`, { sequence_number: (at + 1) * 10, ...rule });
  return policy;
}

const ruleTypes = {
  SecurityPolicy: 'Rule',
  GatewayPolicy: 'Rule',
  IdsSecurityPolicy: 'IdsRule',
  RedirectionPolicy: 'RedirectionRule',
} as const;
