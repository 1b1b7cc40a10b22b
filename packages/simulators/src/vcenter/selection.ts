import type { Ref } from '../inventory/entities.js';
import { isA, isObjectType } from './object-types.js';
import { property } from './properties.js';
import { objectTypes, propertiesOf } from './schema.js';
import type { Session } from './sessions.js';
import { VimFault } from './vim-fault.js';
import { type Managed, resolve, type World } from './world.js';

interface PropertySpec {
  readonly type: string;
  readonly all?: boolean;
  readonly pathSet?: readonly string[];
}

interface SelectionSpec {
  readonly _type: 'SelectionSpec' | 'TraversalSpec';
  readonly name?: string;
  readonly type: string;
  readonly path: string;
  readonly skip?: boolean;
  readonly selectSet?: readonly SelectionSpec[];
}

/** PropertyFilterSpec as decoded: which properties of which objects, and how to get to those. */
export interface FilterSpec {
  readonly propSet?: readonly PropertySpec[];
  readonly objectSet?: readonly {
    readonly obj: Ref;
    readonly skip?: boolean;
    readonly selectSet?: readonly SelectionSpec[];
  }[];
  readonly reportMissingObjectsInResults?: boolean;
}

/** An object a specification selects, with the properties asked of it. */
export interface Match {
  readonly object: Managed;
  readonly paths: readonly string[];
}

/** Walks a specification. Throws InvalidProperty, InvalidType, ManagedObjectNotFound or InvalidArgument. */
export function select(spec: FilterSpec, world: World, session: Session | undefined): Match[] {
  checkPaths(spec);
  const matches = new Map<string, Match>();
  const report = (object: Managed) => {
    if (matches.has(object.ref.value)) return;
    const asked = (spec.propSet ?? []).filter(({ type }) => isA(object.ref.type, type));
    if (asked.length > 0)
      matches.set(object.ref.value, { object, paths: pathsFor(object.ref.type, asked) });
  };
  for (const { obj, skip, selectSet } of spec.objectSet ?? []) {
    const start = resolve(world, obj, session);
    if (!skip) report(start);
    walk(start, selectSet ?? [], report, world, session);
  }
  return [...matches.values()];
}

function walk(
  start: Managed,
  selectSet: readonly SelectionSpec[],
  report: (object: Managed) => void,
  world: World,
  session: Session | undefined,
): void {
  const named = byName(selectSet);
  const seen = new Set<string>();
  const queue: { object: Managed; specs: readonly SelectionSpec[] }[] = [
    { object: start, specs: selectSet },
  ];
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const spec of next.specs) {
      const traversal = spec._type === 'TraversalSpec' ? spec : named.get(spec.name ?? '');
      if (!traversal) throw new VimFault('InvalidArgument', { invalidProperty: 'selectSet.name' });
      if (!isA(next.object.ref.type, traversal.type)) continue;
      for (const ref of references(property(next.object, traversal.path, world))) {
        const key = `${ref.value} ${traversal.name ?? ''} ${traversal.type}.${traversal.path}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const object = resolve(world, ref, session);
        if (!traversal.skip) report(object);
        if (traversal.selectSet?.length) queue.push({ object, specs: traversal.selectSet });
      }
    }
  }
}

/** Named traversals may be used anywhere in the same tree, also by themselves. */
function byName(specs: readonly SelectionSpec[]): Map<string, SelectionSpec> {
  const named = new Map<string, SelectionSpec>();
  const visit = (each: SelectionSpec) => {
    if (each._type !== 'TraversalSpec') return;
    checkPath(each.type, each.path);
    if (each.name) named.set(each.name, each);
    each.selectSet?.forEach(visit);
  };
  specs.forEach(visit);
  return named;
}

function references(value: unknown): Ref[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as Ref[]) : [value as Ref];
}

function checkPaths({ propSet }: FilterSpec): void {
  for (const { type, pathSet } of propSet ?? []) {
    if (!isObjectType(type, objectTypes())) throw new VimFault('InvalidType', { argument: type });
    for (const path of pathSet ?? []) checkPath(type, path);
  }
}

function checkPath(type: string, path: string): void {
  if (propertiesOf(type)?.[path] === undefined)
    throw new VimFault('InvalidProperty', { name: path }, `The property '${path}' is not valid.`);
}

function pathsFor(type: string, specs: readonly PropertySpec[]): string[] {
  const paths = specs.flatMap(({ all, pathSet }) =>
    all ? Object.keys(propertiesOf(type) ?? {}) : (pathSet ?? []),
  );
  return [...new Set(paths)];
}
