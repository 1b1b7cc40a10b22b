import type { Change, PolicyObject, SecurityPolicy } from '@vmware/clients/nsx';
import type { Snapshot } from './dfw/snapshot.js';
import { differencesOf, type Kind } from './differences.js';
import { ownershipBlockers, policyBlockers } from './guards.js';
import { type Child, childOf, hierarchical, referenceTo } from './hierarchy.js';
import { type Place, writable } from './objects.js';

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
  const differences = differencesOf(kind, live, fields);
  if (differences.length === 0) return undefined;
  const said = differences.map(
    ({ field, before, after }) => `${field}: ${short(before)} → ${short(after)}`,
  );
  return { wanted, live, name, said: `change the ${what}: ${said.join('; ')}` };
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
    referenceTo('SecurityPolicy', path.slice(path.lastIndexOf('/') + 1), children.map(asChild)),
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
