import { longText, page, pageInput, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { vmName } from '../../schema.js';
import { snapshotsOf } from '../../snapshots.js';
import { vmFacts } from '../../vm-facts.js';

export const listSnapshots = defineTool({
  name: 'list_snapshots',
  usage: 'snapshot list <name>',
  summary: 'List the snapshots of a VM, parents before children.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  columns: ['name', 'id', 'created', 'state', 'is_current', 'path'],
  examples: ['snapshot list web-01'],
  input: z.object({ name: vmName, ...pageInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      id: z.string(),
      path: z.string(),
      description: longText(),
      created: z.string(),
      state: z.string(),
      quiesced: z.boolean(),
      is_current: z.boolean(),
    }),
  ),
}).run(async ({ name, limit, cursor }, { vim }, { signal }) => {
  const vm = await vmFacts(vim, name, signal);
  const all = await snapshotsOf(vim, vm.ref, signal);
  const placed = all.map((snapshot, i) => ({ ...snapshot, place: String(i).padStart(6, '0') }));
  return page(placed, { limit, cursor }, ({ place }) => place);
});
