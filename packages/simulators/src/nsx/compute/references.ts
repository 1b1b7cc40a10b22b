import type { PolicyObject } from '../store.js';
import type { World } from '../world.js';
import { isRecord, text } from './fields.js';
import { append } from './lists.js';
import { cachedByWorld } from './world-cache.js';

/** An object that names another. */
export interface Reference {
  readonly path: string;
  readonly target_id: string;
  readonly target_display_name: string;
  /** Resource type: `Rule`, `Group`, `PolicyExcludeList`. */
  readonly target_type: string;
  readonly is_valid: true;
}

/** Every object that names a path: rules and policies of every kind, groups, services, the exclude list. */
export function referencesTo(world: World, path: string): Reference[] {
  return (index(world).get(path) ?? []).map(referenceTo);
}

export const referenceTo = (object: PolicyObject): Reference => ({
  path: object.path,
  target_id: object.id,
  target_display_name: text(object['display_name']) || object.id,
  target_type: object.resource_type,
  is_valid: true,
});

/** Fields that say where an object is or what people think of it. */
const silent = new Set([
  'path',
  'parent_path',
  'relative_path',
  'remote_path',
  'display_name',
  'description',
  'notes',
  'comments',
  'tags',
]);

const index = cachedByWorld((world) => {
  const found = new Map<string, PolicyObject[]>();
  for (const object of world.objects.all())
    for (const path of new Set(pathsIn(object)))
      if (path !== object.path) append(found, path, object);
  return found;
});

function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    silent.has(field) ? [] : pathsIn(inner),
  );
}
