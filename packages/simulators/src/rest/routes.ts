import type { Ref } from '../inventory/entities.js';
import type { Tag, Tags } from '../inventory/tags.js';
import { holds, type User } from '../vcenter/privileges.js';
import { noSuchObject, unauthorized } from './vapi-error.js';

/** Under /api since 7.0, under /rest since 6.5; a vCenter 8 serves both. */
export type Style = 'api' | 'rest';

interface Asked {
  /** The id in the path; empty where the route has none. */
  readonly id: string;
  readonly tags: Tags;
  readonly user: User;
  /** What the route takes, checked; nothing where it takes nothing. */
  readonly object?: Ref;
}

/** A route that needs a session. `path` is without `/api/`; `{tag}` stands for an id. */
interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly action?: string;
  /** Takes `{object_id: {type, id}}`, changes something, and answers 204 without a body. */
  readonly changesObject?: true;
  readonly answer: (asked: Asked) => unknown;
}

const sees = (user: User): boolean => holds(user, 'System.Read');

function tagOf({ tags, id, user }: Asked): Tag {
  const tag = tags.all.get(id);
  if (!tag) throw noSuchObject(id);
  if (!sees(user)) throw unauthorized();
  return tag;
}

function tagToChange(asked: Asked): Tag {
  const tag = tagOf(asked);
  if (!holds(asked.user, 'InventoryService.Tagging.AttachTag')) throw unauthorized();
  return tag;
}

function objectOf({ object, tags }: Asked): string {
  if (!object || !tags.knows(object)) throw noSuchObject(object?.value ?? '');
  return object.value;
}

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: 'cis/tagging/tag',
    answer: ({ tags, user }) => (sees(user) ? [...tags.all.keys()] : []),
  },
  {
    method: 'GET',
    path: 'cis/tagging/tag/{tag}',
    answer: (asked) => {
      const { id, name, category } = tagOf(asked);
      return { id, name, description: '', category_id: category.id, used_by: [] };
    },
  },
  {
    method: 'GET',
    path: 'cis/tagging/category/{category}',
    answer: ({ tags, id, user }) => {
      const category = tags.categories.get(id);
      if (!category) throw noSuchObject(id);
      if (!sees(user)) throw unauthorized();
      return {
        id,
        name: category.name,
        description: '',
        cardinality: 'MULTIPLE',
        associable_types: [],
        used_by: [],
      };
    },
  },
  {
    method: 'POST',
    path: 'cis/tagging/tag-association/{tag}',
    action: 'list-attached-objects',
    answer: (asked) =>
      asked.tags.attached(tagOf(asked)).map(({ type, value }) => ({ type, id: value })),
  },
  {
    method: 'POST',
    path: 'cis/tagging/tag-association/{tag}',
    action: 'attach',
    changesObject: true,
    answer: (asked) => void tagToChange(asked).on.add(objectOf(asked)),
  },
  {
    method: 'POST',
    path: 'cis/tagging/tag-association/{tag}',
    action: 'detach',
    changesObject: true,
    answer: (asked) => void tagToChange(asked).on.delete(objectOf(asked)),
  },
];

const roots: Readonly<Record<Style, string>> = { api: '/api/', rest: '/rest/com/vmware/' };

export interface Found {
  /** As it is recorded: `GET /api/cis/tagging/tag/{tag}`. */
  readonly name: string;
  readonly id: string;
  readonly answer: Route['answer'];
  readonly changesObject: boolean;
}

/** The route of a request target, taken as it was sent: nothing is normalized, an id is one segment. */
export function findRoute(method: string, target: string, style: Style): Found | undefined {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const mark = style === 'rest' ? '~action' : 'action';
  const action = new URLSearchParams(query).get(mark) ?? undefined;
  for (const route of routes) {
    if (route.method !== method || route.action !== action) continue;
    const found = { answer: route.answer, changesObject: route.changesObject ?? false };
    const [fixed = '', place] = route.path.split('/{');
    const root = `${roots[style]}${fixed}`;
    const lead = style === 'rest' ? 'id:' : '';
    const suffix = `${place === undefined ? '' : `/${lead}{${place}`}${action ? `?${mark}=${action}` : ''}`;
    const name = `${method} ${root}${suffix}`;
    if (place === undefined) {
      if (path === root) return { ...found, name, id: '' };
      continue;
    }
    const start = `${root}/${lead}`;
    const segment = path.startsWith(start) ? path.slice(start.length) : '';
    if (segment === '' || segment.includes('/')) continue;
    const id = decoded(segment);
    if (id !== undefined) return { ...found, name, id };
  }
  return undefined;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
