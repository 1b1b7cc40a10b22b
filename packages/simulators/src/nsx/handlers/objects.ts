import type { Call, Handler, Handlers } from '../call.js';
import { Change, type Write } from '../change.js';
import { parentOf } from '../new-object.js';
import { noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';
import type { PolicyObject } from '../store.js';

/** Objects that are read, listed and written alike: where each is below its domain or tree, and its type. */
const resources: Readonly<Record<string, string>> = {
  '/': 'Infra',
  '/domains/{}': 'Domain',
  '/security-policies/{}': 'SecurityPolicy',
  '/security-policies/{}/rules/{}': 'Rule',
  '/gateway-policies/{}': 'GatewayPolicy',
  '/gateway-policies/{}/rules/{}': 'Rule',
  '/intrusion-service-policies/{}': 'IdsSecurityPolicy',
  '/intrusion-service-policies/{}/rules/{}': 'IdsRule',
  '/redirection-policies/{}': 'RedirectionPolicy',
  '/redirection-policies/{}/rules/{}': 'RedirectionRule',
  '/groups/{}': 'Group',
  '/services/{}': 'Service',
  '/context-profiles/{}': 'PolicyContextProfile',
  '/segments/{}': 'Segment',
  '/segments/{}/ports/{}': 'SegmentPort',
  '/tier-1s/{}': 'Tier1',
  '/tier-1s/{}/segments/{}': 'Segment',
  '/orgs/{}/projects/{}': 'Project',
  '/orgs/{}/projects/{}/vpcs/{}': 'Vpc',
  '/settings/firewall/security': 'DfwFirewallConfiguration',
  '/settings/firewall/security/exclude-list': 'PolicyExcludeList',
  '/settings/firewall/security/intrusion-services': 'IdsSettings',
  '/settings/firewall/security/intrusion-services/profiles/{}': 'IdsProfile',
  '/settings/firewall/security/intrusion-services/signatures/status': 'IdsSignatureStatus',
  '/settings/firewall/security/intrusion-services/signature-versions/{}': 'IdsSignatureVersion',
  '/settings/firewall/security/intrusion-services/cluster-configs/{}': 'IdsClusterConfig',
  '/settings/firewall/security/intrusion-services/ids-standalone-host-config':
    'IdsStandaloneHostConfig',
};

const ruleType = /Rule$/;
const policyType = /Policy$/;

/** Handlers of every resource, in each of the ways the API serves it; a route that the API lacks is never asked. */
export const objectHandlers: Handlers = Object.fromEntries(
  Object.entries(resources).flatMap(([place, type]): [string, Handler][] => [
    [`GET ${place}`, (call) => shown(call, found(call, call.path, type), true)],
    ...(place.endsWith('/{}')
      ? ([[`GET ${place.slice(0, -3)}`, (call) => list(call, type)]] as [string, Handler][])
      : []),
    [`PUT ${place}`, (call) => shown(call, write(call, type, true), true)],
    [`PATCH ${place}`, (call) => void write(call, type, false)],
    [
      `DELETE ${place}`,
      (call) => {
        Change.make(call.world, call.user, call.overwrite, (change) =>
          change.erase(found(call, call.path, type).path),
        );
      },
    ],
  ]),
);

/** The object at a path; 404 when there is none of that type. */
export function found({ world }: Call, path: string, type?: string): PolicyObject {
  const object = world.objects.get(path);
  if (!object || (type !== undefined && object.resource_type !== type)) throw noSuchObject(path);
  return object;
}

function write(call: Call, type: string, replaces: boolean): PolicyObject {
  const how: Write = {
    path: call.path,
    type,
    fields: call.body,
    replaces,
    revision: replaces ? 'must' : 'ignored',
    partial: !replaces && call.partial,
  };
  return Change.make(call.world, call.user, call.overwrite, (change) => change.write(how));
}

function list(call: Call, type: string): unknown {
  const { world, query } = call;
  const parent = parentOf(`${call.path}/x`);
  const isPlace = parent === '/' || parent.includes('/settings/');
  if (!isPlace && !world.objects.get(parent)) throw noSuchObject(parent);
  const below = (object: PolicyObject) =>
    object.parent_path === parent && object.resource_type === type;
  const deleted =
    query['include_mark_for_delete_objects'] === 'true'
      ? world.objects.buried(world.clock.now()).filter(below)
      : [];
  const all = [...world.objects.children(parent, type), ...deleted].filter((each) =>
    chosen(each, query),
  );
  const { results, ...rest } = page(all, query, call.pageCap, ({ id }) => id);
  return { results: results.map((each) => shown(call, each, false)), ...rest };
}

function chosen(object: PolicyObject, query: Call['query']): boolean {
  const isDefault = query['default_service'];
  if (isDefault !== undefined && String(object['is_default'] ?? false) !== isDefault) return false;
  const kind = query['segment_type'];
  return kind === undefined || kind === 'ALL' || kindOf(object) === kind;
}

const kindOf = ({ vlan_ids }: PolicyObject): string =>
  vlan_ids === undefined ? 'OVERLAY' : 'VLAN';

/** An object as it is answered: one policy has its rules in it; in a list it has their number, when asked. */
export function shown({ world, query }: Call, object: PolicyObject, alone: boolean): unknown {
  if (!policyType.test(object.resource_type)) return object;
  const { rule_count: _stored, ...own } = object;
  if (alone) return { ...own, rules: rulesOf(world.objects.children(object.path)) };
  if (query['include_rule_count'] !== 'true') return own;
  return { ...own, rule_count: rulesOf(world.objects.children(object.path)).length };
}

/** The rules among the children of a policy, in the order in which they are evaluated. */
export const rulesOf = (children: readonly PolicyObject[]): PolicyObject[] =>
  children
    .filter(({ resource_type }) => ruleType.test(resource_type))
    .sort((a, b) => Number(a['sequence_number']) - Number(b['sequence_number']));
