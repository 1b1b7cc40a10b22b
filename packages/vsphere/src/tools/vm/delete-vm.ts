import { ApiError } from '@vmware/clients/http';
import { properties, type Vim } from '@vmware/clients/vim';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { capacityOf, type Device, gigabytes, isDisk } from '../../devices.js';
import { plannedVm, requestOf, sendTask } from '../../planned-request.js';
import { vmName } from '../../schema.js';
import { type SnapshotTree, snapshotsIn } from '../../snapshots.js';
import { commonBlockers, oneVm, unmeasuredState, type VmFacts, vmFacts } from '../../vm-facts.js';

export const deleteVm = defineTool({
  name: 'delete_vm',
  usage: 'vm delete <name>',
  summary: 'Delete a VM with its disks and snapshots; a running one is powered off first.',
  effect: 'destroy',
  risk: 'critical',
  level: 'vm_lifecycle',
  privileges: ['VirtualMachine.Inventory.Delete', 'VirtualMachine.Interact.PowerOff'],
  timeout: 600_000,
  examples: ['vm delete web-01 --dry-run', 'vm delete web-01 --yes --confirm web-01'],
  input: z.object({ name: vmName }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    state: z.literal('deleted'),
    powered_off: z.boolean(),
    task_id: z.string(),
  }),
})
  .plan(async ({ name }, { vim }, { signal }) => {
    const vm = await vmFacts(vim, name, signal);
    const { losses, unmeasured } = await measure(vim, vm, signal);
    const mustStop = vm.powerState === 'poweredOn';
    return {
      summary: `Delete ${vm.name} (${vm.id}, ${vm.powerState}) and its files`,
      changes: [
        ...(mustStop ? [`power off ${vm.name} without shutting down its guest`] : []),
        `delete ${vm.name} from the inventory and its files from the datastore`,
        ...losses,
      ],
      requests: [
        ...(mustStop ? [requestOf('PowerOffVM_Task', vm.ref)] : []),
        requestOf('Destroy_Task', vm.ref),
      ],
      blast_radius: oneVm(vm, false),
      blockers: commonBlockers(vm),
      unmeasured: [...unmeasuredState(vm), ...unmeasured],
    };
  })
  .run(async (_input, { vim }, context) => {
    const { ref, id, name } = plannedVm(context);
    const mustStop = context.plan.requests.length > 1;
    if (mustStop) await sendTask(vim, 'PowerOffVM_Task', ref, {}, context);
    const { task } = await sendTask(vim, 'Destroy_Task', ref, {}, context).catch(
      (error: unknown) => {
        throw mustStop ? halfDone(name, error) : error;
      },
    );
    return { id, name, state: 'deleted' as const, powered_off: mustStop, task_id: task };
  });

/** The same error, saying what had happened before it. */
function halfDone(name: string, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const { code, message, remedy, retryable, effect, details } = error;
  return new ApiError(code, `${name} was powered off, then: ${message}`, {
    remedy,
    retryable,
    effect,
    cause: error,
    details: { ...details, done: 1, total: 2 },
  });
}

/** Disks and snapshots that go with the VM. Not being able to see them is unmeasured, not nothing. */
async function measure(
  vim: Vim,
  { ref, name }: VmFacts,
  signal: AbortSignal,
): Promise<{ losses: string[]; unmeasured: string[] }> {
  const { props } = await properties(vim, ref, ['config.hardware.device', 'snapshot'], { signal });
  const devices = props['config.hardware.device'] as Device[] | undefined;
  if (!devices) return { losses: [], unmeasured: [`the disks of ${name}`] };
  const disks = devices.filter(isDisk);
  const bytes = disks.reduce((sum, disk) => sum + (capacityOf(disk) ?? 0), 0);
  const snapshots = snapshotsIn(props['snapshot'] as SnapshotTree | undefined).length;
  return {
    losses: [
      ...(disks.length > 0
        ? [`${disks.length} disk${disks.length === 1 ? '' : 's'}, ${gigabytes(bytes)} GB, are lost`]
        : []),
      ...(snapshots > 0 ? [`${snapshots} snapshot${snapshots === 1 ? '' : 's'} are lost`] : []),
    ],
    unmeasured: [],
  };
}
