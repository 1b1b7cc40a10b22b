import type { StoragePolicy } from '../wcp/world.js';
import { listAt, textAt } from './object.js';
import { plant, type World } from './world.js';

/** The name that a storage policy has in Kubernetes: `vsan-default-storage-policy`. */
export const storageClassOf = (policy: string): string =>
  policy
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Makes the StorageClasses of policies that have none yet. */
export function plantStorageClasses(
  world: Pick<World, 'kinds' | 'store'>,
  policies: Iterable<StoragePolicy>,
): void {
  const kind = world.kinds.named('storageclasses', 'storage.k8s.io');
  for (const { id, name } of policies) {
    const className = storageClassOf(name);
    if (world.store.get(kind, undefined, className)) continue;
    plant(
      world,
      ['storageclasses', 'storage.k8s.io'],
      { name: className },
      {
        provisioner: 'csi.vsphere.vmware.com',
        parameters: { storagePolicyID: id },
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'Immediate',
        allowVolumeExpansion: true,
      },
    );
  }
}

/** The storage classes that a namespace may use. */
export function storageClassesOf({ kinds, store }: World, namespace: string): string[] {
  const kind = kinds.named('storagepolicyquotas', 'cns.vmware.com');
  return store
    .list(kind, namespace)
    .flatMap(({ status }) => listAt(status, 'total'))
    .flatMap((total) => textAt(total, 'storageClassName') ?? []);
}
