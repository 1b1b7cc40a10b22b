import { nearest } from '@vmware/clients/wcp';
import { pageOf, Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { listAt, textAt } from '../../field.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';
import { vmServiceKind } from '../../vm-service.js';

export const listVmNetworkInterfaces = defineTool({
  name: 'list_vm_network_interfaces',
  usage: 'vm nics <vm_name>',
  summary: 'List the network interfaces of one VM Service VM and the networks they are on.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'network_name', 'network_kind', 'ip_addresses'],
  flags: namespaceFlag,
  examples: ['vm nics db-01 -n dev'],
  input: z.object({
    vm_name: z.string().min(1).max(253).describe('VM Service VM.'),
    namespace: namespaceName,
    ...listInput,
  }),
  output: pageOf(
    z.object({
      name: z.string(),
      network_name: z.string().nullable(),
      network_kind: z.string().nullable(),
      network_api_version: z.string().nullable(),
      ip_addresses: z.array(z.string()),
    }),
  ).extend({ vm_name: z.string(), namespace: z.string(), served_version: z.string() }),
}).run(async ({ vm_name, namespace, ...wanted }, { supervisors }, { signal }) => {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const resource = await vmServiceKind(kube, 'virtualmachines', signal);
  const vm = await kube.find(resource, { namespace, name: vm_name, signal });
  if (!vm) {
    const { items } = await kube.all(resource, { namespace, signal });
    const near = nearest(
      vm_name,
      items.map(({ metadata }) => metadata.name),
      3,
    );
    throw new Refusal(
      'NOT_FOUND',
      `There is no VM Service VM ${vm_name} in ${namespace}${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}.`,
      'VMs outside of vSphere Namespaces are in `vmware-vsphere vm list`.',
    );
  }
  const states = listAt(vm, 'status', 'network', 'interfaces');
  const wantedNics = listAt(vm, 'spec', 'network', 'interfaces');
  // v1alpha1 has them under another name, and says what kind of network it is instead of which.
  const older = listAt(vm, 'spec', 'networkInterfaces');
  const rows = [...wantedNics, ...older].map((nic, at) => {
    const name = textAt(nic, 'name') ?? `eth${at}`;
    const state = states.find((one) => textAt(one, 'name') === name) ?? states[at];
    return {
      name,
      network_name: textAt(nic, 'network', 'name') ?? textAt(nic, 'networkName') ?? null,
      network_kind: textAt(nic, 'network', 'kind') ?? textAt(nic, 'networkType') ?? null,
      network_api_version: textAt(nic, 'network', 'apiVersion') ?? null,
      ip_addresses: listAt(state, 'ip', 'addresses').flatMap((one) => textAt(one, 'address') ?? []),
    };
  });
  return {
    ...rowsPage(rows, wanted, ({ name }) => name),
    vm_name,
    namespace,
    served_version: resource.version,
  };
});
