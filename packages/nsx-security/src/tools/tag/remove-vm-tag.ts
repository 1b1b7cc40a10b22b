import * as z from 'zod';
import { defineTool } from '../../define.js';
import { quoted } from '../../objects.js';
import { sendPlanned } from '../../planned-request.js';
import { tagScope, tagValue, vmName } from '../../schema.js';
import { planTag } from '../../tag-change.js';
import { findVm } from '../../vms.js';

export const removeVmTag = defineTool({
  name: 'remove_vm_tag',
  usage: 'tag remove <vm_id>',
  summary: 'Remove one NSX tag from a VM; it leaves the groups and rules that go by that tag.',
  effect: 'destroy',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  idempotent: true,
  flags: { tag_scope: 'scope', tag_value: 'value' },
  examples: ['tag remove web-01 --scope tier --value web'],
  input: z.object({ vm_id: vmName, tag_scope: tagScope, tag_value: tagValue }),
  output: z.object({
    status: z.enum(['removed', 'unchanged']),
    vm_id: z.string(),
    display_name: z.string(),
    scope: z.string(),
    tag: z.string(),
  }),
})
  .plan(async ({ vm_id, ...tag }, { nsx }, { signal }) =>
    planTag(await findVm({ nsx, signal }, vm_id), 'remove_tags', tag),
  )
  .run(async ({ tag_scope, tag_value }, { nsx }, context) => {
    const [vm] = context.plan.blast_radius.objects;
    await sendPlanned(nsx, context, `vmware-nsx-security tag list ${quoted(vm?.id ?? '')}`);
    return {
      status: context.plan.requests.length > 0 ? ('removed' as const) : ('unchanged' as const),
      vm_id: vm?.id ?? '',
      display_name: vm?.name ?? '',
      scope: tag_scope,
      tag: tag_value,
    };
  });
