import type { Change, PolicyObject, SecurityPolicy } from '@vmware/clients/nsx';
import { compareFields } from './dfw/index.js';
import type { Snapshot } from './dfw/snapshot.js';
import { ownershipBlockers, policyBlockers } from './guards.js';
import { type Child, childOf, hierarchical, referenceTo } from './hierarchy.js';
import { type Place, writable } from './objects.js';

export type Kind = 'Service' | 'Group' | 'SecurityPolicy' | 'Rule';

/** How an object is to be: every field it shall have, or null for not at all. */
export interface Wanted {
  readonly kind: Kind;
  readonly path: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** What it takes to get there. */
export interface Reconciliation {
  /** One transactional request; undefined when everything is as wanted already. */
  readonly change: Change | undefined;
  readonly changes: readonly string[];
  readonly touched: readonly { readonly type: Kind; readonly id: string; readonly name: string }[];
  readonly removed: number;
  readonly blockers: readonly string[];
}

interface Step {
  readonly wanted: Wanted;
  readonly live: PolicyObject | undefined;
  readonly said: string;
  readonly name: string;
}

/** Compares what is with what shall be, and plans only what differs. */
export function reconcile(
  { scope }: Place,
  live: Snapshot,
  all: readonly Wanted[],
): Reconciliation {
  const known = byPath(live);
  const steps = all.flatMap((wanted) => stepFor(wanted, known.get(wanted.path)) ?? []);
  const of = (kind: Kind) => steps.filter(({ wanted }) => wanted.kind === kind);
  const order = [...of('Service'), ...of('Group'), ...of('SecurityPolicy'), ...of('Rule')];
  const isRemoval = ({ wanted }: Step) => wanted.fields === null;
  // What is removed last may still be named by what goes first.
  const ordered = [
    ...order.filter((step) => !isRemoval(step)),
    ...order.filter(isRemoval).reverse(),
  ];
  return {
    change:
      steps.length === 0
        ? undefined
        : hierarchical(scope, {
            infra: ordered.filter(({ wanted }) => wanted.kind === 'Service').map(asChild),
            domain: [
              ...ordered
                .filter(({ wanted }) => wanted.kind === 'Group' && wanted.fields)
                .map(asChild),
              ...policyChildren(steps),
              ...ordered
                .filter(({ wanted }) => wanted.kind === 'Group' && !wanted.fields)
                .map(asChild),
            ],
          }),
    changes: ordered.map(({ said }) => said),
    touched: ordered.map(({ wanted, name }) => ({ type: wanted.kind, id: wanted.id, name })),
    removed: steps.filter(isRemoval).length,
    blockers: [...new Set(steps.flatMap((step) => blockersOf(step, known, scope)))],
  };
}

/** Every object of a configuration by its path. */
function byPath({ services, groups, policies }: Snapshot): Map<string, PolicyObject> {
  const objects: PolicyObject[] = [...services, ...groups];
  for (const { rules, ...policy } of policies) objects.push(policy, ...rules);
  return new Map(objects.map((object) => [object.path, object]));
}

const words: Readonly<Record<Kind, string>> = {
  Service: 'service',
  Group: 'group',
  SecurityPolicy: 'policy',
  Rule: 'rule',
};

function stepFor(wanted: Wanted, live: PolicyObject | undefined): Step | undefined {
  const { kind, fields, id, path } = wanted;
  const name = String(fields?.['display_name'] ?? live?.display_name ?? id);
  const what = `${words[kind]} ${name} (${kind === 'Rule' ? path.replace(/^.*\/security-policies\//, '') : id})`;
  if (fields === null) return live && { wanted, live, name, said: `delete the ${what}` };
  if (!live) return { wanted, live, name, said: `create the ${what}` };
  const differences = compareFields(
    withoutPlaces(withDefaults(kind, live)),
    withoutPlaces(withDefaults(kind, fields)),
  );
  if (differences.length === 0) return undefined;
  const said = differences.map(
    ({ field, before, after }) => `${field}: ${short(before)} → ${short(after)}`,
  );
  return { wanted, live, name, said: `change the ${what}: ${said.join('; ')}` };
}

/** What NSX takes an absent field for, so that leaving it out is no difference. */
const defaults: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  Service: {},
  Group: { expression: [] },
  SecurityPolicy: { stateful: true, scope: ['ANY'], locked: false },
  Rule: {
    source_groups: ['ANY'],
    destination_groups: ['ANY'],
    services: ['ANY'],
    scope: ['ANY'],
    sources_excluded: false,
    destinations_excluded: false,
    direction: 'IN_OUT',
    logged: false,
    disabled: false,
  },
};

