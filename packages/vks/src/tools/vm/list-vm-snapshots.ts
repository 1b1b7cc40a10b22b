import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { conditionsOf, isTrue } from '../../condition.js';
import { defineTool } from '../../define.js';
import { textAt } from '../../field.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';
import { vmServiceKind } from '../../vm-service.js';

export const listVmSnapshots = defineTool({
  name: 'list_vm_snapshots',
  usage: 'vm snapshots',
  summary: 'List snapshots of the VM Service VMs in a vSphere Namespace.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'vm_name', 'created', 'ready'],
  flags: namespaceFlag,
  examples: ['vm snapshots -n dev'],
  input: z.object({ namespace: namespaceName, ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      namespace: z.string(),
      vm_name: z.string().nullable(),
      created: z.string().nullable(),
      ready: z.boolean().nullable(),
    }),
  ).extend({ namespace: z.string(), served_version: z.string() }),
}).run(async ({ namespace, ...wanted }, { supervisors }, { signal }) => {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const resource = await vmServiceKind(kube, 'virtualmachinesnapshots', signal);
  const { items } = await kube.all(resource, { namespace, signal });
  const rows = items.map((one) => ({
    name: one.metadata.name,
    namespace,
    vm_name: textAt(one, 'spec', 'vmName') ?? textAt(one, 'spec', 'vmRef', 'name') ?? null,
    created: one.metadata.creationTimestamp ?? null,
    ready:
      isTrue(
        conditionsOf(one),
        'VirtualMachineSnapshotReady',
        'VirtualMachineSnapshotCreated',
        'Ready',
      ) ?? null,
  }));
  return {
    ...rowsPage(rows, wanted, ({ name }) => name),
    namespace,
    served_version: resource.version,
  };
});
