import { ApiError } from '@vmware/clients/http';
import type { Reference, Rule, SecurityPolicy } from '@vmware/clients/nsx';
import { readExcludeList } from './capture.js';
import { type Place, targetOf } from './objects.js';

/** What refers to a group: each is a reason not to delete it. What could not be asked is unmeasured. */
export interface References {
  readonly blockers: string[];
  readonly unmeasured: string[];
}

type Finding = readonly string[];

/**
 * Everything that uses a group: firewall rules, through groups that hold it too (group-service-associations),
 * parent groups (group-associations), the exclude list, and policies that other services keep to themselves.
 */
export async function referencesTo(place: Place, path: string): Promise<References> {
  const { scope } = place;
  const found = await Promise.all([
    measured('which firewall rules use it', () => serviceReferences(place, path)),
    measured('which groups hold it', () => parentGroups(place, path)),
    measured('whether it is on the exclude list', () => exclusions(place, path)),
    measured('which policies are applied to it', () => appliedPolicies(place, path)),
    ...(scope.kind === 'default' || scope.kind === 'project'
      ? [
          measured('which IDS rules use it', () =>
            ruleUses(place, path, 'intrusion-service-policies', 'IDS rule'),
          ),
        ]
      : []),
    measured('which gateway rules use it', () =>
      ruleUses(place, path, 'gateway-policies', 'gateway rule'),
    ),
    ...(scope.kind === 'default'
      ? [
          measured('which redirection rules use it', () =>
            ruleUses(place, path, 'redirection-policies', 'redirection rule'),
          ),
        ]
      : []),
  ]);
  return {
    blockers: [...new Set(found.flatMap(({ blockers }) => blockers))],
    unmeasured: found.flatMap(({ unmeasured }) => unmeasured),
  };
}

/** Not being able to ask is not "none". */
async function measured(what: string, ask: () => Promise<Finding>): Promise<References> {
  try {
    return { blockers: [...(await ask())], unmeasured: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'CANCELLED') throw error;
    return { blockers: [], unmeasured: [`${what} (${error.message})`] };
  }
}

const named = ({ path, target_display_name, target_id }: Reference): string =>
  `${target_display_name ?? target_id ?? 'something'} (${path ?? target_id ?? 'unknown path'})`;

async function serviceReferences(place: Place, path: string): Promise<Finding> {
  const found = await place.nsx.list<Reference>(
    targetOf(place, `${place.scope.infra}/group-service-associations`),
    { query: { intent_path: path }, signal: place.signal },
  );
  return found.map((reference) => `It is used by ${named(reference)}.`);
}

async function parentGroups(place: Place, path: string): Promise<Finding> {
  const found = await place.nsx.list<Reference>(
    targetOf(place, `${place.scope.associations}/group-associations`),
    { query: { intent_path: path }, signal: place.signal },
  );
  return found.map((reference) => `It is a member of the group ${named(reference)}.`);
}

async function exclusions(place: Place, path: string): Promise<Finding> {
  const list = await readExcludeList(place);
  if (list === null)
    throw new ApiError('NO_PERMISSION', 'the exclude list cannot be read', {
      remedy: 'Ask an NSX administrator for the role auditor or more.',
    });
  return list.members.includes(path) ? ['It is on the exclude list of the firewall.'] : [];
}

async function appliedPolicies(place: Place, path: string): Promise<Finding> {
  const policies = await place.nsx.list<SecurityPolicy>(
    targetOf(place, `${place.scope.domain}/security-policies`),
    { signal: place.signal },
  );
  return policies
    .filter(({ scope = [] }) => scope.includes(path))
    .map(({ display_name, id }) => `The policy ${display_name ?? id} (${id}) is applied to it.`);
}

/** Rules of one service's policies that name the group as source, destination or scope. */
async function ruleUses(place: Place, path: string, list: string, noun: string): Promise<Finding> {
  const { nsx, scope, signal } = place;
  const policies = await nsx.list<SecurityPolicy>(targetOf(place, `${scope.domain}/${list}`), {
    signal,
  });
  const rules = await Promise.all(
    policies.map((policy) => nsx.list<Rule>(targetOf(place, `${policy.path}/rules`), { signal })),
  );
  return rules
    .flat()
    .filter(({ source_groups = [], destination_groups = [], scope: applied = [] }) =>
      [...source_groups, ...destination_groups, ...applied].includes(path),
    )
    .map(
      ({ display_name, id, path: rule }) =>
        `It is used by the ${noun} ${display_name ?? id} (${rule}).`,
    );
}
