import * as z from 'zod';
import { defineTool } from '../../define.js';
import { ownershipBlockers } from '../../guards.js';
import { deletion, groupPath, placeOf, quoted, readGroup } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { referencesTo } from '../../references.js';
import { groupId, nsxScope } from '../../schema.js';

export const deleteGroup = defineTool({
  name: 'delete_group',
  usage: 'group delete <group_id>',
  summary:
    'Delete a group that nothing refers to; refuses when a reference exists or cannot be ruled out.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['security_engineer'],
  flags: { nsx_scope: 'scope' },
  examples: [
    'group delete empty-old --dry-run',
    'group delete empty-old --yes --confirm empty-old',
  ],
  input: z.object({ group_id: groupId, nsx_scope: nsxScope }),
  output: z.object({ id: z.string(), status: z.literal('deleted'), message: z.string() }),
})
  .plan(async ({ group_id, nsx_scope }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const group = await readGroup(place, group_id);
    const references = await referencesTo(place, group.path);
    const name = group.display_name ?? group.id;
    return {
      summary: `Permanently delete the group ${name} (${group.id})`,
      changes: [`delete ${group.path}`],
      requests: [requestOf(deletion(place, groupPath(place, group_id)))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Group', id: group.id, name }],
        reversible: false,
      },
      blockers: [...ownershipBlockers(group, place.scope), ...references.blockers],
      unmeasured: references.unmeasured,
    };
  })
  .run(async ({ group_id, nsx_scope }, { nsx }, context) => {
    await sendPlanned(nsx, context, checkIn(nsx_scope, `group get ${quoted(group_id)}`));
    return { id: group_id, status: 'deleted' as const, message: context.plan.summary };
  });
