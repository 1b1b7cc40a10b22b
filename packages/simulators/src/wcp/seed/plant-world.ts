import { createNamespace } from '../change-namespace.js';
import type { InstalledService, Supervisor, WcpWorld } from '../world.js';
import type { NamespaceSeed, SupervisorSeed, VksSeed } from './seed.js';
import { harborOn, libraries, services, storagePolicies, vmClasses } from './supplies.js';

/** Fills a world. `clusters` are the ids of clusters to put Supervisors on; as many as they have zones. */
export function plantWorld(world: WcpWorld, seed: VksSeed, clusters: readonly string[]): void {
  for (const each of storagePolicies) world.storagePolicies.set(each.id, each);
  for (const each of vmClasses) world.vmClasses.set(each.id, each);
  for (const each of libraries) world.libraries.set(each.id, each);
  for (const each of services) world.services.set(each.id, each);
  const left = [...clusters];
  for (const [at, each] of seed.supervisors.entries()) {
    const own = left.splice(0, zonesOf(each).length);
    const supervisor = supervisorOf(each, at, own);
    world.supervisors.set(supervisor.id, supervisor);
  }
  const [cluster] = clusters;
  if (seed.supervisors.length > 0 && cluster !== undefined)
    world.registries.set('harbor-1', harborOn(cluster));
  for (const each of seed.namespaces) plantNamespace(world, each);
}

/** How many clusters its Supervisors need. */
export const clustersOf = ({ supervisors }: Pick<VksSeed, 'supervisors'>): number =>
  supervisors.reduce((sum, each) => sum + zonesOf(each).length, 0);

const zonesOf = ({ zones = [''] }: SupervisorSeed): readonly string[] => zones;

function supervisorOf(seed: SupervisorSeed, at: number, clusters: readonly string[]): Supervisor {
  const { name, networkProvider = 'NSXT_CONTAINER_PLUGIN', configStatus = 'RUNNING' } = seed;
  const nsx = networkProvider !== 'VSPHERE_NETWORK';
  return {
    id: `3a5c0de0-0000-4000-8000-${String(at + 1).padStart(12, '0')}`,
    name,
    clusters,
    // The zone of a Supervisor that was not given any is called like its cluster.
    zones: zonesOf(seed).map((zone, index) => {
      const cluster = clusters[index] ?? '';
      return { zone: zone === '' ? cluster : zone, clusters: [cluster] };
    }),
    configStatus,
    kubernetesStatus:
      configStatus === 'RUNNING' ? 'READY' : configStatus === 'ERROR' ? 'ERROR' : 'WARNING',
    version: seed.version ?? 'v1.30.5+vmware.4-fips-vsc0.1.12',
    networkProvider,
    networks: nsx ? [] : ['workload-1', 'workload-2'],
    endpoint: '',
    certificate: '',
    serviceCidr: { address: '10.96.0.0', prefix: 23 },
    podCidrs: nsx ? [{ address: '10.244.0.0', prefix: 20 }] : [],
    ingressCidrs: nsx ? [{ address: `10.${30 + at}.0.0`, prefix: 24 }] : [],
    egressCidrs: nsx ? [{ address: `10.${30 + at}.1.0`, prefix: 24 }] : [],
    services: (seed.services ?? []).map((id) => installed(id)),
    messages:
      seed.messages ??
      (configStatus === 'CONFIGURING' ? ['Waiting for the control plane machines.'] : []),
  };
}

const installed = (id: string): InstalledService => ({
  service: id,
  version: services.find((each) => each.id === id)?.versions.at(-1) ?? '1.0.0',
  configStatus: 'CONFIGURED',
  namespace: `svc-${id.split('.')[0]}-1`,
});

/** One that has long been there. Its Supervisor must be RUNNING; without one it is left out. */
function plantNamespace(world: WcpWorld, seed: NamespaceSeed): void {
  const supervisor = [...world.supervisors.values()].find(({ name }) => name === seed.supervisor);
  if (supervisor?.configStatus !== 'RUNNING') return;
  const { name, storage = {}, libraries: named = [], used } = seed;
  createNamespace(
    world,
    supervisor,
    {
      namespace: name,
      ...(seed.description !== undefined && { description: seed.description }),
      ...(seed.limits && { resource_spec: seed.limits }),
      ...(seed.access && { access_list: seed.access }),
      storage_specs: Object.entries(storage).map(([policy, limit]) => ({
        policy: idOf(storagePolicies, policy),
        ...(limit !== null && { limit }),
      })),
      vm_service_spec: {
        ...(seed.vmClasses && { vm_classes: seed.vmClasses }),
        content_libraries: named.map((library) => idOf(libraries, library)),
      },
    },
    { subject: 'Administrator', domain: 'vsphere.local' },
  );
  const namespace = world.namespaces.get(name);
  if (!namespace) return;
  namespace.configStatus = 'RUNNING';
  if (used)
    namespace.stats = {
      cpu_used: used.cpu,
      memory_used: used.memory,
      storage_used: used.storage,
    };
}

/** The id of what has a name; the name itself when nothing has it, which is then refused. */
const idOf = (all: readonly { readonly id: string; readonly name: string }[], name: string) =>
  all.find((each) => each.name === name)?.id ?? name;
