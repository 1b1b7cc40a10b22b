import * as z from 'zod';
import { defineTool } from '../../define.js';
import { plannedVm, requestOf, sendTask } from '../../planned-request.js';
import { vmChange, vmName } from '../../schema.js';
import { backToName } from '../../undo.js';
import { commonBlockers, oneVm, vmFacts } from '../../vm-facts.js';

export const renameVm = defineTool({
  name: 'rename_vm',
  usage: 'vm rename <name> <new_name>',
  summary: 'Rename a VM in the inventory; its files keep their names.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['VirtualMachine.Config.Rename'],
  idempotent: true,
  examples: ['vm rename web-01 web-01-old'],
  input: z.object({
    name: vmName,
    new_name: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[^/\\%\p{C}]+$/u, 'must not contain / \\ % or control characters')
      .describe('New name, at most 80 characters.'),
  }),
  output: z.object({ ...vmChange, old_name: z.string(), task_id: z.string().nullable() }),
})
  .plan(async ({ name, new_name }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const isNamed = vm.name === new_name;
    return {
      summary: isNamed ? `${vm.name} has that name already` : `Rename ${vm.name} to ${new_name}`,
      changes: isNamed ? [] : [`${vm.name} → ${new_name}`],
      requests: isNamed ? [] : [requestOf('Rename_Task', vm.ref)],
      blast_radius: oneVm(vm, true),
      blockers: commonBlockers(vm),
      unmeasured: [],
      ...(isNamed ? {} : { undo: backToName(vm, new_name) }),
    };
  })
  .run(async ({ new_name }, { vim }, context) => {
    const { ref, id, name } = plannedVm(context);
    const changed = context.plan.requests.length > 0;
    const sent = changed
      ? await sendTask(vim, 'Rename_Task', ref, { newName: new_name }, context)
      : undefined;
    return { id, name: new_name, old_name: name, changed, task_id: sent?.task ?? null };
  });
