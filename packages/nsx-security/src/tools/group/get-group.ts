import { longText } from '@vmware/policy';
import * as z from 'zod';
import { orNull, readExcludeList } from '../../capture.js';
import { defineTool } from '../../define.js';
import { vmMembers } from '../../group-members.js';
import { type Place, placeOf, readGroup } from '../../objects.js';
import { parentGroups } from '../../references.js';
import { groupId, nsxScope, tagList } from '../../schema.js';

export const getGroup = defineTool({
  name: 'get_group',
  usage: 'group get <group_id>',
  summary:
    'One group: its expression, its effective VMs, and whether it is excluded from the firewall.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  format: 'json',
  flags: { nsx_scope: 'scope' },
  examples: ['group get web-servers'],
  input: z.object({ group_id: groupId, nsx_scope: nsxScope }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    description: longText(),
    expression: z.array(z.record(z.string(), z.json())),
    tags: tagList,
    path: z.string(),
    member_count: z.int().nullable(),
    members: z.array(z.object({ id: z.string(), display_name: z.string(), type: z.string() })),
    members_error: z.string().nullable(),
    dfw_excluded: z.boolean().nullable(),
    _revision: z.int().nullable(),
  }),
}).run(async ({ group_id, nsx_scope }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const group = await readGroup(place, group_id);
  const [members, dfw_excluded] = await Promise.all([
    vmMembers(place, group.path),
    isExcluded(place, group.path),
  ]);
  return {
    id: group.id,
    display_name: group.display_name ?? group.id,
    description: group.description ?? '',
    expression: [...(group.expression ?? [])] as Record<string, z.core.util.JSONType>[],
    tags: (group.tags ?? []).map(({ scope = '', tag = '' }) => ({ scope, tag })),
    path: group.path,
    ...members,
    members: [...members.members],
    dfw_excluded,
    _revision: group._revision ?? null,
  };
});

/** Whether it, or a group that holds it, is on the exclude list. Null: that cannot be read. */
async function isExcluded(place: Place, path: string): Promise<boolean | null> {
  const [list, parents] = await Promise.all([
    readExcludeList(place),
    orNull(parentGroups(place, path)),
  ]);
  if (list?.members.includes(path)) return true;
  if (list === null || parents === null) return null;
  return parents.some((parent) => list.members.includes(parent.path ?? ''));
}
