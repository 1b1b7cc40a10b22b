import { X509Certificate } from 'node:crypto';
import type { ReadOptions, Rest } from '../rest/client.js';
import { target } from './target.js';
import { clusterInfo, supervisorSummaries, supervisorTopology, wordsOf } from './types.js';

/** A range of addresses: `10.96.0.0/23`. */
export interface Range {
  readonly what: string;
  readonly cidr: string;
}

/** One Supervisor, and where its Kubernetes API answers. */
export interface Supervisor {
  readonly id: string;
  readonly name: string;
  /** RUNNING, CONFIGURING, ERROR or REMOVING. */
  readonly configStatus: string;
  readonly kubernetesStatus: string | undefined;
  /** vSphere clusters it runs on, one for each zone. */
  readonly clusters: readonly string[];
  readonly zones: readonly string[];
  /** Host, with a port where it is not the usual one. Undefined until it is configured. */
  readonly endpoint: string | undefined;
  /** SHA-256 of the certificate that vCenter says answers there: `AA:BB:..`. */
  readonly thumbprint: string | undefined;
  /** The same certificate in PEM form. */
  readonly certificate: string | undefined;
  readonly networkProvider: string | undefined;
  /** Ranges the Supervisor uses itself; those of a cluster must not overlap them. */
  readonly ranges: readonly Range[];
  /** What vCenter says is wrong. */
  readonly messages: readonly string[];
}

/** `GET supervisors/summaries`, then topology and cluster of each at the same time. */
export async function readSupervisors(rest: Rest, options: ReadOptions): Promise<Supervisor[]> {
  const { items } = await rest.read(
    '/api/vcenter/namespace-management/supervisors/summaries',
    supervisorSummaries,
    options,
  );
  return Promise.all(
    items.map(async ({ supervisor, info }) => {
      const topology = await rest.read(
        target`/api/vcenter/namespace-management/supervisors/${supervisor}/topology`,
        supervisorTopology,
        options,
      );
      const clusters = topology.flatMap((place) => place.clusters);
      const [first] = clusters;
      const cluster =
        first === undefined
          ? undefined
          : await rest.read(
              target`/api/vcenter/namespace-management/clusters/${first}`,
              clusterInfo,
              options,
            );
      const ncp = cluster?.ncp_cluster_network_info;
      return {
        id: supervisor,
        name: info.name,
        configStatus: info.config_status,
        kubernetesStatus: info.kubernetes_status,
        clusters,
        zones: topology.flatMap(({ zone }) => zone ?? []),
        endpoint: cluster?.api_server_cluster_endpoint || undefined,
        ...certificateIn(cluster?.tls_endpoint_certificate),
        networkProvider: cluster?.network_provider,
        ranges: [
          ...ranges('services of the Supervisor', cluster?.service_cidr),
          ...ranges('pods of the Supervisor', ncp?.pod_cidrs),
          ...ranges('ingress', ncp?.ingress_cidrs),
          ...ranges('egress', ncp?.egress_cidrs),
        ],
        messages: [...wordsOf(info.messages), ...wordsOf(cluster?.messages)],
      };
    }),
  );
}

interface Cidr {
  readonly address: string;
  readonly prefix: number;
}

const ranges = (what: string, given: Cidr | readonly Cidr[] | undefined): Range[] =>
  [given ?? []].flat().map(({ address, prefix }: Cidr) => ({ what, cidr: `${address}/${prefix}` }));

/** What vCenter names is trusted as it is: it need not be issued by anybody this machine knows. */
function certificateIn(pem: string | undefined): Pick<Supervisor, 'thumbprint' | 'certificate'> {
  try {
    if (pem) return { thumbprint: new X509Certificate(pem).fingerprint256, certificate: pem };
  } catch {
    // The target's own trust decides then.
  }
  return { thumbprint: undefined, certificate: undefined };
}
