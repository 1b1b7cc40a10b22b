import * as z from 'zod';
import { defineTool } from '../../define.js';
import { planExclusion } from '../../exclusions.js';
import { placeOf, readGroup } from '../../objects.js';
import { sendPlanned } from '../../planned-request.js';
import { groupId } from '../../schema.js';

export const removeDfwExclusion = defineTool({
  name: 'remove_dfw_exclusion',
  usage: 'exclusion remove <group_id>',
  summary:
    'Take a group off the exclude list: its VMs then are under the distributed firewall again.',
  effect: 'write',
  risk: 'high',
  level: 'host_admin',
  privileges: ['security_engineer'],
  idempotent: true,
  examples: ['exclusion remove appliances --dry-run'],
  input: z.object({ group_id: groupId }),
  output: z.object({
    group_id: z.string(),
    display_name: z.string(),
    dfw_excluded: z.boolean(),
    changed: z.boolean(),
  }),
})
  .plan(async ({ group_id }, { nsx }, context) => {
    const place = placeOf(nsx, undefined, context);
    return planExclusion(place, await readGroup(place, group_id), 'remove');
  })
  .run(async (_input, { nsx }, context) => {
    await sendPlanned(nsx, context, 'vmware-nsx-security exclusion list');
    const [group] = context.plan.blast_radius.objects;
    return {
      group_id: group?.id ?? '',
      display_name: group?.name ?? '',
      dfw_excluded: false,
      changed: context.plan.requests.length > 0,
    };
  });
