import { first, type Handlers, message, principalOf } from '../call.js';
import {
  type ChangeSpec,
  type CreateSpec,
  createNamespace,
  deleteNamespace,
  namespaceOf,
  replaceNamespace,
  supervisorOf,
  supervisorOfCluster,
  updateNamespace,
} from '../change-namespace.js';
import type { Namespace, Supervisor, WcpWorld } from '../world.js';

const root = '/api/vcenter/namespaces/instances';

/** What lists and single answers of both versions share. */
const shown = ({ description, configStatus, stats }: Namespace) => ({
  description,
  config_status: configStatus,
  stats: { ...stats },
  self_service_namespace: false,
});

/** The first of its clusters, which is what version 1 knows a Supervisor by. */
const clusterOf = (world: WcpWorld, { supervisor }: Namespace): string =>
  supervisorOf(world, supervisor).clusters[0] ?? '';

const details = (namespace: Namespace) => ({
  ...shown(namespace),
  messages: namespace.messages.map((text) => ({ severity: 'INFO', details: message(text) })),
  resource_spec: { ...namespace.resourceSpec },
  access_list: namespace.accessList,
  storage_specs: namespace.storageSpecs,
  ...(namespace.networks.length > 0 && { networks: namespace.networks }),
  vm_service_spec: {
    content_libraries: namespace.contentLibraries.map(({ content_library: id }) => id),
    vm_classes: namespace.vmClasses,
  },
  content_libraries: namespace.contentLibraries,
  creator: namespace.creator,
});

function networkOf({ networkProvider }: Supervisor, { networks, vpc }: Namespace) {
  return {
    network_provider: networkProvider,
    ...(vpc && {
      vpc_network: {
        vpc: vpc.path,
        vpc_config: { private_cidrs: vpc.privateCidrs },
        auto_created: vpc.autoCreated,
        default_subnet_size: vpc.subnetSize,
      },
    }),
    ...(networkProvider === 'VSPHERE_NETWORK' && {
      vsphere_network: {
        default_workload_network: networks[0] ?? '',
        networks: networks.map((network) => ({ network, config_status: 'ACTIVE' })),
      },
    }),
  };
}

function zonesOf({ zones }: Supervisor, namespace: Namespace) {
  const chosen = namespace.zones.map(({ name }) => name);
  const all = chosen.length > 0 ? chosen : zones.map(({ zone }) => zone);
  return all.map((zone) => ({ zone, type: 'WORKLOAD', marked_for_removal: false }));
}

/** Namespaces as vSphere 7 knew them, by cluster, and as vSphere 8 does, by Supervisor. */
export const namespaceHandlers: Handlers = {
  [`GET ${root}`]: ({ world }) =>
    [...world.namespaces.values()].map((each) => ({
      cluster: clusterOf(world, each),
      namespace: each.name,
      ...shown(each),
    })),
  [`GET ${root}/v2`]: ({ world }) =>
    [...world.namespaces.values()].map((each) => ({
      supervisor: each.supervisor,
      namespace: each.name,
      ...shown(each),
    })),
  [`GET ${root}/{}`]: (call) => {
    const namespace = namespaceOf(call.world, first(call));
    return { cluster: clusterOf(call.world, namespace), ...details(namespace) };
  },
  [`GET ${root}/v2/{}`]: (call) => {
    const namespace = namespaceOf(call.world, first(call));
    const supervisor = supervisorOf(call.world, namespace.supervisor);
    return {
      supervisor: supervisor.id,
      zones: zonesOf(supervisor, namespace),
      network_spec: networkOf(supervisor, namespace),
      ...details(namespace),
    };
  },
  [`POST ${root}`]: ({ world, session, body }) => {
    const spec = body as CreateSpec & { readonly cluster: string };
    const supervisor = supervisorOfCluster(world, spec.cluster);
    createNamespace(world, supervisor, spec, principalOf(session));
  },
  [`POST ${root}/v2`]: ({ world, session, body }) => {
    const spec = body as CreateSpec & { readonly supervisor: string };
    createNamespace(world, supervisorOf(world, spec.supervisor), spec, principalOf(session));
  },
  [`PATCH ${root}/{}`]: (call) => updateNamespace(call.world, first(call), call.body as ChangeSpec),
  [`PUT ${root}/{}`]: (call) => replaceNamespace(call.world, first(call), call.body as ChangeSpec),
  [`DELETE ${root}/{}`]: (call) => deleteNamespace(call.world, first(call)),
};
