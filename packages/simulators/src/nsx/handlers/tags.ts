import type { Call, Handlers } from '../call.js';
import { Change } from '../change.js';
import type { Reference } from '../compute/references.js';
import type { Tag } from '../fabric.js';
import { noSuchObject } from '../nsx-error.js';
import { page } from '../paging.js';
import type { World } from '../world.js';
import { checkTag } from './fabric.js';
import { references } from './groups.js';
import { found } from './objects.js';

interface Tagged extends Reference {
  readonly tags: readonly Partial<Tag>[];
}

interface Resources {
  readonly resource_type?: string;
  readonly resource_ids?: readonly string[];
}

const type = 'TagBulkOperation';

/** Tags in use, what carries them, and changes of one tag on many machines. */
export const tagHandlers: Handlers = {
  'GET /tags': (call) => {
    const { query, world } = call;
    const counts = new Map<string, { scope: string; tag: string; tagged_objects_count: number }>();
    for (const { tags } of tagged(world, call.tree))
      for (const { scope = '', tag = '' } of tags) {
        const key = `${scope}|${tag}`;
        const held = counts.get(key) ?? { scope, tag, tagged_objects_count: 0 };
        counts.set(key, { ...held, tagged_objects_count: held.tagged_objects_count + 1 });
      }
    const all = [...counts.values()].filter((each) => matches(each, query));
    return page(all, query, call.pageCap, ({ scope, tag }) => `${scope}|${tag}`);
  },
  'GET /tags/effective-resources': (call) => {
    const all = tagged(call.world, call.tree)
      .filter(({ tags }) => tags.some((each) => matches(each, call.query)))
      .map(({ tags: _, ...reference }) => reference);
    return references(call, all);
  },
  'GET /tags/tag-operations/{}': (call) => found(call, call.path, type),
  'PUT /tags/tag-operations/{}': (call) => {
    const { world, path, body, user } = call;
    checkTag(body['tag'] as Partial<Tag>);
    const operation = Change.make(world, user, call.overwrite, (change) =>
      change.write({ path, type, fields: body, replaces: true, revision: 'must', partial: false }),
    );
    outcomesOf(world).set(path, apply(call));
    return operation;
  },
  'GET /tags/tag-operations/{}/status': (call) => {
    const path = call.path.replace(/\/status$/, '');
    const operation = found(call, path, type);
    const outcome = outcomesOf(call.world).get(path);
    if (!outcome) throw noSuchObject(path);
    const { clock, settings } = call.world;
    const age = clock.now().getTime() - Number(operation['_last_modified_time']);
    const done = age >= settings.realizeMilliseconds;
    return {
      path,
      tag: operation['tag'],
      status: done ? outcome.status : 'Running',
      ...(done && { apply_to: outcome.apply_to, remove_from: outcome.remove_from }),
    };
  },
};

const matches = (
  { scope = '', tag = '' }: Partial<Tag>,
  query: Readonly<Record<string, string>>,
): boolean =>
  (query['scope'] === undefined || query['scope'] === scope) &&
  (query['tag'] === undefined || query['tag'] === tag);

/** Everything that carries tags: the machines, and the objects of a tree. */
function tagged(world: World, tree: string): Tagged[] {
  const machines = world.fabric.vms().map(
    (vm): Tagged => ({
      path: `/infra/realized-state/enforcement-points/default/virtual-machines/${vm.external_id}`,
      target_id: vm.external_id,
      target_display_name: vm.display_name,
      target_type: 'VirtualMachine',
      is_valid: true,
      tags: vm.tags ?? [],
    }),
  );
  const objects = [...world.objects.all()].filter(({ path }) => path.startsWith(`${tree}/`));
  return [
    ...(tree === '/infra' ? machines : []),
    ...objects.map(
      (object): Tagged => ({
        path: object.path,
        target_id: object.id,
        target_display_name: String(object['display_name']),
        target_type: object.resource_type,
        is_valid: true,
        tags: (object['tags'] ?? []) as readonly Partial<Tag>[],
      }),
    ),
  ].filter(({ tags }) => tags.length > 0);
}

interface Outcome {
  readonly status: 'Success' | 'Error';
  readonly apply_to: readonly object[];
  readonly remove_from: readonly object[];
}

const outcomes = new WeakMap<World, Map<string, Outcome>>();

function outcomesOf(world: World): Map<string, Outcome> {
  const known = outcomes.get(world) ?? new Map<string, Outcome>();
  outcomes.set(world, known);
  return known;
}

/** Tags what is to be tagged, untags the rest, and says of each resource how it went. */
function apply({ world, body }: Call): Outcome {
  let failed = false;
  const tag = body['tag'] as Partial<Tag>;
  const each = (list: unknown, change: (id: string) => boolean) =>
    ((list ?? []) as readonly Resources[]).map(({ resource_type, resource_ids = [] }) => ({
      resource_type,
      resource_tag_status: resource_ids.map((id) => {
        const done = resource_type === 'VirtualMachine' && change(id);
        failed ||= !done;
        return {
          resource_id: id,
          resource_display_name: world.fabric.vm(id)?.display_name ?? id,
          tag_status: done ? 'Success' : 'Error',
          ...(!done && { details: `There is no ${resource_type} ${id}.` }),
        };
      }),
    }));
  const remove_from = each(body['remove_from'], (id) => world.fabric.removeTags(id, [tag]));
  const apply_to = each(body['apply_to'], (id) => world.fabric.addTags(id, [tag]));
  return { status: failed ? 'Error' : 'Success', apply_to, remove_from };
}
