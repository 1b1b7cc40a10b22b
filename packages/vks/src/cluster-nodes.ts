import { ApiError } from '@vmware/clients/http';
import type { KubeObject } from '@vmware/clients/kube';
import type { ClusterView } from './cluster-view.js';
import { conditionsOf, isTrue } from './condition.js';
import type { VksClients } from './define.js';
import { flagAt, textAt } from './field.js';
import { kinds, served } from './known-resource.js';

export interface NodeState {
  readonly name: string;
  readonly ready: boolean | null;
  readonly version: string | null;
  readonly cordoned: boolean;
  /** MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable. */
  readonly pressure: string[];
}

/** Nodes as the cluster itself has them; null with the reason when it cannot be asked. */
export async function nodesOf(
  { supervisors }: Pick<VksClients, 'supervisors'>,
  { namespace, name, endpoint }: ClusterView,
  signal: AbortSignal,
): Promise<{ nodes: NodeState[] | null; why: string | null }> {
  if (endpoint === undefined) return { nodes: null, why: 'It has no control plane endpoint yet.' };
  try {
    const kube = await supervisors.cluster({ namespace, name }, { signal });
    const { items } = await kube.all(await served(kube, kinds.nodes, signal), { signal });
    return { nodes: items.map(nodeOf), why: null };
  } catch (error) {
    if (!(error instanceof ApiError) || signal.aborted) throw error;
    return { nodes: null, why: error.message };
  }
}

function nodeOf(node: KubeObject): NodeState {
  const conditions = conditionsOf(node);
  return {
    name: node.metadata.name,
    ready: isTrue(conditions, 'Ready') ?? null,
    version: textAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? null,
    cordoned: flagAt(node, 'spec', 'unschedulable') ?? false,
    pressure: conditions
      .filter(({ type, status }) => type !== 'Ready' && status === 'True')
      .map(({ type }) => type),
  };
}
