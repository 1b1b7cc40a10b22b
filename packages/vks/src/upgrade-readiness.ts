import { minorSkew } from '@vmware/clients/kube';
import { conditionsOf, isTrue } from './condition.js';
import { numberAt, textAt } from './field.js';
import { clusterApi, kinds, served } from './known-resource.js';
import type { FoundCluster } from './read-cluster.js';

export const clusterNameLabel = 'cluster.x-k8s.io/cluster-name';
export const deploymentNameLabel = 'topology.cluster.x-k8s.io/deployment-name';
export const controlPlaneLabel = `${clusterApi}/control-plane`;

/** What keeps a cluster from being upgraded now: it is not well, still busy, or a pool lags behind. */
export async function againstUpgrade(found: FoundCluster, signal: AbortSignal): Promise<string[]> {
  const { cluster, kube } = found;
  const { name, namespace, conditions, version = '' } = cluster;
  const machines = await kube.all(await served(kube, kinds.machines, signal), {
    namespace,
    labelSelector: `${clusterNameLabel}=${name}`,
    signal,
  });
  const lagging = machines.items.filter((machine) => {
    const skew = minorSkew(textAt(machine, 'spec', 'version') ?? version, version);
    return skew !== undefined && skew > 0;
  });
  const unready = machines.items.filter(
    (machine) => isTrue(conditionsOf(machine), 'Ready') === false,
  );
  return [
    ...(cluster.phase === 'Provisioned'
      ? []
      : [`The cluster is ${cluster.phase}, not Provisioned.`]),
    ...(cluster.controlPlaneReady ? [] : ['The control plane is not ready.']),
    ...(isTrue(conditions, 'RollingOut')
      ? ['Machines are being replaced: an earlier change is not finished.']
      : []),
    ...(unready.length > 0
      ? [
          `${unready.length} of ${machines.items.length} machines are not ready: ${namesOf(unready)}.`,
        ]
      : []),
    ...(lagging.length > 0
      ? [`${lagging.length} machines are still of an older minor version: ${namesOf(lagging)}.`]
      : []),
    ...(numberAt(found.object, 'status', 'controlPlane', 'replicas') === 0
      ? ['The control plane has no machine.']
      : []),
  ];
}

const namesOf = (objects: readonly { readonly metadata: { readonly name: string } }[]): string =>
  objects
    .slice(0, 5)
    .map(({ metadata }) => metadata.name)
    .join(', ') + (objects.length > 5 ? ` and ${objects.length - 5} more` : '');
