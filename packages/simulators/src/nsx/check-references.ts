import { isAddressSet } from './check-group.js';
import type { Fields } from './new-object.js';
import { badPath, invalid } from './nsx-error.js';
import type { PolicyObject } from './store.js';
import type { World } from './world.js';

const places = ['Group', 'Segment', 'SegmentPort', 'Tier0', 'Tier1'];

/** Field -> types of objects that it may name; `ANY` and nothing else, or paths. */
const named: Readonly<Record<string, readonly string[]>> = {
  source_groups: ['Group'],
  destination_groups: ['Group'],
  scope: places,
  services: ['Service'],
  profiles: ['PolicyContextProfile'],
  ids_profiles: ['IdsProfile'],
  members: ['Group'],
};

const ruleLike = /(Rule|Policy|ExcludeList)$/;

/** Checks that everything an object names is there and may be named from where the object is. Throws. */
export function checkReferences(world: World, object: PolicyObject): void {
  if (ruleLike.test(object.resource_type))
    for (const [field, types] of Object.entries(named)) checkField(world, object, field, types);
  for (const path of pathsIn(object['expression'])) {
    if (path === object.path)
      throw invalid(`The group path=[${path}] cannot be a member of itself.`);
    check(world, object, path, undefined);
  }
  for (const entry of (object['service_entries'] ?? []) as readonly Fields[])
    if (typeof entry['nested_service_path'] === 'string')
      check(world, object, entry['nested_service_path'], ['Service']);
}

function checkField(
  world: World,
  object: PolicyObject,
  field: string,
  types: readonly string[],
): void {
  const values = (object[field] ?? []) as readonly string[];
  const isAny = (value: string) => value.toUpperCase() === 'ANY';
  if (values.some(isAny)) {
    if (values.length > 1) throw invalid(`Field ${field}: ANY stands alone.`);
    return;
  }
  const addresses = field.endsWith('_groups');
  for (const value of values)
    if (!(addresses && isAddressSet(value))) check(world, object, value, types);
}

/** Paths in the expressions of a group, nested ones included. */
function pathsIn(expression: unknown): string[] {
  return ((expression ?? []) as readonly Fields[]).flatMap((part) => [
    ...((part['paths'] ?? []) as readonly string[]),
    ...pathsIn(part['expressions']),
  ]);
}

function check(
  world: World,
  from: PolicyObject,
  path: string,
  types: readonly string[] | undefined,
): void {
  const realized = /\/realized-state\/.*\/(virtual-machines|vifs)\/([^/]+)$/.exec(path);
  if (realized && types === undefined) {
    const [, kind, id = ''] = realized;
    if (kind === 'vifs' ? world.fabric.vif(id) : world.fabric.vm(id)) return;
    throw badPath(path);
  }
  const object = world.objects.get(path);
  if (!object || (types && !types.includes(object.resource_type)) || !visible(from, object))
    throw badPath(path);
}

/** The default tree does not see projects; a project sees itself and what the system shares; a VPC sees its project. */
function visible(from: PolicyObject, object: PolicyObject): boolean {
  const [own, other] = [projectOf(from.path), projectOf(object.path)];
  if (own === other) return true;
  const shared = object['_system_owned'] === true || object['is_default'] === true;
  return other === '' && (own === '' || (own.startsWith('/orgs/') && shared));
}

/** `/orgs/default/projects/p`, or nothing for /infra and /global-infra. */
const projectOf = (path: string): string => /^\/orgs\/[^/]+\/projects\/[^/]+/.exec(path)?.[0] ?? '';
