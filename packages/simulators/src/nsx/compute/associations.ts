import type { World } from '../world.js';
import { AddressSet, canonical } from './addresses.js';
import { type Interface, interfacesOf } from './interfaces.js';
import { append } from './lists.js';
import { childGroups, hasAddress, isMember } from './members.js';
import { type Reference, referencesTo, referenceTo } from './references.js';
import { cachedByWorld } from './world-cache.js';

/** Groups below a scope (`/infra`, a project's infra, a VPC) a machine is a member of, at any of its interfaces. */
export function groupsOfVm(world: World, externalId: string, scopeBase: string): Reference[] {
  return groupsWith(world, scopeBase, interfacesOf(world).byVm.get(externalId) ?? []);
}

export function groupsOfVif(world: World, vifId: string, scopeBase: string): Reference[] {
  const at = interfacesOf(world).all.filter(({ vif }) => vif?.external_id === vifId);
  return groupsWith(world, scopeBase, at);
}

/** Groups an address is in: listed, or held by a member. */
export function groupsOfIp(world: World, address: string, scopeBase: string): Reference[] {
  const asked = canonical(address);
  if (!new AddressSet([asked]).has(asked)) return [];
  return groupsBelow(world, scopeBase)
    .filter(({ path }) => hasAddress(world, path, asked))
    .map(referenceTo);
}

/** Groups that contain an object, in groups that contain those, and so on: GET /infra/group-associations. */
export function parentGroups(world: World, path: string): Reference[] {
  return ancestors(world, path).flatMap((parent) => {
    const group = world.objects.get(parent);
    return group ? [referenceTo(group)] : [];
  });
}

/** Policies and rules that a group takes part in, by itself or in a group around it: GET /infra/group-service-associations. */
export function serviceReferencesTo(world: World, groupPath: string): Reference[] {
  const found = [groupPath, ...ancestors(world, groupPath)]
    .flatMap((path) => referencesTo(world, path))
    .filter(({ target_type }) => /(?:Rule|Policy)$/.test(target_type));
  return [...new Map(found.map((reference) => [reference.path, reference])).values()];
}

function groupsWith(world: World, scopeBase: string, at: readonly Interface[]): Reference[] {
  return groupsBelow(world, scopeBase)
    .filter(({ path }) => at.some((each) => isMember(world, path, each)))
    .map(referenceTo);
}

const groupsBelow = (world: World, scopeBase: string) =>
  world.objects.ofType('Group').filter(({ path }) => {
    const rest = path.startsWith(`${scopeBase}/`) ? path.slice(scopeBase.length) : '';
    return rest.startsWith('/domains/') || rest.startsWith('/groups/');
  });

/** Member -> groups that name it. */
const containers = cachedByWorld((world) => {
  const found = new Map<string, string[]>();
  for (const group of world.objects.ofType('Group'))
    for (const member of childGroups(world, group)) append(found, member, group.path);
  return found;
});

function ancestors(world: World, path: string): string[] {
  const found = new Set<string>();
  const open = [path];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const parent of containers(world).get(at) ?? [])
      if (parent !== path && !found.has(parent)) {
        found.add(parent);
        open.push(parent);
      }
  return [...found];
}
