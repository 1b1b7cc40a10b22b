import type { KubeObject } from '@vmware/clients/kube';
import { type Condition, conditionsOf, isTrue } from './condition.js';
import { flagAt, listAt, numberAt, textAt, textsAt, valueAt } from './field.js';

/** The annotations by which an autoscaler knows its bounds. Source: Cluster API provider of the cluster autoscaler. */
const group = 'cluster.x-k8s.io/cluster-api-autoscaler-node-group';
export const autoscaler = { min: `${group}-min-size`, max: `${group}-max-size` } as const;

/** One pool of workers, as a cluster asks for it. */
export interface Pool {
  readonly name: string;
  readonly class: string;
  /** Undefined when an autoscaler decides. */
  readonly replicas: number | undefined;
  readonly autoscale: { readonly min: number; readonly max: number } | undefined;
  readonly vmClass: string | undefined;
  readonly storageClass: string | undefined;
}

/** One cluster, whichever version of Cluster API told of it. Everything may be missing while it is being made. */
export interface ClusterView {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: string | null;
  /** Pending, Provisioning, Provisioned, Deleting, Failed or Unknown. */
  readonly phase: string;
  readonly className: string | undefined;
  readonly classNamespace: string | undefined;
  /** Undefined: it has no topology, so it is not managed by a ClusterClass. */
  readonly version: string | undefined;
  readonly controlPlaneReplicas: number | undefined;
  readonly pools: readonly Pool[];
  readonly vmClass: string | undefined;
  readonly storageClass: string | undefined;
  readonly variables: readonly { readonly name: string; readonly value: unknown }[];
  readonly conditions: readonly Condition[];
  readonly infrastructureReady: boolean;
  readonly controlPlaneReady: boolean;
  readonly paused: boolean;
  readonly deleting: boolean;
  /** `10.1.2.3:6443` */
  readonly endpoint: string | undefined;
}

export function viewOf(object: KubeObject): ClusterView {
  const { metadata, spec } = object;
  const topology = valueAt(spec, 'topology');
  const variables = listAt(topology, 'variables').flatMap((one) => {
    const name = textAt(one, 'name');
    return name === undefined ? [] : [{ name, value: valueAt(one, 'value') }];
  });
  const value = (name: string) => variables.find((one) => one.name === name)?.value;
  const [vmClass, storageClass] = [text(value('vmClass')), text(value('storageClass'))];
  const conditions = conditionsOf(object);
  const host = textAt(spec, 'controlPlaneEndpoint', 'host');
  const port = numberAt(spec, 'controlPlaneEndpoint', 'port') ?? 6443;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    createdAt: metadata.creationTimestamp ?? null,
    phase: textAt(object, 'status', 'phase') ?? 'Unknown',
    className: textAt(topology, 'classRef', 'name') ?? textAt(topology, 'class'),
    classNamespace: textAt(topology, 'classRef', 'namespace') ?? textAt(topology, 'classNamespace'),
    version: textAt(topology, 'version'),
    controlPlaneReplicas: numberAt(topology, 'controlPlane', 'replicas'),
    pools: listAt(topology, 'workers', 'machineDeployments').map((pool) =>
      poolOf(pool, vmClass, storageClass),
    ),
    vmClass,
    storageClass,
    variables,
    conditions,
    infrastructureReady:
      isTrue(conditions, 'InfrastructureReady') ??
      flagAt(object, 'status', 'initialization', 'infrastructureProvisioned') ??
      flagAt(object, 'status', 'infrastructureReady') ??
      false,
    controlPlaneReady:
      isTrue(conditions, 'ControlPlaneAvailable', 'ControlPlaneReady') ??
      flagAt(object, 'status', 'controlPlaneReady') ??
      false,
    paused: flagAt(spec, 'paused') ?? false,
    deleting: metadata.deletionTimestamp !== undefined,
    endpoint: host ? `${host.includes(':') ? `[${host}]` : host}:${port}` : undefined,
  };
}

function poolOf(
  pool: unknown,
  vmClass: string | undefined,
  storageClass: string | undefined,
): Pool {
  const overrides = listAt(pool, 'variables', 'overrides');
  const override = (name: string) =>
    text(
      valueAt(
        overrides.find((one) => textAt(one, 'name') === name),
        'value',
      ),
    );
  const annotations = textsAt(pool, 'metadata', 'annotations');
  const [min, max] = [annotations[autoscaler.min], annotations[autoscaler.max]].map(Number);
  return {
    name: textAt(pool, 'name') ?? '',
    class: textAt(pool, 'class') ?? '',
    replicas: numberAt(pool, 'replicas'),
    autoscale:
      min !== undefined && max !== undefined && Number.isInteger(min) && Number.isInteger(max)
        ? { min, max }
        : undefined,
    vmClass: override('vmClass') ?? vmClass,
    storageClass: override('storageClass') ?? storageClass,
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Workers that a cluster asks for; null when an autoscaler decides about some of them. */
export const workersOf = ({ pools }: ClusterView): number | null =>
  pools.some(({ replicas }) => replicas === undefined)
    ? null
    : pools.reduce((sum, { replicas = 0 }) => sum + replicas, 0);
