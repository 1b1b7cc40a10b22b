import type { Ref } from '@vmware/clients/vim';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { plannedVm, requestOf, sendTask } from '../../planned-request.js';
import { vmName } from '../../schema.js';
import { snapshotsOf } from '../../snapshots.js';
import { withoutSnapshot } from '../../undo.js';
import { commonBlockers, oneVm, unmeasuredState, vmFacts } from '../../vm-facts.js';

export const createSnapshot = defineTool({
  name: 'create_snapshot',
  usage: 'snapshot create <name> <snapshot_name>',
  summary: 'Take a snapshot of a VM, with its memory when it runs unless told otherwise.',
  effect: 'write',
  risk: 'medium',
  level: 'power_ops',
  privileges: ['VirtualMachine.State.CreateSnapshot'],
  timeout: 900_000,
  examples: [
    'snapshot create web-01 before-upgrade --description "kernel 6.12"',
    'snapshot create db-01 nightly --no-memory --quiesce',
  ],
  input: z.object({
    name: vmName,
    snapshot_name: z.string().trim().min(1).max(80).describe('Name of the snapshot.'),
    description: z.string().max(1000).default('').describe('Why it was taken.'),
    memory: z.boolean().default(true).describe('Include memory.'),
    quiesce: z.boolean().default(false).describe('Flush guest file systems; needs VMware Tools.'),
  }),
  output: z.object({
    vm_id: z.string(),
    vm: z.string(),
    id: z.string(),
    name: z.string(),
    task_id: z.string(),
  }),
})
  .plan(async ({ name, snapshot_name, memory, quiesce }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const before = await snapshotsOf(vim, vm.ref, signal);
    const withMemory = memory && vm.powerState === 'poweredOn';
    const same = before.filter((snapshot) => snapshot.name === snapshot_name).length;
    return {
      summary: `Take snapshot ${snapshot_name} of ${vm.name} (${vm.powerState})`,
      changes: [
        `${vm.name}: snapshot ${before.length + 1}, ${withMemory ? 'with' : 'without'} memory${quiesce ? ', quiesced' : ''}`,
        ...(same > 0
          ? [`${same} snapshot${same === 1 ? ' has' : 's have'} this name already`]
          : []),
      ],
      requests: [requestOf('CreateSnapshot_Task', vm.ref)],
      blast_radius: oneVm(vm, same === 0),
      blockers: [
        ...commonBlockers(vm),
        ...(vm.isTemplate ? [`${vm.name} is a template, and templates take no snapshots.`] : []),
        ...(quiesce && vm.powerState === 'poweredOn' && !vm.toolsRunning
          ? [`VMware Tools does not run in ${vm.name}, so it cannot be quiesced.`]
          : []),
      ],
      unmeasured: unmeasuredState(vm),
      // Of two snapshots with one name none can be told to go.
      ...(same === 0 ? { undo: withoutSnapshot(vm, snapshot_name) } : {}),
    };
  })
  .run(async ({ snapshot_name, description, memory, quiesce }, { vim }, context) => {
    const { ref, id, name } = plannedVm(context);
    const args = { name: snapshot_name, description, memory, quiesce };
    const { task, result } = await sendTask<Ref>(vim, 'CreateSnapshot_Task', ref, args, context);
    return { vm_id: id, vm: name, id: result.value, name: snapshot_name, task_id: task };
  });
