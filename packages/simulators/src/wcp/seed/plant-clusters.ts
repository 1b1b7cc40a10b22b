import type { ClusterSeed } from '../../kube/cluster-seed.js';
import type { SupervisorApi } from '../../kube/supervisor-api.js';
import { plantVirtualMachine } from '../../kube/vm-seed.js';
import type { WcpWorld } from '../world.js';
import type { VksSeedName } from './seed.js';

const web: ClusterSeed = {
  namespace: 'dev',
  name: 'web',
  version: 'v1.31.4+vmware.1-fips-vkr.3',
  vmClass: 'best-effort-medium',
  storageClass: 'gold',
  pools: [
    { name: 'workers', replicas: 2 },
    { name: 'batch', replicas: 1, vmClass: 'best-effort-large' },
  ],
  workloads: {
    deployments: [{ namespace: 'frontend', name: 'web', replicas: 2 }],
    claims: [{ namespace: 'frontend', name: 'cache', storage: '10Gi', storageClass: 'gold' }],
  },
};

const shop: ClusterSeed = {
  namespace: 'prod',
  name: 'shop',
  version: 'v1.30.8+vmware.1-fips-vkr.1',
  controlPlaneReplicas: 3,
  vmClass: 'guaranteed-medium',
  pools: [{ name: 'workers', replicas: 3 }],
  workloads: {
    deployments: [
      { namespace: 'shop', name: 'checkout', replicas: 3 },
      { namespace: 'shop', name: 'catalogue', replicas: 2 },
    ],
    statefulSets: [{ namespace: 'shop', name: 'orders-db', replicas: 3 }],
    claims: [{ namespace: 'shop', name: 'orders-0', storage: '100Gi', storageClass: 'gold' }],
    loadBalancers: [{ namespace: 'shop', name: 'entrance', address: '10.30.0.40' }],
  },
};

/** Clusters and machines that the seed's namespaces have long had; those of a seed that is not there are left out. */
export async function plantClusters(
  seed: VksSeedName,
  world: WcpWorld,
  apis: ReadonlyMap<string, SupervisorApi>,
): Promise<void> {
  const on = (namespace: string) => {
    const found = world.namespaces.get(namespace);
    return found && apis.get(found.supervisor);
  };
  if (seed === 'large') {
    for (const { name: namespace } of world.namespaces.values())
      for (let number = 1; number <= 10; number += 1)
        await on(namespace)?.addCluster(small(namespace, number));
    return;
  }
  if (seed !== 'lab') return;
  for (const cluster of [web, shop]) await on(cluster.namespace)?.addCluster(cluster);
  const dev = on('dev');
  if (dev)
    plantVirtualMachine(dev.world, {
      namespace: 'dev',
      name: 'bastion',
      className: 'best-effort-small',
      storageClass: 'gold',
      snapshots: ['bastion-before-patch'],
      group: 'jump-hosts',
      addresses: ['10.244.9.10'],
    });
}

const small = (namespace: string, number: number): ClusterSeed => ({
  namespace,
  name: `cluster-${String(number).padStart(2, '0')}`,
  version: 'v1.31.4+vmware.1-fips-vkr.3',
  vmClass: 'best-effort-small',
  pools: [{ name: 'workers', replicas: 1 }],
});