const withDefaults = (kind: Kind, fields: object): Record<string, unknown> => ({
  ...defaults[kind],
  ...Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, elements.has(name) ? withoutNames(value) : value]),
  ),
});

/** Lists whose elements NSX gives ids and paths of their own, by which nothing is decided. */
const elements = new Set(['expression', 'expressions', 'service_entries']);

function withoutNames(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((element: unknown) => {
    if (typeof element !== 'object' || element === null) return element;
    return Object.fromEntries(
      Object.entries(element)
        .filter(([name]) => !['id', 'path', 'display_name'].includes(name))
        .map(([name, value]) => [name, elements.has(name) ? withoutNames(value) : value]),
    );
  });
}

/** NSX gives each expression of a group and each entry of a service an id and a path; they say nothing of what it is. */
const withoutPlaces = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) =>
      name === 'id' || name === 'path' ? [] : [[name, within(value)] as const],
    ),
  );

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within);
  if (typeof value !== 'object' || value === null) return value;
  return withoutPlaces(value as Readonly<Record<string, unknown>>);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? '(none)';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Fields that only NSX writes go back as they are now; everything else is as wanted. */
function body({ wanted: { kind, id, fields }, live }: Step): Record<string, unknown> {
  if (fields === null) return { id, _revision: live?._revision };
  const { children: _, rules: __, ...own } = writable(fields);
  return {
    ...own,
    id,
    resource_type: kind,
    ...(live ? { _revision: live._revision } : { _revision: undefined }),
  };
}

const asChild = (step: Step): Child =>
  childOf(step.wanted.kind, body(step), { remove: step.wanted.fields === null });

/** Policies with the rules below them; a policy that stays as it is only leads to its rules. */
function policyChildren(steps: readonly Step[]): Child[] {
  const policies = steps.filter(({ wanted }) => wanted.kind === 'SecurityPolicy');
  const below = rulesByPolicy(steps);
  const own = policies.map((step) => {
    const children = (below.get(step.wanted.path) ?? []).map(asChild);
    below.delete(step.wanted.path);
    if (step.wanted.fields === null || children.length === 0) return asChild(step);
    return childOf('SecurityPolicy', { ...body(step), children });
  });
  const others = [...below].map(([path, children]) =>
    referenceTo(
      'SecurityPolicy',
      decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)),
      children.map(asChild),
    ),
  );
  return [...own, ...others];
}

function rulesByPolicy(steps: readonly Step[]): Map<string, Step[]> {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    if (step.wanted.kind !== 'Rule') continue;
    const { path } = step.wanted;
    const parent = path.slice(0, path.lastIndexOf('/rules/'));
    groups.set(parent, [...(groups.get(parent) ?? []), step]);
  }
  return groups;
}

function blockersOf(
  { wanted, live }: Step,
  known: ReadonlyMap<string, PolicyObject>,
  scope: Place['scope'],
): string[] {
  const policyPath = wanted.path.replace(/\/rules\/[^/]+$/, '');
  const policy =
    wanted.kind === 'Rule' || wanted.kind === 'SecurityPolicy'
      ? (known.get(policyPath) as SecurityPolicy | undefined)
      : undefined;
  const category = wanted.kind === 'SecurityPolicy' ? wanted.fields?.['category'] : undefined;
  const isDefault = (live as { is_default?: boolean } | undefined)?.is_default ?? false;
  return [
    ...(live ? ownershipBlockers(live, scope) : []),
    ...(policy ? policyBlockers(policy, scope) : []),
    ...(isDefault && wanted.fields === null
      ? [`${live?.display_name ?? wanted.id} is a default of NSX and cannot be deleted.`]
      : []),
    ...(policy && category !== undefined && policy.category !== category
      ? [
          `The category of ${policy.display_name ?? policy.id} is ${policy.category} and cannot be changed.`,
        ]
      : []),
  ];
}
