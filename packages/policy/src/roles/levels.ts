import type { Caller } from '../call.js';
import { anyGlob } from '../rules/match.js';
import type { Role, RuleSet } from '../rules/rule-set.js';
import { type Level, levels } from '../tool.js';

/**
 * Who is known before any file says so: `local` trusts the operating system's user, as stdio and a terminal
 * do; `groups` trusts only the groups of a token, as HTTP does.
 */
export type Trust = 'local' | 'groups';

/** Groups an identity provider may name, and the level each gives when the file has no roles of its own. */
export const knownGroups: ReadonlyMap<string, Level> = new Map([
  ['vsphere-readers', 'read_only'],
  ['vsphere-operators', 'power_ops'],
  ['vsphere-admins', 'vm_lifecycle'],
  ['vsphere-host-admins', 'host_admin'],
  ['vsphere-super-admins', 'full_admin'],
]);

/** Names of the roles a caller has. */
export const rolesOf = (set: RuleSet, caller: Caller): string[] =>
  (set.roles ?? []).filter((role) => has(role, caller)).map(({ name }) => name);

/** A user or a group of the caller names the person; agents and surfaces narrow where the role holds. */
function has({ users, groups, agents, surfaces }: Role, caller: Caller): boolean {
  const text = (value: string) => value.normalize('NFC');
  const named =
    (users === undefined && groups === undefined) ||
    anyGlob(users ?? [])(text(caller.user)) ||
    caller.groups.map(text).some(anyGlob(groups ?? []));
  return (
    named &&
    (agents === undefined || anyGlob(agents)(text(caller.agent))) &&
    (surfaces === undefined || surfaces.includes(caller.surface))
  );
}

/** The highest level among the named roles. */
export const levelOfRoles = (set: RuleSet, names: readonly string[]): Level | undefined =>
  highest((set.roles ?? []).filter(({ name }) => names.includes(name)).map(({ level }) => level));

/** The caller's level, or undefined for nothing at all. A roles section replaces what is known otherwise. */
export function levelOf(set: RuleSet, caller: Caller, trust: Trust): Level | undefined {
  if (set.roles) return levelOfRoles(set, rolesOf(set, caller));
  if (trust === 'local') return 'full_admin';
  return highest(caller.groups.flatMap((group) => knownGroups.get(group) ?? []));
}

const highest = (found: readonly Level[]): Level | undefined =>
  levels.findLast((level) => found.includes(level));
