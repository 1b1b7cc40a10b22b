import { ApiError } from '@vmware/clients/http';
import type { Reference, Rule, SecurityPolicy } from '@vmware/clients/nsx';
import { readExclusions } from './exclusions.js';
import { inUrl, type Place, targetOf } from './objects.js';

/** What refers to a group: each is a reason not to delete it. What could not be asked is unmeasured. */
export interface References {
  readonly blockers: string[];
  readonly unmeasured: string[];
}

/** One thing that uses a group. */
interface Use {
  readonly path: string;
  readonly sentence: string;
}

/**
 * Everything that uses a group: firewall rules, through groups that hold it too (group-service-associations),
 * parent groups (group-associations), the exclude list, and policies that other services keep to themselves.
 */
export async function referencesTo(place: Place, path: string): Promise<References> {
  const { kind } = place.scope;
  const inRules = (list: string, noun: string) =>
    measured(`which ${noun}s use it`, () => ruleUses(place, path, list, noun));
  const found = await Promise.all([
    measured('which firewall rules use it', () => serviceReferences(place, path)),
    measured('which groups hold it', () => holders(place, path)),
    measured('whether it is on the exclude list', () => exclusions(place, path)),
    measured('which policies are applied to it', () => appliedPolicies(place, path)),
    ...(kind === 'default' || kind === 'project'
      ? [inRules('intrusion-service-policies', 'IDS rule')]
      : []),
    inRules('gateway-policies', 'gateway rule'),
    ...(kind === 'default' ? [inRules('redirection-policies', 'redirection rule')] : []),
  ]);
  // What two answers tell of is told once, in the words of the one that knows more.
  const uses = new Map(found.flatMap((each) => each.uses.map((use) => [use.path, use.sentence])));
  return {
    blockers: [...uses.values()],
    unmeasured: found.flatMap(({ unmeasured }) => unmeasured),
  };
}

interface Measured {
  readonly uses: readonly Use[];
  readonly unmeasured: readonly string[];
}

/** Not being able to ask is not "none". */
async function measured(what: string, ask: () => Promise<readonly Use[]>): Promise<Measured> {
  try {
    return { uses: await ask(), unmeasured: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'CANCELLED') throw error;
    return { uses: [], unmeasured: [`${what} (${error.message})`] };
  }
}

function useBy(how: string, { path, target_display_name, target_id }: Reference): Use {
  const where = path ?? target_id ?? 'unknown path';
  const name = target_display_name ?? target_id ?? 'something';
  return { path: where, sentence: `${how} ${name} (${where}).` };
}

async function serviceReferences(place: Place, path: string): Promise<Use[]> {
  const found = await place.nsx.list<Reference>(
    targetOf(place, `${place.scope.infra}/group-service-associations`),
    { query: { intent_path: path }, signal: place.signal },
  );
  return found.map((reference) => useBy('It is used by', reference));
}

/** Groups that hold a group, and groups that hold those. */
export const parentGroups = (place: Place, path: string): Promise<Reference[]> =>
  place.nsx.list<Reference>(targetOf(place, `${place.scope.associations}/group-associations`), {
    query: { intent_path: path },
    signal: place.signal,
  });

const holders = async (place: Place, path: string): Promise<Use[]> =>
  (await parentGroups(place, path)).map((group) => useBy('It is a member of the group', group));

async function exclusions(place: Place, path: string): Promise<Use[]> {
  // Members that only the system's own view shows are the system's groups, which nobody deletes.
  const { list } = await readExclusions(place);
  if (!list.members.includes(path)) return [];
  return [{ path: 'exclude-list', sentence: 'It is on the exclude list of the firewall.' }];
}

async function appliedPolicies(place: Place, path: string): Promise<Use[]> {
  const policies = await place.nsx.list<SecurityPolicy>(
    targetOf(place, `${place.scope.domain}/security-policies`),
    { signal: place.signal },
  );
  return policies
    .filter(({ scope = [] }) => scope.includes(path))
    .map(({ display_name, id, path: policy }) => ({
      path: policy,
      sentence: `The policy ${display_name ?? id} (${policy}) is applied to it.`,
    }));
}

/** Rules of one service's policies that name the group as source, destination or scope. */
async function ruleUses(place: Place, path: string, list: string, noun: string): Promise<Use[]> {
  const { nsx, scope, signal } = place;
  const policies = await nsx.list<SecurityPolicy>(targetOf(place, `${scope.domain}/${list}`), {
    signal,
  });
  const rules = await Promise.all(
    policies.map((policy) =>
      nsx.list<Rule>(targetOf(place, `${inUrl(policy.path)}/rules`), { signal }),
    ),
  );
  return rules
    .flat()
    .filter(({ source_groups = [], destination_groups = [], scope: applied = [] }) =>
      [...source_groups, ...destination_groups, ...applied].includes(path),
    )
    .map(({ display_name, id, path: rule }) =>
      useBy(`It is used by the ${noun}`, { path: rule, target_display_name: display_name ?? id }),
    );
}
