import { ApiError } from '@vmware/clients/http';
import type { Kube, KubeObject, Resource } from '@vmware/clients/kube';
import { nearest } from '@vmware/clients/wcp';
import { Refusal } from '@vmware/policy';
import { type ClusterView, viewOf } from './cluster-view.js';
import type { VksClients } from './define.js';
import { kinds, served } from './known-resource.js';
import { quoted } from './quoted.js';

/** A cluster and where it was read. */
export interface FoundCluster {
  /** The Kubernetes API of its Supervisor. */
  readonly kube: Kube;
  readonly resource: Resource;
  /** As the server sent it; what a change of a list starts from. */
  readonly object: KubeObject;
  readonly cluster: ClusterView;
}

/** One cluster on the Supervisor of its namespace. Throws NOT_FOUND with the nearest name. */
export async function readCluster(
  { supervisors }: Pick<VksClients, 'supervisors'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<FoundCluster> {
  const kube = await supervisors.kubeOf(namespace, { signal });
  const resource = await served(kube, kinds.clusters, signal);
  try {
    const object = await kube.get(resource, { namespace, name, signal });
    return { kube, resource, object, cluster: viewOf(object) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'NOT_FOUND') throw error;
    const { items } = await kube.all(resource, { namespace, signal });
    const names = items.map(({ metadata }) => metadata.name);
    const [near] = nearest(name, names, 1);
    throw new Refusal(
      'NOT_FOUND',
      `There is no cluster ${name} in the namespace ${namespace}${near ? `; did you mean ${near}` : ''}.`,
      `Run \`vmware-vks tkc list -n ${quoted(namespace)}\` to see them.`,
    );
  }
}
