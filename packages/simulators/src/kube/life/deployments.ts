import type { KubeObject } from '../object.js';
import { capi, clusterName, deploymentName, plant, type World } from '../world.js';
import { conditionsAt } from './conditions.js';
import { deploymentOf, type MachineRecord } from './machines.js';
import { isCurrent, type Pool, type Topology } from './topology.js';

/** Makes the MachineDeployment of a pool, or brings it up to what the pool and its machines are. */
export function showDeployment(
  world: World,
  cluster: KubeObject,
  topology: Topology,
  pool: Pool,
  replicas: number,
  machines: readonly MachineRecord[],
): void {
  const { kinds, store, agenda } = world;
  const { version } = topology;
  const kind = kinds.named('machinedeployments', capi);
  const { name: owner, namespace = '' } = cluster.metadata;
  const name = deploymentOf(owner, pool.name);
  const labels = { [clusterName]: owner, [deploymentName]: pool.name };
  const spec = {
    clusterName: owner,
    replicas,
    selector: { matchLabels: labels },
    rollout: {
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    },
    template: {
      metadata: { labels },
      spec: {
        clusterName: owner,
        version,
        bootstrap: {
          configRef: {
            apiGroup: 'bootstrap.cluster.x-k8s.io',
            kind: 'KubeadmConfigTemplate',
            name,
          },
        },
        infrastructureRef: {
          apiGroup: 'vmware.infrastructure.cluster.x-k8s.io',
          kind: 'VSphereMachineTemplate',
          name,
        },
      },
    },
  };
  const found = store.get(kind, namespace, name);
  const annotations = { ...pool.annotations };
  const object = found
    ? store.replace(kind, { ...found, metadata: { ...found.metadata, annotations }, spec })
    : plant(
        world,
        ['machinedeployments', capi],
        {
          name,
          namespace,
          labels: { ...labels, 'topology.cluster.x-k8s.io/owned': '' },
          annotations,
        },
        { spec },
      );
  const ready = machines.filter((machine) => machine.ready).length;
  const current = machines.filter((machine) => isCurrent(topology, machine)).length;
  const settled = ready === replicas && machines.length === replicas && current === replicas;
  store.setStatus(kind, object, {
    phase: settled ? 'Running' : machines.length > replicas ? 'ScalingDown' : 'ScalingUp',
    observedGeneration: object.metadata.generation,
    replicas: machines.length,
    readyReplicas: ready,
    availableReplicas: ready,
    upToDateReplicas: current,
    conditions: conditionsAt(
      [
        {
          type: 'Available',
          status: ready >= replicas,
          reason: ready >= replicas ? 'Available' : 'NotAvailable',
        },
        {
          type: 'RollingOut',
          status: current < machines.length,
          reason: current < machines.length ? 'RollingOut' : 'NotRollingOut',
        },
      ],
      object['status'] as Record<string, unknown> | undefined,
      agenda.now(),
    ),
  });
}

/** Replicas that an autoscaler has set, or somebody on its behalf. */
export function deployedReplicas(
  { kinds, store }: World,
  { metadata }: KubeObject,
  pool: string,
): number | undefined {
  const kind = kinds.named('machinedeployments', capi);
  const found = store.get(kind, metadata.namespace, deploymentOf(metadata.name, pool));
  const replicas = (found?.['spec'] as { replicas?: number } | undefined)?.replicas;
  return replicas;
}
