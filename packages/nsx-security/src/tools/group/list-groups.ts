import type { Group } from '@vmware/clients/nsx';
import { longText, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, namedPage } from '../../rows.js';
import { nameFilter, nsxScope, tagList } from '../../schema.js';

const group = z.object({
  id: z.string(),
  display_name: z.string(),
  description: longText(),
  expression_count: z.int(),
  tags: tagList,
  path: z.string(),
});

export const listGroups = defineTool({
  name: 'list_groups',
  usage: 'group list',
  summary: 'List groups, sorted by name; use get_group for expression and members of one.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { nsx_scope: 'scope' },
  columns: ['id', 'display_name', 'expression_count', 'description'],
  examples: ['group list', "group list --name-filter 'web-*'"],
  input: z.object({ name_filter: nameFilter, nsx_scope: nsxScope, ...listInput }),
  output: pageOf(group),
}).run(async ({ nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const groups = await nsx.list<Group>(targetOf(place, `${place.scope.domain}/groups`), {
    signal: place.signal,
  });
  const { items, ...envelope } = namedPage(groups, wanted);
  return {
    ...envelope,
    items: items.map(({ id, display_name, description, expression = [], tags = [], path }) => ({
      id,
      display_name: display_name ?? id,
      description: description ?? '',
      expression_count: expression.filter(
        ({ resource_type }) => resource_type !== 'ConjunctionOperator',
      ).length,
      tags: tags.map(({ scope = '', tag = '' }) => ({ scope, tag })),
      path,
    })),
  };
});
