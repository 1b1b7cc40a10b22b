import * as z from 'zod';
import { defineTool } from '../../define.js';
import { planExclusion } from '../../exclusions.js';
import { placeOf, readGroup } from '../../objects.js';
import { sendPlanned } from '../../planned-request.js';
import { groupId } from '../../schema.js';

export const addDfwExclusion = defineTool({
  name: 'add_dfw_exclusion',
  usage: 'exclusion add <group_id>',
  summary: 'Put a group on the exclude list: its VMs then have no distributed firewall at all.',
  effect: 'write',
  risk: 'high',
  level: 'host_admin',
  privileges: ['security_engineer'],
  idempotent: true,
  examples: ['exclusion add appliances --dry-run'],
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
    return planExclusion(place, await readGroup(place, group_id), 'add');
  })
  .run(async (_input, { nsx }, context) => {
    await sendPlanned(nsx, context, 'vmware-nsx-security exclusion list');
    const [group] = context.plan.blast_radius.objects;
    return {
      group_id: group?.id ?? '',
      display_name: group?.name ?? '',
      dfw_excluded: true,
      changed: context.plan.requests.length > 0,
    };
  });
