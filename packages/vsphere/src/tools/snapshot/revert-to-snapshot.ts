import * as z from 'zod';
import { defineTool } from '../../define.js';
import { plannedSnapshot, plannedVm, requestOf, sendTask } from '../../planned-request.js';
import { vmName } from '../../schema.js';
import { pickSnapshot, snapshotsOf } from '../../snapshots.js';
import { commonBlockers, unmeasuredState, vmFacts } from '../../vm-facts.js';

export const revertToSnapshot = defineTool({
  name: 'revert_to_snapshot',
  usage: 'snapshot revert <name> <snapshot_name>',
  summary: 'Put a VM back to a snapshot; everything since then is lost.',
  effect: 'destroy',
  risk: 'high',
  level: 'power_ops',
  privileges: ['VirtualMachine.State.RevertToSnapshot'],
  timeout: 900_000,
  examples: ['snapshot revert web-01 before-upgrade'],
  input: z.object({
    name: vmName,
    snapshot_name: z.string().min(1).max(2000).describe('Snapshot name, path or id.'),
  }),
  output: z.object({
    vm_id: z.string(),
    vm: z.string(),
    id: z.string(),
    name: z.string(),
    task_id: z.string(),
  }),
})
  .plan(async ({ name, snapshot_name }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const snapshot = pickSnapshot(await snapshotsOf(vim, vm.ref, signal), snapshot_name, vm);
    return {
      summary: `Revert ${vm.name} (${vm.powerState}) to snapshot ${snapshot.path} of ${snapshot.created}`,
      changes: [
        `everything written to ${vm.name} since ${snapshot.created} is lost`,
        ...(vm.powerState === snapshot.state
          ? []
          : [
              `${vm.name}: ${vm.powerState} → ${snapshot.state}, as far as the snapshot has its memory`,
            ]),
      ],
      requests: [requestOf('RevertToSnapshot_Task', snapshot.ref)],
      blast_radius: {
        total: 1,
        objects: [
          { type: 'VirtualMachine', id: vm.id, name: vm.name },
          { type: 'VirtualMachineSnapshot', id: snapshot.id, name: snapshot.path },
        ],
        reversible: false,
      },
      blockers: commonBlockers(vm),
      unmeasured: unmeasuredState(vm),
    };
  })
  .run(async (_input, { vim }, context) => {
    const { id, name } = plannedVm(context);
    const snapshot = plannedSnapshot(context);
    const { task } = await sendTask(vim, 'RevertToSnapshot_Task', snapshot.ref, {}, context);
    return { vm_id: id, vm: name, id: snapshot.id, name: snapshot.name, task_id: task };
  });
