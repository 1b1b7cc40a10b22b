import { publicNamespace } from './accounts.js';
import { ownClass } from './cluster-classes.js';
import type { Workloads } from './guest/workloads.js';
import { autoscaler } from './life/topology.js';
import type { Json } from './object.js';
import type { Stuck } from './world.js';

export interface PoolSeed {
  readonly name: string;
  /** With `autoscale`: what the autoscaler has made of it. */
  readonly replicas: number;
  /** The cluster's when absent. */
  readonly vmClass?: string;
  readonly autoscale?: { readonly min: number; readonly max: number };
}

/** A cluster that has long been there. */
export interface ClusterSeed {
  readonly namespace: string;
  readonly name: string;
  /** `v1.31.4+vmware.1-fips`, or a release that has it. */
  readonly version: string;
  /** `builtin-generic-v3.3.0` when absent. */
  readonly className?: string;
  /** 1 when absent. */
  readonly controlPlaneReplicas?: number;
  /** The first that its namespace has, when absent. */
  readonly vmClass?: string;
  /** The first that its namespace has, when absent. */
  readonly storageClass?: string;
  readonly pools: readonly PoolSeed[];
  readonly workloads?: Workloads;
  /** It has got no further than this. */
  readonly stuck?: Stuck;
  /** How long ago it was made; 30 days when absent. */
  readonly days?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The newest of the classes that come with VKS. */
const newestClass = 'builtin-generic-v3.3.0';

interface Supplies {
  readonly version: string;
  readonly vmClass: string;
  readonly storageClass: string;
}

/** The specification of a Cluster (v1beta2) as it was once sent. */
export function specOf(seed: ClusterSeed, { version, vmClass, storageClass }: Supplies): Json {
  const { className = newestClass, controlPlaneReplicas = 1, pools } = seed;
  return {
    clusterNetwork: {
      pods: { cidrBlocks: ['192.168.0.0/16'] },
      services: { cidrBlocks: ['10.96.0.0/12'] },
      serviceDomain: 'cluster.local',
    },
    topology: {
      classRef: { name: className, ...(className !== ownClass && { namespace: publicNamespace }) },
      version,
      controlPlane: { replicas: controlPlaneReplicas },
      ...(pools.length > 0 && { workers: { machineDeployments: pools.map(poolOf) } }),
      variables: [
        { name: 'vmClass', value: vmClass },
        { name: 'storageClass', value: storageClass },
        ...defaultClass(className, storageClass),
      ],
    },
  };
}

/** What makes claims in the cluster work that name no storage class. */
function defaultClass(className: string, storageClass: string): Json[] {
  const name = 'defaultStorageClass';
  if (className === ownClass || className === 'builtin-generic-v3.1.0')
    return [{ name, value: storageClass }];
  return [{ name: 'vsphereOptions', value: { persistentVolumes: { [name]: storageClass } } }];
}

function poolOf({ name, replicas, vmClass, autoscale }: PoolSeed): Json {
  return {
    class: 'node-pool',
    name,
    ...(!autoscale && { replicas }),
    ...(autoscale && {
      metadata: {
        annotations: {
          [`${autoscaler}-min-size`]: `${autoscale.min}`,
          [`${autoscaler}-max-size`]: `${autoscale.max}`,
        },
      },
    }),
    ...(vmClass !== undefined && {
      variables: { overrides: [{ name: 'vmClass', value: vmClass }] },
    }),
  };
}

/** What an autoscaler has made of pools. */
export const scaledOf = ({ pools }: ClusterSeed): Record<string, number> =>
  Object.fromEntries(pools.map(({ name, replicas }) => [name, replicas]));
