import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { AddressSet, canonical } from './addresses.js';
import { interfaceMatches, isKnown, objectMatches } from './condition.js';
import { isRecord, records, text, texts } from './fields.js';
import { type Interface, interfacesOf } from './interfaces.js';
import { scopeOf } from './scope.js';
import { cachedByWorld } from './world-cache.js';

/** The effective members of a group. */
export interface Members {
  /** External ids. */
  readonly vms: string[];
  /** The addresses, prefixes and ranges of the group, then the addresses of its members. */
  readonly ips: string[];
  /** External ids. */
  readonly vifs: string[];
  /** The group also names users, pods or others the simulation does not have. */
  readonly unknown: boolean;
}

type Expression = Readonly<Record<string, unknown>>;

const cache = cachedByWorld(() => new Map<string, Members>());

/** Effective members of a group, of none when there is no such group. */
export function membersOf(world: World, groupPath: string): Members {
  const known = cache(world).get(groupPath);
  if (known) return known;
  const members = interfacesOf(world).all.filter((each) => isMember(world, groupPath, each));
  const left = excludedAddresses(world, groupPath);
  const own = ownAddresses(world, groupPath);
  const found: Members = {
    vms: [...new Set(members.map(({ vm }) => vm.external_id))],
    ips: [
      ...new Set([
        ...own,
        ...members.flatMap(({ addresses }) => addresses.filter((each) => !left.has(each))),
      ]),
    ],
    vifs: members.flatMap(({ vif }) => (vif ? [vif.external_id] : [])),
    unknown: hasUnknown(world, groupPath),
  };
  cache(world).set(groupPath, found);
  return found;
}

/** Whether a machine, at an interface, is an effective member of a group. `inside` holds the groups it is asked within: a cycle adds nobody. */
export function isMember(
  world: World,
  groupPath: string,
  each: Interface,
  inside: readonly string[] = [],
): boolean {
  const group = world.objects.get(groupPath);
  if (group?.resource_type !== 'Group' || inside.includes(groupPath)) return false;
  const scope = scopeOf(groupPath);
  if (scope !== '' && !each.segment?.path.startsWith(`${scope}/`)) return false;
  return anyOfAll(records(group['expression']), (expression) =>
    expressionMatches(world, expression, group, each, [...inside, groupPath]),
  );
}

/** Whether traffic from or to an address is traffic of a group: rules are realized as the addresses of members. */
export function hasAddress(world: World, groupPath: string, address: string): boolean {
  if (addressSet(world, groupPath).has(address)) return true;
  if (excludedAddresses(world, groupPath).has(address)) return false;
  const holders = interfacesOf(world).byAddress.get(canonical(address)) ?? [];
  return holders.some((each) => isMember(world, groupPath, each));
}

/** Groups a group contains: by path, and by conditions on groups. */
export function childGroups(world: World, group: PolicyObject): string[] {
  return flat(group).flatMap((expression) => {
    if (expression['resource_type'] === 'PathExpression') return texts(expression['paths']);
    if (expression['resource_type'] !== 'Condition' || expression['member_type'] !== 'Group')
      return [];
    return groupsThatMatch(world, expression, group).map(({ path }) => path);
  });
}

/**
 * AND binds tighter than OR. The console makes criteria of conditions joined by AND and joins criteria with OR
 * (NSX administration guide, "Add a group"), and writes them in one row.
 */
function anyOfAll(
  row: readonly Expression[],
  matches: (expression: Expression) => boolean,
): boolean {
  const criteria: Expression[][] = [[]];
  for (const each of row) {
    if (each['resource_type'] !== 'ConjunctionOperator') criteria.at(-1)?.push(each);
    else if (each['conjunction_operator'] === 'OR') criteria.push([]);
  }
  return criteria.some((criterion) => criterion.length > 0 && criterion.every(matches));
}

