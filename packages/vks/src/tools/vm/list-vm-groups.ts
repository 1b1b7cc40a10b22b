import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listAt, textAt } from '../../field.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';
import { vmServiceKind } from '../../vm-service.js';

export const listVmGroups = defineTool({
  name: 'list_vm_groups',
  usage: 'vm groups',
  summary: 'List groups of VM Service VMs in a vSphere Namespace, and in which order they start.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'member_count', 'boot_order'],
  flags: namespaceFlag,
  examples: ['vm groups -n dev'],
  input: z.object({ namespace: namespaceName, ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      namespace: z.string(),
      boot_order: z.array(
        z.object({
          members: z.array(z.object({ kind: z.string(), name: z.string() })),
          power_on_delay: z.string().nullable(),
        }),
      ),
      member_count: z.int(),
    }),
  ).extend({ namespace: z.string(), served_version: z.string() }),
}).run(async ({ namespace, ...wanted }, { supervisors }, { signal }) => {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const resource = await vmServiceKind(kube, 'virtualmachinegroups', signal);
  const { items } = await kube.all(resource, { namespace, signal });
  const rows = items.map((one) => {
    const boot_order = listAt(one, 'spec', 'bootOrder').map((step) => ({
      members: listAt(step, 'members').map((member) => ({
        kind: textAt(member, 'kind') ?? 'VirtualMachine',
        name: textAt(member, 'name') ?? '',
      })),
      power_on_delay: textAt(step, 'powerOnDelay') ?? null,
    }));
    return {
      name: one.metadata.name,
      namespace,
      boot_order,
      member_count: boot_order.reduce((sum, { members }) => sum + members.length, 0),
    };
  });
  return {
    ...rowsPage(rows, wanted, ({ name }) => name),
    namespace,
    served_version: resource.version,
  };
});
