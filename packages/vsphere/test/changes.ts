import type { Tool } from '@vmware/policy';
import type { VsphereClients } from '../src/define.js';
import { vsphere } from '../src/toolset.js';

type Input = Readonly<Record<string, unknown>>;

/** An input for every changing tool, on VMs of the seed `lab` that allow the change. */
export const inputs: Readonly<Record<string, Input>> = {
  rename_vm: { name: 'web-01', new_name: 'web-01-renamed' },
  delete_vm: { name: 'web-02' },
  power_on: { name: 'ci-runner-01' },
  power_off: { name: 'web-03' },
  shutdown_guest: { name: 'web-04' },
  suspend_vm: { name: 'web-05' },
  create_snapshot: { name: 'web-06', snapshot_name: 'contract' },
  revert_to_snapshot: { name: 'scratch-01', snapshot_name: 'clean' },
  delete_snapshot: { name: 'scratch-01', snapshot_name: 'clean' },
};

/** Every tool that changes something; what a raw request does is not ours to say (tools/api). */
export const changing: readonly Tool<VsphereClients>[] = Object.values(vsphere.groups)
  .flat()
  .filter((tool) => tool.effect !== 'read' && !tool.cliOnly);

export function inputFor({ name }: Tool<VsphereClients>): Input {
  const input = inputs[name];
  if (!input) throw new Error(`changes.ts has no input for ${name}`);
  return input;
}
