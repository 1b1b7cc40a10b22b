import type { World } from '../world.js';
import { isRecord } from './fields.js';
import { parseQuery, type Query } from './search-query.js';

/** What a search finds: a policy object, one that is being deleted, or a machine. */
export type Found = Readonly<Record<string, unknown>>;

/**
 * Objects that match a query of GET /search/query: `resource_type:Rule AND display_name:*web*`. Objects that are
 * marked for deletion are found until they are gone. Throws `QuerySyntaxError` for what it does not read.
 */
export function search(world: World, query: string): Found[] {
  const parsed = parseQuery(query);
  const all: Found[] = [
    ...world.objects.all(),
    ...world.objects.buried(world.clock.now()),
    ...(world.fabric.vms() as readonly object[] as Found[]),
  ];
  return all.filter((object) => holds(parsed, object));
}

function holds(query: Query, object: Found): boolean {
  switch (query.kind) {
    case 'all':
      return query.parts.every((part) => holds(part, object));
    case 'any':
      return query.parts.some((part) => holds(part, object));
    case 'not':
      return !holds(query.part, object);
    case 'term':
      return valuesAt(object, query.field).some((value) => query.pattern.test(value));
  }
}

/** Values of a field, through lists and objects: `tags.tag`, `source_groups`. */
function valuesAt(value: unknown, field: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, field));
  const [name, ...rest] = field;
  if (name === undefined) return value === undefined || isRecord(value) ? [] : [String(value)];
  return isRecord(value) ? valuesAt(value[name], rest) : [];
}
