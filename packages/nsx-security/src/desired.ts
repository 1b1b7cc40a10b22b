import { type Group, type PolicyObject, type Scope, segment } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import { parseIps } from './dfw/index.js';
import type { Snapshot } from './dfw/snapshot.js';
import { expressionOf } from './expressions.js';
import type { DfwPlan, PlannedRule } from './plan-file.js';
import type { Wanted } from './reconcile.js';
import { entriesOf } from './service-entries.js';

/** What a plan asks for, as NSX objects: each declared field over what is there, every name found. */
export function desiredBy(plan: DfwPlan, live: Snapshot, scope: Scope): Wanted[] {
  const paths = new Paths(plan, live, scope);
  const known = new Map<string, PolicyObject>([
    ...live.services.map((one) => [one.path, one] as const),
    ...live.groups.map((one) => [one.path, one] as const),
    ...live.policies.map(({ rules: _, ...one }) => [one.path, one] as const),
    ...live.policies.flatMap(({ rules }) => rules.map((one) => [one.path, one] as const)),
  ]);
  const over = (
    kind: Wanted['kind'],
    path: string,
    id: string,
    { display_name, ...fields }: Readonly<Record<string, unknown>>,
  ): Wanted => {
    const there = known.get(path);
    return {
      kind,
      path,
      id,
      fields: {
        ...there,
        display_name: display_name ?? there?.display_name ?? id,
        ...defined(fields),
      },
    };
  };
  const rulesOf = (policy: string, rules: readonly PlannedRule[]): Wanted[] => {
    const declared = new Set(rules.map(({ id }) => `${policy}/rules/${checked(id)}`));
    const others = (live.policies.find(({ path }) => path === policy)?.rules ?? []).filter(
      ({ path, is_default }) => !declared.has(path) && !is_default,
    );
    return [
      ...rules.map((rule, at) =>
        over('Rule', `${policy}/rules/${checked(rule.id)}`, rule.id, ruleFields(rule, at, paths)),
      ),
      ...others.map(({ path, id }): Wanted => ({ kind: 'Rule', path, id, fields: null })),
    ];
  };
  return [
    ...plan.services.map(({ id, entries, ...fields }) =>
      over('Service', paths.service(id), id, { ...fields, service_entries: entriesOf(entries) }),
    ),
    ...plan.groups.map(({ id, display_name, description, ...members }) =>
      over('Group', paths.group(id), id, {
        display_name,
        description,
        ...groupFields(members, paths),
      }),
    ),
    ...plan.policies.flatMap(({ id, rules, scope: applied, ...fields }) => {
      const path = `${scope.domain}/security-policies/${checked(id)}`;
      const isNew = !known.has(path);
      const own = over('SecurityPolicy', path, id, {
        ...fields,
        ...(isNew && { category: fields.category ?? 'Application' }),
        ...(isNew && { sequence_number: fields.sequence_number ?? 10 }),
        ...(applied && { scope: applied.map((word) => paths.applied(word)) }),
      });
      return [own, ...(rules ? rulesOf(path, rules) : [])];
    }),
    ...plan.absent.policies.map((id) =>
      gone('SecurityPolicy', `${scope.domain}/security-policies/${checked(id)}`, id),
    ),
    ...plan.absent.groups.map((id) => gone('Group', paths.group(id), id)),
    ...plan.absent.services.map((id) => gone('Service', paths.service(id), id)),
  ];
}

const gone = (kind: Wanted['kind'], path: string, id: string): Wanted => ({
  kind,
  path,
  id,
  fields: null,
});

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function ruleFields(rule: PlannedRule, at: number, paths: Paths): Record<string, unknown> {
  const { id: _, sources, destinations, services, scope, sequence_number, ...fields } = rule;
  return {
    ...fields,
    source_groups: paths.endpoints(sources, rule.id),
    destination_groups: paths.endpoints(destinations, rule.id),
    services: paths.services(services, rule.id),
    scope: scope ? scope.map((word) => paths.applied(word)) : ['ANY'],
    sequence_number: sequence_number ?? (at + 1) * 10,
  };
}

