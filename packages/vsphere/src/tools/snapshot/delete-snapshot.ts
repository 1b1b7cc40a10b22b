import * as z from 'zod';
import { defineTool } from '../../define.js';
import { plannedSnapshot, plannedVm, requestOf, sendTask } from '../../planned-request.js';
import { vmName } from '../../schema.js';
import { pickSnapshot, snapshotsOf } from '../../snapshots.js';
import { commonBlockers, vmFacts } from '../../vm-facts.js';

export const deleteSnapshot = defineTool({
  name: 'delete_snapshot',
  usage: 'snapshot delete <name> <snapshot_name>',
  summary: 'Delete a snapshot; the VM keeps its present state and can no longer go back to it.',
  effect: 'destroy',
  risk: 'high',
  level: 'power_ops',
  privileges: ['VirtualMachine.State.RemoveSnapshot'],
  timeout: 3_600_000,
  examples: [
    'snapshot delete web-01 before-upgrade',
    'snapshot delete web-01 nightly --remove-children',
  ],
  input: z.object({
    name: vmName,
    snapshot_name: z.string().min(1).max(2000).describe('Snapshot name, path or id.'),
    remove_children: z.boolean().default(false).describe('Also delete the snapshots below it.'),
  }),
  output: z.object({
    vm_id: z.string(),
    vm: z.string(),
    id: z.string(),
    name: z.string(),
    deleted: z.int(),
    task_id: z.string(),
  }),
})
  .plan(async ({ name, snapshot_name, remove_children }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const snapshot = pickSnapshot(await snapshotsOf(vim, vm.ref, signal), snapshot_name, vm);
    const below = remove_children ? snapshot.below : 0;
    return {
      summary: `Delete snapshot ${snapshot.path} of ${vm.name}${below > 0 ? ` and ${below} below it` : ''}`,
      changes: [
        `${vm.name} can no longer be reverted to ${snapshot.path} of ${snapshot.created}`,
        ...(below > 0 ? [`nor to the ${below} snapshots below it`] : []),
        'its disks are consolidated, which can take long and slows the VM down',
      ],
      requests: [requestOf('RemoveSnapshot_Task', snapshot.ref)],
      blast_radius: {
        total: 1 + below,
        objects: [
          { type: 'VirtualMachine', id: vm.id, name: vm.name },
          { type: 'VirtualMachineSnapshot', id: snapshot.id, name: snapshot.path },
        ],
        reversible: false,
      },
      blockers: commonBlockers(vm),
      unmeasured: [],
    };
  })
  .run(async ({ remove_children }, { vim }, context) => {
    const vm = plannedVm(context);
    const { ref, id, name } = plannedSnapshot(context);
    const args = { removeChildren: remove_children, consolidate: true };
    const { task } = await sendTask(vim, 'RemoveSnapshot_Task', ref, args, context);
    const deleted = context.plan.blast_radius.total;
    return { vm_id: vm.id, vm: vm.name, id, name, deleted, task_id: task };
  });
