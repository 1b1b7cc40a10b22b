import type { Json } from '../object.js';
import { plant, type World } from '../world.js';

/** Deployments, StatefulSets or DaemonSets of a cluster's own people. */
export interface WorkloadSeed {
  readonly namespace: string;
  readonly name: string;
  /** 1 when absent; a DaemonSet has as many as there are nodes. */
  readonly replicas?: number;
  /** How many of them are ready; all when absent. */
  readonly ready?: number;
}

export interface ClaimSeed {
  readonly namespace: string;
  readonly name: string;
  /** `10Gi` */
  readonly storage: string;
  readonly storageClass: string;
}

export interface LoadBalancerSeed {
  readonly namespace: string;
  readonly name: string;
  /** Absent: it waits for one. */
  readonly address?: string;
}

/** What runs in a cluster besides what comes with it. */
export interface Workloads {
  readonly deployments?: readonly WorkloadSeed[];
  readonly statefulSets?: readonly WorkloadSeed[];
  readonly daemonSets?: readonly WorkloadSeed[];
  readonly claims?: readonly ClaimSeed[];
  readonly loadBalancers?: readonly LoadBalancerSeed[];
}

type Place = Pick<World, 'kinds' | 'store'>;

/** What a cluster of VKS comes with, as far as it is Deployments and DaemonSets. */
export const systemWorkloads: Required<Pick<Workloads, 'deployments' | 'daemonSets'>> = {
  deployments: [
    { namespace: 'kube-system', name: 'antrea-controller' },
    { namespace: 'kube-system', name: 'coredns', replicas: 2 },
    { namespace: 'kube-system', name: 'metrics-server' },
    { namespace: 'vmware-system-cloud-provider', name: 'guest-cluster-cloud-provider' },
    { namespace: 'vmware-system-csi', name: 'vsphere-csi-controller' },
    { namespace: 'vmware-system-tkg', name: 'kapp-controller' },
    { namespace: 'vmware-system-tkg', name: 'secretgen-controller' },
  ],
  daemonSets: [
    { namespace: 'kube-system', name: 'antrea-agent' },
    { namespace: 'kube-system', name: 'kube-proxy' },
    { namespace: 'vmware-system-auth', name: 'guest-cluster-auth-svc' },
    { namespace: 'vmware-system-csi', name: 'vsphere-csi-node' },
  ],
};

const podOf = (name: string): Json => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name, image: `localhost:5000/${name}:1` }] },
});

export function plantNamespace({ kinds, store }: Place, name: string): void {
  const kind = kinds.named('namespaces');
  if (store.get(kind, undefined, name)) return;
  plant(
    { kinds, store },
    ['namespaces'],
    { name, labels: { 'kubernetes.io/metadata.name': name } },
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  );
}

/** Makes workloads, and the namespaces that they are in. */
export function plantWorkloads(place: Place, workloads: Workloads): void {
  for (const [plural, seeds = []] of [
    ['deployments', workloads.deployments],
    ['statefulsets', workloads.statefulSets],
  ] as const)
    for (const { namespace, name, replicas = 1, ready = replicas } of seeds) {
      plantNamespace(place, namespace);
      const unready = ready < replicas && { unavailableReplicas: replicas - ready };
      plant(
        place,
        [plural, 'apps'],
        { name, namespace, labels: { app: name } },
        {
          spec: { replicas, selector: { matchLabels: { app: name } }, template: podOf(name) },
          status: {
            observedGeneration: 1,
            replicas,
            updatedReplicas: replicas,
            // Absent, not 0, where none is ready: as Kubernetes leaves it out.
            ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
            ...(plural === 'deployments' && unready),
          },
        },
      );
    }
  for (const { namespace, name } of workloads.daemonSets ?? []) {
    plantNamespace(place, namespace);
    plant(
      place,
      ['daemonsets', 'apps'],
      { name, namespace, labels: { app: name } },
      {
        spec: { selector: { matchLabels: { app: name } }, template: podOf(name) },
        status: daemonStatus(0),
      },
    );
  }
  for (const claim of workloads.claims ?? []) plantClaim(place, claim);
  for (const { namespace, name, address } of workloads.loadBalancers ?? []) {
    plantNamespace(place, namespace);
    plant(
      place,
      ['services'],
      { name, namespace },
      {
        spec: {
          type: 'LoadBalancer',
          selector: { app: name },
          ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }],
        },
        status: { loadBalancer: address === undefined ? {} : { ingress: [{ ip: address }] } },
      },
    );
  }
}

/** Makes a claim that has its volume. */
export function plantClaim(
  place: Place,
  { namespace, name, storage, storageClass }: ClaimSeed,
  labels: Readonly<Record<string, string>> = {},
): void {
  plantNamespace(place, namespace);
  const accessModes = ['ReadWriteOnce'];
  plant(
    place,
    ['persistentvolumeclaims'],
    { name, namespace, labels },
    {
      spec: {
        accessModes,
        resources: { requests: { storage } },
        storageClassName: storageClass,
        volumeMode: 'Filesystem',
        volumeName: `pvc-${namespace}-${name}`,
      },
      status: { phase: 'Bound', accessModes, capacity: { storage } },
    },
  );
}

const daemonStatus = (nodes: number): Json => ({
  observedGeneration: 1,
  currentNumberScheduled: nodes,
  desiredNumberScheduled: nodes,
  numberAvailable: nodes,
  numberMisscheduled: 0,
  numberReady: nodes,
  updatedNumberScheduled: nodes,
});

/** Brings DaemonSets to so many nodes. */
export function spreadDaemons({ kinds, store }: Place, nodes: number): void {
  const kind = kinds.named('daemonsets', 'apps');
  for (const daemon of store.list(kind)) store.setStatus(kind, daemon, daemonStatus(nodes));
}
