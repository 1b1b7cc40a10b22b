import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf } from '../../objects.js';
import { tagList, vmName } from '../../schema.js';
import { findVm, isExcluded } from '../../vms.js';

export const listVmTags = defineTool({
  name: 'list_vm_tags',
  usage: 'tag list <vm_display_name>',
  summary: 'NSX tags of one VM, its external id, and whether it is excluded from the firewall.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  examples: ['tag list web-01'],
  input: z.object({ vm_display_name: vmName }),
  output: z.object({
    vm_id: z.string(),
    display_name: z.string(),
    power_state: z.string().nullable(),
    tags: tagList,
    dfw_excluded: z.boolean().nullable(),
  }),
}).run(async ({ vm_display_name }, { nsx }, context) => {
  const place = placeOf(nsx, undefined, context);
  const vm = await findVm(place, vm_display_name);
  return {
    vm_id: vm.external_id,
    display_name: vm.display_name,
    power_state: vm.power_state ?? null,
    tags: (vm.tags ?? []).map(({ scope = '', tag = '' }) => ({ scope, tag })),
    dfw_excluded: await isExcluded(place, vm),
  };
});
