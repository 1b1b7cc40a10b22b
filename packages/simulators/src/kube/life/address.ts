import type { KubeObject } from '../object.js';
import { clusterName, plant, vmOperator, type World } from '../world.js';

/** Makes the VirtualMachineService that holds the address of a cluster's control plane, under the cluster's name. */
export function makeAddress(world: World, { metadata }: KubeObject, ip: string): void {
  const { name, namespace = '' } = metadata;
  const kind = world.kinds.named('virtualmachineservices', vmOperator);
  if (world.store.get(kind, namespace, name)) return;
  plant(
    world,
    ['virtualmachineservices', vmOperator],
    { name, namespace, labels: { [clusterName]: name } },
    {
      spec: {
        type: 'LoadBalancer',
        ports: [{ name: 'apiserver', protocol: 'TCP', port: 6443, targetPort: 6443 }],
        selector: { [clusterName]: name },
      },
      status: { loadBalancer: { ingress: [{ ip }] } },
    },
  );
}

/** Takes away what a cluster's load balancers hold. */
export function removeAddresses({ store, kinds }: World, { metadata }: KubeObject): void {
  const kind = kinds.named('virtualmachineservices', vmOperator);
  for (const service of store.list(kind, metadata.namespace))
    if (service.metadata.labels?.[clusterName] === metadata.name) store.remove(kind, service);
}
