import { ApiError } from '@vmware/clients/http';
import type { Kube, KubeObject } from '@vmware/clients/kube';
import type { Supervisors } from '@vmware/clients/wcp';
import { textAt } from './field.js';
import { type KnownKind, kinds, served } from './known-resource.js';
import { clusterNameLabel } from './upgrade-readiness.js';

/** Something that goes with a namespace or a cluster. */
export interface Found {
  readonly kind: string;
  readonly name: string;
  /** What else to know: ` (5Gi)`, empty when nothing. */
  readonly note: string;
}

export interface Inside {
  readonly found: Found[];
  /** What could not be looked at: unknown means no. */
  readonly unseen: string[];
}

const virtualMachines: KnownKind = {
  group: 'vmoperator.vmware.com',
  plural: 'virtualmachines',
  kind: 'VirtualMachine',
  namespaced: true,
};

export interface Look {
  readonly what: string;
  readonly kind: KnownKind;
  /** undefined: it is not a loss of its own. */
  readonly tell: (object: KubeObject) => Found | undefined;
}

const named = (kind: string, { metadata }: KubeObject, note = ''): Found => ({
  kind,
  name: metadata.name,
  note,
});

/** What belongs to a cluster goes with the cluster, which is named itself. */
const isOfCluster = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.[clusterNameLabel] !== undefined ||
  metadata.labels?.['capv.vmware.com/cluster.name'] !== undefined ||
  metadata.labels?.['TKGService'] !== undefined;

const looks: readonly Look[] = [
  {
    what: 'clusters',
    kind: kinds.clusters,
    tell: (one) => named('cluster', one, ` (${textAt(one, 'status', 'phase') ?? 'Unknown'})`),
  },
  {
    what: 'VMs',
    kind: virtualMachines,
    tell: (one) => (isOfCluster(one) ? undefined : named('VM', one)),
  },
  {
    what: 'pods',
    kind: kinds.pods,
    tell: (one) =>
      isOfCluster(one) || ['Succeeded', 'Failed'].includes(textAt(one, 'status', 'phase') ?? '')
        ? undefined
        : named('pod', one),
  },
  {
    what: 'volume claims',
    kind: kinds.persistentvolumeclaims,
    tell: (one) =>
      isOfCluster(one)
        ? undefined
        : named('volume claim', one, sized(textAt(one, 'status', 'capacity', 'storage'))),
  },
  {
    what: 'load balancers',
    kind: kinds.services,
    tell: (one) =>
      textAt(one, 'spec', 'type') !== 'LoadBalancer' || isOfCluster(one)
        ? undefined
        : named('load balancer', one),
  },
];

export const sized = (size: string | undefined): string => (size ? ` (${size})` : '');

/**
 * What a vSphere Namespace holds, on the Supervisor that it is on. A kind that this Supervisor does not have is none;
 * a kind that may not or cannot be listed is in `unseen`.
 */
export async function inside(
  supervisors: Supervisors,
  namespace: string,
  signal: AbortSignal,
): Promise<Inside> {
  const kube = await supervisors.kubeOf(namespace, { signal }).catch((error: unknown) => {
    if (error instanceof ApiError) return error;
    throw error;
  });
  if (kube instanceof ApiError)
    return { found: [], unseen: [`everything in ${namespace}: ${kube.message}`] };
  const parts = await Promise.all(
    looks.map((look) => lookAt(kube, look, { namespace, where: namespace, signal })),
  );
  return {
    found: parts.flatMap(({ found }) => found),
    unseen: parts.flatMap(({ unseen }) => unseen),
  };
}

/**
 * What is there of one kind, in a namespace or in all. A kind that this server does not have is none; one that may not
 * or cannot be listed is unseen.
 */
export async function lookAt(
  kube: Kube,
  { what, kind, tell }: Look,
  { namespace, where, signal }: { namespace?: string; where: string; signal: AbortSignal },
): Promise<Inside> {
  try {
    const { items } = await kube.all(await served(kube, kind, signal), { namespace, signal });
    return { found: items.flatMap((one) => tell(one) ?? []), unseen: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || signal.aborted) throw error;
    if (error.code === 'API_NOT_SERVED' && isNoGroup(error)) return { found: [], unseen: [] };
    return { found: [], unseen: [`${what} in ${where}: ${error.message}`] };
  }
}

/** Whether the API group is not there at all: then there is nothing of it. An unknown version is not nothing. */
const isNoGroup = ({ details }: ApiError): boolean =>
  Array.isArray(details?.['served']) && details['served'].length === 0;

const plural: Readonly<Record<string, string>> = {
  cluster: 'clusters',
  VM: 'VMs',
  pod: 'pods',
  'volume claim': 'volume claims',
  'load balancer': 'load balancers',
};

/** How many of each kind, with the first names: `2 clusters (web, batch)`. */
export function lossesOf(found: readonly Found[]): string[] {
  return [...new Set(found.map(({ kind }) => kind))].map((kind) => {
    const those = found.filter((one) => one.kind === kind);
    const names = those.slice(0, 5).map(({ name }) => name);
    const more = those.length > 5 ? ` and ${those.length - 5} more` : '';
    return `${those.length} ${those.length === 1 ? kind : (plural[kind] ?? `${kind}s`)} (${names.join(', ')}${more})`;
  });
}
