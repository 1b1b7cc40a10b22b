import type { Group } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { orNull } from '../../capture.js';
import { defineTool } from '../../define.js';
import { readExclusions } from '../../exclusions.js';
import { vmMembers } from '../../group-members.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, rowsPage } from '../../rows.js';

const machine = z.object({ id: z.string(), display_name: z.string(), type: z.string() });

export const listDfwExclusions = defineTool({
  name: 'list_dfw_exclusions',
  usage: 'exclusion list',
  summary:
    'Groups on the firewall exclude list with their VMs: no rule is enforced for any of them.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  columns: ['id', 'display_name', 'vm_count', 'path'],
  examples: ['exclusion list'],
  input: z.object(listInput),
  output: pageOf(
    z.object({
      path: z.string(),
      id: z.string(),
      display_name: z.string().nullable(),
      vm_count: z.int().nullable(),
      virtual_machines: z.array(machine),
      members_error: z.string().nullable(),
    }),
  ).extend({ scope: z.enum(['system_and_user', 'user']) }),
}).run(async (wanted, { nsx }, context) => {
  const place = placeOf(nsx, undefined, context);
  const { list, scope } = await readExclusions(place);
  const { items, ...envelope } = rowsPage(list.members, wanted, (path) => path);
  const groups = await Promise.all(
    items.map(async (path) => {
      const [group, members] = await Promise.all([
        orNull(nsx.get<Group>(targetOf(place, path), { signal: place.signal })),
        vmMembers(place, path),
      ]);
      return {
        path,
        id: group?.id ?? path.slice(path.lastIndexOf('/') + 1),
        display_name: group?.display_name ?? null,
        vm_count: members.member_count,
        virtual_machines: [...members.members],
        members_error: members.members_error,
      };
    }),
  );
  return { ...envelope, items: groups, scope };
});
