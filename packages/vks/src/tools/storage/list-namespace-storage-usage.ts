import type { Kube } from '@vmware/clients/kube';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { textAt } from '../../field.js';
import { kinds, served } from '../../known-resource.js';
import { listInput, rowsPage } from '../../rows.js';
import { namespaceFlag, namespaceName } from '../../schema.js';
import { clusterNameLabel } from '../../upgrade-readiness.js';

export const listNamespaceStorageUsage = defineTool({
  name: 'list_namespace_storage_usage',
  usage: 'storage',
  summary: 'List the volume claims of a vSphere Namespace: size, storage class and whose they are.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['Namespaces.Manage', 'VIEW'],
  columns: ['name', 'status', 'capacity', 'storage_class', 'cluster'],
  flags: namespaceFlag,
  examples: ['storage -n dev'],
  input: z.object({ namespace: namespaceName, ...listInput }),
  output: pageOf(
    z.object({
      name: z.string(),
      namespace: z.string(),
      status: z.string(),
      capacity: z.string().nullable(),
      requested: z.string().nullable(),
      storage_class: z.string().nullable(),
      cluster: z.string().nullable(),
    }),
  ).extend({ namespace: z.string() }),
}).run(async ({ namespace, ...wanted }, { supervisors }, { signal }) => {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const resource = await served(kube, kinds.persistentvolumeclaims, signal);
  const [{ items }, clusters] = await Promise.all([
    kube.all(resource, { namespace, signal }),
    clustersByUid(kube, namespace, signal),
  ]);
  const rows = items.map((one) => {
    const { name, labels = {} } = one.metadata;
    return {
      name,
      namespace,
      status: textAt(one, 'status', 'phase') ?? 'Unknown',
      capacity: textAt(one, 'status', 'capacity', 'storage') ?? null,
      requested: textAt(one, 'spec', 'resources', 'requests', 'storage') ?? null,
      storage_class: textAt(one, 'spec', 'storageClassName') ?? null,
      cluster: labels[clusterNameLabel] ?? clusters.get(labels[clusterUid] ?? '') ?? null,
    };
  });
  return { ...rowsPage(rows, wanted, ({ name }) => name), namespace };
});

/** The label by which a volume claim of a cluster is known on its Supervisor: the cluster's uid. */
const clusterUid = 'TKGService';

/** Names are a courtesy: claims are told also where clusters may not be listed. */
async function clustersByUid(
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { items } = await kube.all(await served(kube, kinds.clusters, signal), {
      namespace,
      signal,
    });
    return new Map(items.map(({ metadata }) => [metadata.uid ?? '', metadata.name]));
  } catch {
    return new Map();
  }
}
