import { longText, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listInput, rowsPage } from '../../rows.js';

export const listSupervisorStoragePolicies = defineTool({
  name: 'list_supervisor_storage_policies',
  usage: 'supervisor storage-policies',
  summary: 'List storage policies that a vSphere Namespace can be given.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  columns: ['name', 'policy', 'description'],
  examples: ['supervisor storage-policies'],
  input: z.object({ ...listInput }),
  output: pageOf(z.object({ policy: z.string(), name: z.string(), description: longText() })),
}).run(async (wanted, { wcp }, { signal }) => {
  const policies = await wcp.storagePolicies({ signal });
  return rowsPage(
    policies.map(({ policy, name, description = '' }) => ({ policy, name, description })),
    wanted,
    ({ name, policy }) => `${name}\u0000${policy}`,
  );
});
