import type { Change, Kube } from '@vmware/clients/kube';
import { type Plan, Refusal } from '@vmware/policy';
import { classesOf, classFor } from './cluster-classes.js';
import { clusterManifest, type MachineProxy } from './cluster-manifest.js';
import { clusterNetwork } from './cluster-network.js';
import type { VksClients } from './define.js';
import { kinds, served } from './known-resource.js';
import {
  againstMemory,
  againstStorageClass,
  againstVmClass,
  type Offer,
  offerOf,
} from './namespace-offer.js';
import { quoted } from './quoted.js';
import { rehearse } from './rehearse.js';
import { againstRelease, releaseFor, releasesOf } from './releases.js';
import { withoutCluster } from './undo/clusters.js';
import { checkPool, mostOf, poolWords, type Volume, type WantedPool } from './wanted-pool.js';

interface Input {
  readonly name: string;
  readonly namespace: string;
  readonly k8s_version: string;
  readonly vm_class: string;
  readonly control_plane_count: number;
  readonly worker_count: number;
  readonly storage_class?: string | undefined;
  readonly cluster_class?: string | undefined;
  readonly pools?: readonly WantedPool[] | undefined;
  readonly pod_cidr?: string | undefined;
  readonly service_cidr?: string | undefined;
  readonly volumes?: readonly Volume[] | undefined;
  readonly proxy?: MachineProxy | undefined;
  readonly trusted_cas?: readonly string[] | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Settles what a cluster is to be and checks it against what is there: release, class, VM and storage classes, ranges
 * of addresses, memory. `plan` adds what the server itself says of the request.
 */
export async function planCluster(input: Input, clients: VksClients, signal: AbortSignal) {
  const { name, namespace } = input;
  const pools = input.pools ?? [{ name: 'worker-pool', replicas: input.worker_count }];
  pools.forEach(checkPool);
  refuseTwice(pools.map((pool) => pool.name));
  const on = await clients.supervisors.of(namespace, { signal });
  const kube = clients.supervisors.kube(on);
  const [releases, classes, offer, resource] = await Promise.all([
    releasesOf(kube, signal),
    classesOf(kube, namespace, signal),
    offerOf(clients, kube, namespace, signal),
    served(kube, kinds.clusters, signal),
  ]);
  const release = releaseFor(releases, input.k8s_version, namespace);
  const chosen = classFor(classes, input.cluster_class);
  const storageClass = storageClassFor(offer, input.storage_class);
  const { network, blockers: clashes } = clusterNetwork(
    { pods: input.pod_cidr, services: input.service_cidr },
    on,
  );
  const { body, blockers: untold } = clusterManifest(
    {
      name,
      namespace,
      version: release.version,
      class: chosen,
      controlPlaneCount: input.control_plane_count,
      vmClass: input.vm_class,
      storageClass,
      pools,
      network,
      volumes: input.volumes ?? [],
      proxy: input.proxy,
      trustedCas: input.trusted_cas ?? [],
      variables: input.variables ?? {},
    },
    resource.version,
  );
  const found = await kube.find(resource, { namespace, name, signal });
  const vmClasses = [input.vm_class, ...pools.flatMap(({ vm_class }) => vm_class ?? [])];
  const storage = [
    storageClass,
    ...pools.flatMap(({ storage_class, volumes = [] }) => [
      ...(storage_class ? [storage_class] : []),
      ...volumes.flatMap((one) => one.storage_class ?? []),
    ]),
    ...(input.volumes ?? []).flatMap((one) => one.storage_class ?? []),
  ];
  const blockers = [
    ...(found ? [`There is a cluster ${name} in ${namespace} already.`] : []),
    ...(offer.info.config_status === 'RUNNING'
      ? []
      : [`The namespace ${namespace} is ${offer.info.config_status}, not RUNNING.`]),
    ...againstRelease(release),
    ...[...new Set(vmClasses)].flatMap((one) => againstVmClass(offer, one)),
    ...[...new Set(storage)].flatMap((one) => againstStorageClass(offer, one)),
    ...clashes,
    ...untold,
    ...againstMemory(offer, [
      { vmClass: input.vm_class, count: input.control_plane_count },
      ...pools.map((pool) => ({ vmClass: pool.vm_class ?? input.vm_class, count: mostOf(pool) })),
    ]),
  ];
  const plan = async (change: Change, at: Kube): Promise<Omit<Plan, 'requests'>> => {
    // What is wrong already is said in our words; the server is asked about the rest.
    const said =
      blockers.length > 0 ? { blockers: [], warnings: [] } : await rehearse(at, change, signal);
    return {
      summary: `Create the Kubernetes cluster ${name} (${release.version}) in ${namespace} on the Supervisor ${on.name}`,
      changes: [
        `control plane: ${input.control_plane_count} × ${input.vm_class}`,
        ...pools.map((pool) => poolWords({ ...pool, vm_class: pool.vm_class ?? input.vm_class })),
        `class ${chosen.name}, storage class ${storageClass}`,
        `pods ${network.pods}, services ${network.services}`,
        ...said.warnings.map((text) => `the Supervisor warns: ${text}`),
      ],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Cluster', id: `${namespace}/${name}`, name }],
        reversible: true,
      },
      blockers: [...blockers, ...said.blockers],
      unmeasured: [],
      undo: withoutCluster(input, {
        className: chosen.name,
        controlPlaneReplicas: input.control_plane_count,
        pools,
      }),
    };
  };
  return { plan, kube, resource, body };
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined)
    throw new Refusal(
      'INVALID_INPUT',
      `Two pools are called ${twice}.`,
      'Give each pool a name of its own.',
    );
}

/** The one that is named, else the only one there is. */
function storageClassFor({ storageClasses, namespace }: Offer, wanted: string | undefined): string {
  const [only] = storageClasses;
  if (wanted !== undefined) return wanted;
  if (only !== undefined && storageClasses.length === 1) return only;
  throw new Refusal(
    'INVALID_INPUT',
    storageClasses.length === 0
      ? `The namespace ${namespace} has no storage class.`
      : `The namespace ${namespace} has more than one storage class: ${storageClasses.join(', ')}.`,
    storageClasses.length === 0
      ? `Run \`vmware-vks namespace update ${quoted(namespace)} --storage-policy <policy>\` first.`
      : 'Give storage_class.',
  );
}
