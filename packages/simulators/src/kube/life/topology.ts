import {
  type Json,
  type KubeObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../object.js';

/** One pool of workers, as a Cluster's topology asks for it. */
export interface Pool {
  readonly name: string;
  readonly class: string;
  /** Undefined when an autoscaler decides. */
  readonly replicas: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly vmClass: string;
  readonly storageClass: string;
}

/** What a Cluster asks for. */
export interface Topology {
  readonly className: string;
  readonly classNamespace: string;
  readonly version: string;
  readonly controlPlaneReplicas: number;
  readonly vmClass: string;
  readonly storageClass: string;
  readonly pools: readonly Pool[];
}

export const autoscaler = 'cluster.x-k8s.io/cluster-api-autoscaler-node-group';

/** Reads a Cluster as it is stored (v1beta2). */
export function topologyOf({ metadata, spec }: KubeObject): Topology {
  const topology = objectAt(spec, 'topology');
  const variables = listAt(topology, 'variables');
  const vmClass = String(variableOf(variables, 'vmClass') ?? '');
  const storageClass = String(variableOf(variables, 'storageClass') ?? '');
  return {
    className: textAt(topology, 'classRef', 'name') ?? '',
    classNamespace: textAt(topology, 'classRef', 'namespace') ?? metadata.namespace ?? '',
    version: textAt(topology, 'version') ?? '',
    controlPlaneReplicas: numberAt(topology, 'controlPlane', 'replicas') ?? 1,
    vmClass,
    storageClass,
    pools: listAt(topology, 'workers', 'machineDeployments').map((pool) => {
      const overrides = listAt(pool, 'variables', 'overrides');
      return {
        name: textAt(pool, 'name') ?? '',
        class: textAt(pool, 'class') ?? '',
        replicas: numberAt(pool, 'replicas'),
        annotations: objectAt(pool, 'metadata', 'annotations') as Record<string, string>,
        vmClass: String(variableOf(overrides, 'vmClass') ?? vmClass),
        storageClass: String(variableOf(overrides, 'storageClass') ?? storageClass),
      };
    }),
  };
}

export const variableOf = (variables: readonly Json[], name: string): unknown =>
  valueAt(
    variables.find((variable) => variable['name'] === name),
    'value',
  );

/** How many machines a pool starts with. */
export const firstReplicas = ({ replicas, annotations }: Pool): number =>
  replicas ?? Number(annotations[`${autoscaler}-min-size`] ?? 1);

/** Whether a machine is what its topology asks for now; otherwise it is replaced. */
export const isCurrent = (
  { version, vmClass, pools }: Topology,
  machine: {
    readonly version: string;
    readonly vmClass: string;
    readonly pool: string | undefined;
  },
): boolean =>
  machine.version === version &&
  machine.vmClass === (pools.find(({ name }) => name === machine.pool)?.vmClass ?? vmClass);
