import type { Inverse } from '@vmware/policy';
import type { PowerState, VmFacts } from './vm-facts.js';

/** An inverse on one VM, by its id, while a read of it still says what the change left. */
const onVm = (
  { id }: VmFacts,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>>,
): Inverse => ({
  tool,
  input: { name: id, ...input },
  expects: { tool: 'get_vm_info', input: { name: id }, state },
});

const toReach: Readonly<Record<PowerState, string>> = {
  poweredOn: 'power_on',
  poweredOff: 'power_off',
  suspended: 'suspend_vm',
};

/** Back to the power state it had. What was in memory is not part of it. */
export const backToPower = (vm: VmFacts, now: PowerState): Inverse | undefined =>
  vm.powerState && onVm(vm, toReach[vm.powerState], {}, { power_state: now });

export const backToName = (vm: VmFacts, now: string): Inverse =>
  onVm(vm, 'rename_vm', { new_name: vm.name }, { name: now });

/** Without the snapshot, while it is the last that was taken. */
export const withoutSnapshot = ({ id }: VmFacts, snapshot: string): Inverse => ({
  tool: 'delete_snapshot',
  input: { name: id, snapshot_name: snapshot },
  expects: {
    tool: 'list_snapshots',
    input: { name: id },
    state: { items: [{ name: snapshot, is_current: true }] },
  },
});
