import type { Kube } from '@vmware/clients/kube';
import { type NamespaceInfo, nearest, type VmClass } from '@vmware/clients/wcp';
import type { VksClients } from './define.js';
import { textAt } from './field.js';
import { kinds, served } from './known-resource.js';
import { readNamespace } from './read-namespace.js';

/** What a vSphere Namespace lets clusters be made of. */
export interface Offer {
  readonly namespace: string;
  readonly info: NamespaceInfo;
  /** VM classes of the vCenter by id; those of the namespace are in `info`. */
  readonly vmClasses: ReadonlyMap<string, VmClass>;
  /** Storage classes whose policy the namespace has. */
  readonly storageClasses: readonly string[];
}

export async function offerOf(
  clients: Pick<VksClients, 'wcp' | 'supervisors'>,
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<Offer> {
  const [info, vmClasses, storageClasses] = await Promise.all([
    readNamespace(clients, namespace, signal),
    clients.wcp.vmClasses({ signal }),
    served(kube, kinds.storageclasses, signal).then((resource) => kube.all(resource, { signal })),
  ]);
  const policies = new Set((info.storage_specs ?? []).map(({ policy }) => policy));
  return {
    namespace,
    info,
    vmClasses: new Map(vmClasses.map((one) => [one.id, one])),
    storageClasses: storageClasses.items
      .filter((one) => policies.has(textAt(one, 'parameters', 'storagePolicyID') ?? ''))
      .map(({ metadata }) => metadata.name),
  };
}

/** Why a VM class cannot be used in the namespace, with the nearest that can; empty when it can. */
export const againstVmClass = ({ namespace, info }: Offer, vmClass: string): string[] =>
  against('VM class', namespace, info.vm_service_spec?.vm_classes ?? [], vmClass);

export const againstStorageClass = (
  { namespace, storageClasses }: Offer,
  wanted: string,
): string[] => against('storage class', namespace, storageClasses, wanted);

function against(
  kind: string,
  namespace: string,
  there: readonly string[],
  wanted: string,
): string[] {
  if (there.includes(wanted)) return [];
  const near = nearest(wanted, there, 3);
  const shown =
    near.length > 0 ? `near it: ${near.join(', ')}` : `it has ${there.join(', ') || 'none'}`;
  return [`The namespace ${namespace} has no ${kind} ${wanted}; ${shown}.`];
}

/** Machines that a change adds, by their class. */
export interface Machines {
  readonly vmClass: string;
  readonly count: number;
}

/** Whether the memory of new machines fits under the limit of the namespace: empty, or the arithmetic. */
export function againstMemory({ info, vmClasses }: Offer, added: readonly Machines[]): string[] {
  const limit = info.resource_spec?.memory_limit;
  if (limit === undefined) return [];
  const parts = added.flatMap(({ vmClass, count }) => {
    const each = vmClasses.get(vmClass)?.memory_MB ?? 0;
    return count > 0 && each > 0 ? [{ words: `${count} × ${each}`, sum: count * each }] : [];
  });
  const needed = parts.reduce((total, { sum }) => total + sum, 0);
  const used = info.stats?.memory_used ?? 0;
  const left = limit - used;
  if (needed <= left) return [];
  return [
    `Memory: ${parts.map(({ words }) => words).join(' + ')} = ${needed} MiB are needed, and of ${limit} MiB ${used} are in use, so ${left} are left: ${needed - left} MiB too little.`,
  ];
}
