import { randomUUID } from 'node:crypto';
import { withParts } from './parts.js';
import type { PolicyObject } from './store.js';
import type { World } from './world.js';

export type Fields = Readonly<Record<string, unknown>>;

const any = ['ANY'];

const firewallPolicy: Fields = {
  sequence_number: 0,
  internal_sequence_number: 0,
  scope: any,
  locked: false,
  stateful: true,
  is_default: false,
  rule_count: 0,
};

const firewallRule: Fields = {
  sequence_number: 0,
  source_groups: any,
  destination_groups: any,
  services: any,
  scope: any,
  direction: 'IN_OUT',
  ip_protocol: 'IPV4_IPV6',
  sources_excluded: false,
  destinations_excluded: false,
  disabled: false,
  logged: false,
  is_default: false,
};

/** What a field holds when a client leaves it out. */
const defaults: Readonly<Record<string, Fields>> = {
  SecurityPolicy: { category: 'Application', tcp_strict: false, ...firewallPolicy },
  GatewayPolicy: { category: 'LocalGatewayRules', tcp_strict: false, ...firewallPolicy },
  IdsSecurityPolicy: { category: 'ThreatRules', ...firewallPolicy },
  RedirectionPolicy: firewallPolicy,
  Rule: { profiles: any, ...firewallRule },
  IdsRule: firewallRule,
  RedirectionRule: firewallRule,
  Group: { expression: [], extended_expression: [], reference: false },
  Service: { service_entries: [], is_default: false },
  Segment: { admin_state: 'UP' },
  SegmentPort: { admin_state: 'UP' },
  TraceflowConfig: { timeout: 10, is_transient: true },
  DfwFirewallConfiguration: { enable_firewall: true, disable_auto_drafts: false },
  PolicyExcludeList: { members: [] },
};

/** A rule on layer 2 is about no version of IP. */
function defaultsOf(world: World, resourceType: string, path: string): Fields | undefined {
  const given = defaults[resourceType];
  if (resourceType !== 'Rule' || !given) return given;
  if (world.objects.get(parentOf(path))?.['category'] !== 'Ethernet') return given;
  const { ip_protocol: _, ...rest } = given;
  return rest;
}

/** Fields that only the manager writes: it ignores what a client sends in them. */
export const readOnly: ReadonlySet<string> = new Set([
  '_create_time',
  '_create_user',
  '_last_modified_time',
  '_last_modified_user',
  '_links',
  '_protection',
  '_revision',
  '_schema',
  '_self',
  '_system_owned',
  'children',
  'default_rule_id',
  'id',
  'internal_sequence_number',
  'is_default',
  'lock_modified_by',
  'lock_modified_time',
  'marked_for_delete',
  'origin_site_id',
  'overridden',
  'owner_id',
  'parent_path',
  'path',
  'realization_id',
  'reference',
  'relative_path',
  'remote_path',
  'rule_count',
  'rule_id',
  'state',
  'unique_id',
]);

/**
 * The path an object of this path is found below: `/infra` of `/infra/services/x`. Settings and bulk operations on
 * tags are below the tree itself.
 */
export function parentOf(path: string): string {
  const project = /^(\/orgs\/[^/]+\/projects\/[^/]+)\/infra$/.exec(path)?.[1];
  if (project) return project;
  const tree = inTree.exec(path)?.[1];
  if (tree && !path.includes('/intrusion-services/profiles/')) return tree;
  return path.split('/').slice(0, -2).join('/') || '/';
}

/** Settings and tags of a tree. */
const inTree =
  /^(\/infra|\/global-infra|\/orgs\/[^/]+\/projects\/[^/]+\/infra)\/(?:settings|tags)\//;

/**
 * A complete object from some of its fields: defaults, times, ids, and the number of a rule. Fields that are
 * given win, so an estate can plant `_system_owned` or `rule_id`. It is not stored yet.
 */
export function newObject(
  world: World,
  path: string,
  resourceType: string,
  fields: Fields = {},
  user = 'system',
): PolicyObject {
  const id = path.slice(path.lastIndexOf('/') + 1);
  const now = world.clock.now().getTime();
  const unique = randomUUID();
  const numbered = resourceType.endsWith('Rule') && typeof fields['rule_id'] !== 'number';
  return withParts({
    ...defaultsOf(world, resourceType, path),
    display_name: id,
    unique_id: unique,
    realization_id: unique,
    owner_id: '5b1d9b8c-5c1c-4a52-9d8b-6f0e4b1a7c11',
    marked_for_delete: false,
    overridden: false,
    _create_time: now,
    _create_user: user,
    _last_modified_time: now,
    _last_modified_user: user,
    _system_owned: false,
    _protection: 'NOT_PROTECTED',
    ...(numbered && { rule_id: world.objects.nextRuleId() }),
    ...fields,
    _revision: typeof fields['_revision'] === 'number' ? fields['_revision'] : 0,
    id,
    path,
    parent_path: parentOf(path),
    relative_path: id,
    resource_type: resourceType,
  });
}

/**
 * An object after a change by a user. What the change leaves out is reset to its default, or kept when `partial`;
 * what only the manager writes is kept, and so is the category of a policy.
 */
export function changed(
  world: World,
  before: PolicyObject,
  fields: Fields,
  user: string,
  partial = false,
): PolicyObject {
  const kept = Object.entries(before).filter(([field]) => partial || fixed.has(field));
  return withParts({
    ...defaultsOf(world, before.resource_type, before.path),
    display_name: before.id,
    ...Object.fromEntries(kept),
    ...fields,
    id: before.id,
    path: before.path,
    parent_path: before.parent_path,
    relative_path: before.relative_path,
    resource_type: before.resource_type,
    _revision: before._revision + 1,
    _last_modified_time: world.clock.now().getTime(),
    _last_modified_user: user,
  });
}

const fixed: ReadonlySet<string> = new Set([...readOnly, 'category']);
