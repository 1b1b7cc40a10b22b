import type {
  HarborRegistry,
  Library,
  StoragePolicy,
  SupervisorService,
  VmClass,
} from '../world.js';

const idOf = (kind: number, at: number) => `${kind}0000000-0000-4000-8000-00000000000${at + 1}`;

/** What every vCenter with Workload Management starts with, for namespaces to be given. */
export const storagePolicies: readonly StoragePolicy[] = [
  { id: idOf(1, 0), name: 'gold', description: 'Mirrored flash' },
  { id: idOf(1, 1), name: 'silver', description: 'Erasure coded' },
];

const sizes = [
  { size: 'xsmall', cpus: 2, memoryMb: 2048 },
  { size: 'small', cpus: 2, memoryMb: 4096 },
  { size: 'medium', cpus: 2, memoryMb: 8192 },
  { size: 'large', cpus: 4, memoryMb: 16_384 },
];

export const vmClasses: readonly VmClass[] = ['best-effort', 'guaranteed'].flatMap((kind) =>
  sizes.map(({ size, cpus, memoryMb }) => ({
    id: `${kind}-${size}`,
    cpus,
    memoryMb,
    reserved: kind === 'guaranteed' ? 100 : 0,
    description: '',
  })),
);

export const libraries: readonly Library[] = [
  {
    id: idOf(2, 0),
    name: 'kubernetes-releases',
    description: 'Images of Kubernetes nodes',
    type: 'SUBSCRIBED',
  },
  { id: idOf(2, 1), name: 'vm-images', description: 'Images of machines', type: 'LOCAL' },
];

/** The registry on the cluster of the first Supervisor. */
export const harborOn = (cluster: string): HarborRegistry => ({
  id: 'harbor-1',
  cluster,
  namespace: 'vmware-system-registry-1',
  version: '2.9.4',
  url: 'https://10.30.0.12',
  status: 'RUNNING',
  storage: [{ policy: idOf(1, 0), capacity: 204_800, used: 51_200 }],
});

export const services: readonly SupervisorService[] = [
  {
    id: 'tkg.vsphere.vmware.com',
    name: 'vSphere Kubernetes Service',
    description: 'Kubernetes clusters',
    state: 'ACTIVATED',
    versions: ['3.2.0', '3.3.0'],
  },
  {
    id: 'velero.vsphere.vmware.com',
    name: 'Velero vSphere Operator',
    description: 'Backups of clusters',
    state: 'ACTIVATED',
    versions: ['1.8.0'],
  },
  {
    id: 'contour.tanzu.vmware.com',
    name: 'Contour',
    description: 'Ingress',
    state: 'DEACTIVATED',
    versions: ['1.28.2'],
  },
];
