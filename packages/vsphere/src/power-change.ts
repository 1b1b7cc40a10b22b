import type { Context, Inverse, Plan } from '@vmware/policy';
import * as z from 'zod';
import type { VsphereClients } from './define.js';
import { plannedVm, requestOf, sendTask } from './planned-request.js';
import { powerState, vmChange } from './schema.js';
import { backToPower } from './undo.js';
import {
  commonBlockers,
  oneVm,
  type PowerState,
  unmeasuredState,
  type VmFacts,
  vmFacts,
} from './vm-facts.js';

/** A change of power state that vCenter does as one task. */
export interface PowerChange {
  readonly method: 'PowerOnVM_Task' | 'PowerOffVM_Task' | 'SuspendVM_Task';
  readonly to: PowerState;
  readonly verb: string;
  /** What is lost on the way, said in the plan. */
  readonly loss?: string;
  readonly blockers?: (vm: VmFacts) => string[];
}

export const powerOutput = z.object({
  ...vmChange,
  power_state: powerState,
  task_id: z.string().nullable(),
});

/** The plan: nothing to do when the VM is there already. */
export async function planPower(
  { method, to, verb, loss, blockers = () => [] }: PowerChange,
  name: string,
  { vim }: VsphereClients,
  { signal }: Context<undefined>,
): Promise<Plan> {
  const vm = await vmFacts(vim, name, signal);
  const isThere = vm.powerState === to;
  return {
    summary: isThere ? `${vm.name} is ${to} already` : `${verb} ${vm.name} (${vm.powerState})`,
    changes: isThere ? [] : [`${vm.name}: ${vm.powerState} → ${to}${loss ? `; ${loss}` : ''}`],
    requests: isThere ? [] : [requestOf(method, vm.ref)],
    blast_radius: oneVm(vm, true),
    blockers: [...commonBlockers(vm), ...blockers(vm)],
    unmeasured: unmeasuredState(vm),
    ...undoOf(isThere ? undefined : backToPower(vm, to)),
  };
}

const undoOf = (undo: Inverse | undefined) => (undo ? { undo } : {});

export async function runPower(
  { method, to }: PowerChange,
  { vim }: VsphereClients,
  context: Context<Plan>,
): Promise<z.input<typeof powerOutput>> {
  const { ref, id, name } = plannedVm(context);
  const changed = context.plan.requests.length > 0;
  const sent = changed ? await sendTask(vim, method, ref, {}, context) : undefined;
  return { id, name, changed, power_state: to, task_id: sent?.task ?? null };
}
