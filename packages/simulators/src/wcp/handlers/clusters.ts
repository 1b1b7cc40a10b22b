import { first, type Handlers, message } from '../call.js';
import { supervisorOfCluster } from '../change-namespace.js';
import { notFound } from '../refusals.js';
import { statsOf } from '../stats.js';
import type { Supervisor, WcpWorld } from '../world.js';
import { conditionsOf } from './supervisors.js';

const root = '/api/vcenter/namespace-management/clusters';
const quota = 'com.vmware.vcenter.namespaces.resource_quota_options_v1';

const nameOf = ({ clusterNames }: WcpWorld, cluster: string) =>
  clusterNames.get(cluster) ?? cluster;

/** Every cluster that has a Supervisor, with it. */
export const enabledClusters = (world: WcpWorld) =>
  [...world.supervisors.values()].flatMap((supervisor) =>
    supervisor.clusters.map((cluster) => ({ cluster, name: nameOf(world, cluster), supervisor })),
  );

function info(world: WcpWorld, supervisor: Supervisor) {
  const { endpoint, certificate, networkProvider, messages } = supervisor;
  const severity = supervisor.configStatus === 'ERROR' ? 'ERROR' : 'WARNING';
  return {
    size_hint: 'SMALL',
    stat_summary: statsOf(world, supervisor),
    config_status: supervisor.configStatus,
    conditions: conditionsOf(supervisor),
    messages: messages.map((text) => ({ severity, details: message(text) })),
    kubernetes_status: supervisor.kubernetesStatus,
    kubernetes_status_messages: [],
    api_server_management_endpoint: endpoint,
    api_server_cluster_endpoint: endpoint,
    api_servers: endpoint === '' ? [] : [endpoint.split(':')[0]],
    ...(certificate !== '' && { tls_endpoint_certificate: certificate }),
    network_provider: networkProvider,
    ...(networkProvider === 'NSXT_CONTAINER_PLUGIN' && {
      ncp_cluster_network_info: {
        pod_cidrs: supervisor.podCidrs,
        ingress_cidrs: supervisor.ingressCidrs,
        egress_cidrs: supervisor.egressCidrs,
        cluster_distributed_switch: '50 1d 7c 34 7a 1e 4c 0e-9a 35 0f 1f 6f 2d 4a 10',
        nsx_edge_cluster: 'edge-cluster-01',
        default_ingress_tls_certificate: certificate,
      },
    }),
    ...(networkProvider === 'VSPHERE_NETWORK' && {
      workload_networks: {
        supervisor_primary_workload_network: networkInfo(
          world,
          supervisor,
          supervisor.networks[0] ?? '',
        ),
        network_list: supervisor.networks.map((each) => networkInfo(world, supervisor, each)),
      },
    }),
    service_cidr: supervisor.serviceCidr,
  };
}

/** Namespaces without a network of their own are on the primary one. */
function networkInfo({ namespaces }: WcpWorld, supervisor: Supervisor, network: string) {
  const at = supervisor.networks.indexOf(network);
  return {
    network,
    network_provider: supervisor.networkProvider,
    namespaces: [...namespaces.values()]
      .filter((each) => each.supervisor === supervisor.id && each.networks.includes(network))
      .map(({ name }) => name),
    vsphere_network: {
      portgroup: `dvportgroup-${100 + at}`,
      ip_assignment_mode: 'STATICRANGE',
      address_ranges: [{ address: `10.20.${at}.10`, count: 200 }],
      gateway: `10.20.${at}.1`,
      subnet_mask: '255.255.255.0',
      mode: 'WORKLOAD',
    },
  };
}

/** Supervisors as vSphere 7 knew them: by cluster. One in several zones shows on each of its clusters. */
export const clusterHandlers: Handlers = {
  [`GET ${root}`]: ({ world }) =>
    enabledClusters(world).map(({ cluster, name, supervisor }) => ({
      cluster,
      cluster_name: name,
      stats: statsOf(world, supervisor),
      config_status: supervisor.configStatus,
      kubernetes_status: supervisor.kubernetesStatus,
    })),
  [`GET ${root}/{}`]: (call) => info(call.world, supervisorOfCluster(call.world, first(call))),
  [`GET ${root}/{}/topology`]: (call) => {
    const found = enabledClusters(call.world).find(({ cluster }) => cluster === first(call));
    if (!found) throw notFound(`Cluster '${first(call)}' has no Supervisor.`, first(call));
    return found.supervisor.id;
  },
  [`GET ${root}/{}/networks`]: (call) => {
    const supervisor = supervisorOfCluster(call.world, first(call));
    return supervisor.networks.map((each) => networkInfo(call.world, supervisor, each));
  },
  [`GET ${root}/{}/workload-resource-options`]: (call) => {
    supervisorOfCluster(call.world, first(call));
    return { create_resource_quota_type: quota, update_resource_quota_type: `${quota}_update` };
  },
};