function expressionMatches(
  world: World,
  expression: Expression,
  group: PolicyObject,
  each: Interface,
  inside: readonly string[],
): boolean {
  switch (expression['resource_type']) {
    case 'Condition':
      if (pathsOf(expression, 'path_expression').some((path) => isAt(each, path))) return false;
      return expression['member_type'] === 'Group'
        ? groupsThatMatch(world, expression, group).some(({ path }) =>
            isMember(world, path, each, inside),
          )
        : interfaceMatches(expression, each);
    case 'NestedExpression':
      return anyOfAll(records(expression['expressions']), (nested) =>
        expressionMatches(world, nested, group, each, inside),
      );
    case 'PathExpression':
      return texts(expression['paths']).some(
        (path) => isAt(each, path) || isMember(world, path, each, inside),
      );
    case 'ExternalIDExpression':
      return texts(expression['external_ids']).includes(
        (expression['member_type'] === 'VirtualNetworkInterface'
          ? each.vif?.external_id
          : each.vm.external_id) ?? '',
      );
    default:
      return false; // addresses make no machine a member
  }
}

/** Whether an interface is what a path names: its port, its segment, itself or its machine. */
function isAt({ vm, vif, port, segment }: Interface, path: string): boolean {
  return (
    path === port?.path ||
    path === segment?.path ||
    path.endsWith(`/virtual-machines/${vm.external_id}`) ||
    (vif !== undefined && path.endsWith(`/vifs/${vif.external_id}`))
  );
}

function groupsThatMatch(world: World, condition: Expression, group: PolicyObject): PolicyObject[] {
  return world.objects
    .children(group.parent_path, 'Group')
    .filter((other) => other.path !== group.path && objectMatches(condition, other));
}

/** What an `exclude` beside a condition lists. */
function pathsOf(condition: Expression, kind: 'path_expression'): string[] {
  const exclude = condition['exclude'];
  const listed = isRecord(exclude) ? exclude[kind] : undefined;
  return isRecord(listed) ? texts(listed['paths']) : [];
}

/** The expressions of a group, those of nested ones included. */
function flat(group: PolicyObject): Expression[] {
  const open = (row: Expression[]): Expression[] =>
    row.flatMap((each) => [each, ...open(records(each['expressions']))]);
  return open(records(group['expression']));
}

/** A group and every group inside it. */
function withInner(world: World, groupPath: string): PolicyObject[] {
  const found = new Map<string, PolicyObject>();
  const open = [groupPath];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const group = world.objects.get(path);
    if (group?.resource_type !== 'Group' || found.has(path)) continue;
    found.set(path, group);
    open.push(...childGroups(world, group));
  }
  return [...found.values()];
}

function ownAddresses(world: World, groupPath: string): string[] {
  return withInner(world, groupPath)
    .flatMap(flat)
    .filter((each) => each['resource_type'] === 'IPAddressExpression')
    .flatMap((each) => texts(each['ip_addresses']));
}

const addressSets = cachedByWorld(() => new Map<string, AddressSet>());

function addressSet(world: World, groupPath: string): AddressSet {
  const known = addressSets(world).get(groupPath);
  if (known) return known;
  const made = new AddressSet(ownAddresses(world, groupPath));
  addressSets(world).set(groupPath, made);
  return made;
}

function excludedAddresses(world: World, groupPath: string): AddressSet {
  const group = world.objects.get(groupPath);
  const listed = group ? flat(group).map((each) => each['exclude']) : [];
  return new AddressSet(
    listed
      .filter(isRecord)
      .map((exclude) => exclude['ip_address_expression'])
      .filter(isRecord)
      .flatMap((addresses) => texts(addresses['ip_addresses'])),
  );
}

function hasUnknown(world: World, groupPath: string): boolean {
  const external = new Set(['CloudNativeServiceInstance', 'PhysicalServer']);
  return withInner(world, groupPath).some(
    (group) =>
      records(group['extended_expression']).length > 0 ||
      flat(group).some((each) => {
        if (each['resource_type'] === 'IdentityGroupExpression') return true;
        if (each['resource_type'] === 'Condition') return !isKnown(each);
        return external.has(text(each['member_type']));
      }),
  );
}