type Members = Omit<DfwPlan['groups'][number], 'id' | 'display_name' | 'description'>;

function groupFields(
  { tag, ip_addresses, segments, groups, expression }: Members,
  paths: Paths,
): { expression?: Group['expression'] } {
  if (expression) return { expression };
  if (!tag && !ip_addresses && !segments && !groups) return {};
  return {
    expression: expressionOf({
      ...(tag && { tag_scope: tag.scope, tag_value: tag.tag }),
      ip_addresses,
      segment_paths: segments,
      group_paths: groups?.map((word) => paths.knownGroup(word)),
    }),
  };
}

/** Turns the names of a plan into paths: of what it makes itself, and of what is there. */
class Paths {
  readonly #scope: Scope;
  readonly #groups: ReadonlyMap<string, string>;
  readonly #services: ReadonlyMap<string, string>;

  constructor(plan: DfwPlan, live: Snapshot, scope: Scope) {
    this.#scope = scope;
    const named = (objects: readonly PolicyObject[]) =>
      objects.flatMap(({ id, display_name, path }) => [
        ...(display_name ? [[display_name, path] as const] : []),
        [id, path] as const,
        [path, path] as const,
      ]);
    const gone = new Set([
      ...plan.absent.groups.map((id) => this.group(id)),
      ...plan.absent.services.map((id) => this.service(id)),
    ]);
    const left = (objects: readonly PolicyObject[]) =>
      objects.filter(({ path }) => !gone.has(path));
    this.#groups = new Map([
      ...named(left(live.groups)),
      ...plan.groups.flatMap(({ id }) => [
        [id, this.group(id)] as const,
        [this.group(id), this.group(id)] as const,
      ]),
    ]);
    this.#services = new Map([
      ...named(left(live.services)),
      ...plan.services.flatMap(({ id }) => [
        [id, this.service(id)] as const,
        [this.service(id), this.service(id)] as const,
      ]),
    ]);
  }

  group(id: string): string {
    return `${this.#scope.domain}/groups/${checked(id)}`;
  }
  service(id: string): string {
    return `${this.#scope.infra}/services/${checked(id)}`;
  }

  /** A group that is there or that the plan makes. A path of another scope is taken as it is: NSX checks it. */
  knownGroup(word: string): string {
    const found = this.#groups.get(word);
    if (found !== undefined) return found;
    if (word.startsWith('/') && !word.startsWith(`${this.#scope.domain}/`)) return word;
    throw unknown('group', word);
  }

  applied(word: string): string {
    return word.toUpperCase() === 'ANY' ? 'ANY' : this.knownGroup(word);
  }

  endpoints(words: readonly string[], rule: string): string[] {
    return sole(words, rule, (word) => (parseIps(word) ? word : this.knownGroup(word)));
  }

  services(words: readonly string[], rule: string): string[] {
    return sole(words, rule, (word) => {
      const found = this.#services.get(word) ?? (word.startsWith('/') ? word : undefined);
      if (found !== undefined) return found;
      throw unknown('service', word);
    });
  }
}

function sole(words: readonly string[], rule: string, path: (word: string) => string): string[] {
  if (!words.some((word) => word.toUpperCase() === 'ANY')) return words.map(path);
  if (words.length === 1) return ['ANY'];
  throw new Refusal(
    'INVALID_INPUT',
    `The rule ${rule} has ANY beside ${words.length - 1} more, and ANY already is everything.`,
    'Leave out ANY, or everything else.',
  );
}

const unknown = (kind: 'group' | 'service', word: string) =>
  new Refusal(
    'NOT_FOUND',
    `The plan names the ${kind} "${word}", which is neither there nor in the plan.`,
    `Add it to ${kind}s of the plan, or run \`vmware-nsx-security ${kind} list\`.`,
  );

/** An id as it stands in a policy path. Throws INVALID_INPUT for one that no path can hold. */
function checked(id: string): string {
  segment(id);
  return id;
}
