import type { Tool } from '@vmware/policy';
import type { VsphereClients } from '../src/define.js';
import { vsphere } from '../src/toolset.js';

/** Every tool that changes nothing; a raw request is no tool of its own (tools/api). */
export const reading: readonly Tool<VsphereClients>[] = Object.values(vsphere.groups)
  .flat()
  .filter((tool) => tool.effect === 'read' && !tool.cliOnly);

/** An input for every reading tool, on objects of the seed `lab`. */
export const readInputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  list_vms: {},
  get_vm_info: { name: 'web-01' },
  list_snapshots: { name: 'scratch-01' },
  list_hosts: {},
  get_vcenter_info: {},
  get_recent_tasks: {},
};
