import type { Reference } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, rowsPage } from '../../rows.js';
import { nsxScope, tagScope, tagValue } from '../../schema.js';

const text = z.string().nullable();

export const findTagged = defineTool({
  name: 'find_tagged',
  usage: 'tag find <tag_value>',
  summary: 'Every object that carries an NSX tag: VMs, segments, groups, policies and so on.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { tag_scope: 'tag-scope', nsx_scope: 'scope' },
  columns: ['display_name', 'type', 'id', 'path'],
  examples: ['tag find web --tag-scope tier'],
  input: z.object({
    tag_value: tagValue,
    tag_scope: tagScope.optional().describe('Scope of the tag; any if absent.'),
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(z.object({ id: text, display_name: text, type: text, path: text })),
}).run(async ({ tag_value, tag_scope, nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const found = await nsx.list<Reference>(
    targetOf(place, `${place.scope.infra}/tags/effective-resources`),
    { query: { tag: tag_value, scope: tag_scope }, signal: place.signal },
  );
  const { items, ...envelope } = rowsPage(
    found,
    wanted,
    ({ target_display_name = '', target_id = '', path = '' }) =>
      `${target_display_name}\u0000${target_id}\u0000${path}`,
  );
  return {
    ...envelope,
    items: items.map(({ target_id, target_display_name, target_type, path }) => ({
      id: target_id ?? null,
      display_name: target_display_name ?? null,
      type: target_type ?? null,
      path: path ?? null,
    })),
  };
});
