import { ApiError } from '@vmware/clients/http';
import { compareApiVersions, type Kube, type Resource } from '@vmware/clients/kube';

/** A kind that is known by its API group, so that only the versions have to be asked for. */
export interface KnownKind extends Omit<Resource, 'version'> {
  /** Versions that are spoken, best first; absent: the newest that is served. */
  readonly speaks?: readonly string[];
}

export const clusterApi = 'cluster.x-k8s.io';
const cluster = { group: clusterApi, speaks: ['v1beta2', 'v1beta1'], namespaced: true } as const;
const core = { group: '', speaks: ['v1'], namespaced: true } as const;
const apps = { group: 'apps', speaks: ['v1'], namespaced: true } as const;

/** Kinds by their plural. Sources: Cluster API v1beta1 and v1beta2, the core, apps and storage API of Kubernetes. */
export const kinds = {
  clusters: { ...cluster, plural: 'clusters', kind: 'Cluster' },
  clusterclasses: { ...cluster, plural: 'clusterclasses', kind: 'ClusterClass' },
  machinedeployments: { ...cluster, plural: 'machinedeployments', kind: 'MachineDeployment' },
  machines: { ...cluster, plural: 'machines', kind: 'Machine' },
  nodes: { ...core, plural: 'nodes', kind: 'Node', namespaced: false },
  pods: { ...core, plural: 'pods', kind: 'Pod' },
  services: { ...core, plural: 'services', kind: 'Service' },
  events: { ...core, plural: 'events', kind: 'Event' },
  resourcequotas: { ...core, plural: 'resourcequotas', kind: 'ResourceQuota' },
  persistentvolumeclaims: {
    ...core,
    plural: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
  },
  deployments: { ...apps, plural: 'deployments', kind: 'Deployment' },
  statefulsets: { ...apps, plural: 'statefulsets', kind: 'StatefulSet' },
  daemonsets: { ...apps, plural: 'daemonsets', kind: 'DaemonSet' },
  storageclasses: {
    group: 'storage.k8s.io',
    speaks: ['v1'],
    plural: 'storageclasses',
    kind: 'StorageClass',
    namespaced: false,
  },
} as const satisfies Readonly<Record<string, KnownKind>>;

/** The kind in the best version that is served. Throws API_NOT_SERVED with what is needed and what is served. */
export async function served(kube: Kube, known: KnownKind, signal: AbortSignal): Promise<Resource> {
  const { speaks, ...kind } = known;
  if (kind.group === '') return { ...kind, version: 'v1' };
  const there = (await kube.apis({ signal })).versions(kind.group);
  const [newest] = there.toSorted((a, b) => compareApiVersions(b, a));
  const version = speaks ? speaks.find((one) => there.includes(one)) : newest;
  if (version !== undefined) return { ...kind, version };
  throw new ApiError(
    'API_NOT_SERVED',
    `${kube.label} does not serve ${kind.plural} of ${kind.group} in ${speaks?.join(' or ') ?? 'any version'}; ${
      there.length === 0 ? 'it has no such API group' : `it serves ${there.join(', ')}`
    }`,
    {
      remedy: 'Run `vmware-vks doctor`: the Supervisor is older or newer than what is supported.',
      details: { group: kind.group, needed: speaks ?? [], served: there },
    },
  );
}
