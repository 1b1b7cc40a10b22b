import type { ClusterClass } from './cluster-classes.js';
import type { ClusterNetwork } from './cluster-network.js';
import {
  machineDeployment,
  type Volume,
  volumeForm,
  volumeValue,
  type WantedPool,
} from './wanted-pool.js';

export interface MachineProxy {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly no_proxy?: readonly string[] | undefined;
}

/** What a cluster is to be, settled. */
export interface WantedCluster {
  readonly name: string;
  readonly namespace: string;
  /** Version as the release has it. */
  readonly version: string;
  readonly class: ClusterClass;
  readonly controlPlaneCount: number;
  readonly vmClass: string;
  readonly storageClass: string;
  readonly pools: readonly WantedPool[];
  readonly network: ClusterNetwork;
  readonly volumes: readonly Volume[];
  readonly proxy: MachineProxy | undefined;
  /** PEM. */
  readonly trustedCas: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The body of a Cluster with a topology, in the words of v1beta2 or v1beta1. `blockers` say what this ClusterClass
 * cannot be told. Source: Cluster API; variables of `builtin-generic` and `tanzukubernetescluster` by VMware's documentation.
 */
export function clusterManifest(
  wanted: WantedCluster,
  version: string,
): { body: Readonly<Record<string, unknown>>; blockers: string[] } {
  const names = wanted.class.variables.map(({ name }) => name);
  const [workerClass = 'node-pool'] = wanted.class.workers;
  const { variables, blockers } = variablesOf(wanted, names);
  const isElsewhere = wanted.class.namespace !== wanted.namespace;
  const classPart =
    version === 'v1beta1'
      ? {
          class: wanted.class.name,
          ...(isElsewhere && { classNamespace: wanted.class.namespace }),
        }
      : {
          classRef: {
            name: wanted.class.name,
            ...(isElsewhere && { namespace: wanted.class.namespace }),
          },
        };
  return {
    body: {
      metadata: { name: wanted.name, namespace: wanted.namespace },
      spec: {
        clusterNetwork: {
          pods: { cidrBlocks: [wanted.network.pods] },
          services: { cidrBlocks: [wanted.network.services] },
          serviceDomain: 'cluster.local',
        },
        topology: {
          ...classPart,
          version: wanted.version,
          controlPlane: { replicas: wanted.controlPlaneCount },
          workers: {
            machineDeployments: wanted.pools.map((pool) =>
              machineDeployment(pool, {
                workerClass,
                storageClass: wanted.storageClass,
                variables: names,
              }),
            ),
          },
          variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
        },
      },
    },
    blockers: [
      ...blockers,
      ...wanted.pools.flatMap(({ name, class: of, volumes = [] }) => [
        ...(of !== undefined &&
        wanted.class.workers.length > 0 &&
        !wanted.class.workers.includes(of)
          ? [
              `The ClusterClass ${wanted.class.name} has no worker class ${of} (pool ${name}); it has ${wanted.class.workers.join(', ')}.`,
            ]
          : []),
        ...(volumes.length > 0 && volumeForm(names) === undefined
          ? [`The ClusterClass ${wanted.class.name} takes no volumes (pool ${name}).`]
          : []),
      ]),
    ],
  };
}

function variablesOf(
  { class: of, vmClass, storageClass, volumes, proxy, trustedCas, variables: given }: WantedCluster,
  names: readonly string[],
): { variables: Readonly<Record<string, unknown>>; blockers: string[] } {
  const form = volumeForm(names);
  const isNew = names.includes('osConfiguration');
  const cannot = (what: string) => `The ClusterClass ${of.name} cannot be told ${what}.`;
  const os = {
    ...(proxy &&
      isNew && { systemProxy: { http: proxy.http, https: proxy.https, noProxy: proxy.no_proxy } }),
    ...(trustedCas.length > 0 && {
      trust: { additionalTrustedCAs: trustedCas.map((content) => ({ caCert: { content } })) },
    }),
  };
  const controlPlaneForm = form === 'nodePoolVolumes' ? 'controlPlaneVolumes' : form;
  const unknown = Object.keys(given).filter((name) => names.length > 0 && !names.includes(name));
  const missing = of.variables.filter(
    ({ name, required }) =>
      required && !['vmClass', 'storageClass'].includes(name) && !(name in given),
  );
  return {
    variables: {
      vmClass,
      storageClass,
      ...(volumes.length > 0 &&
        form &&
        controlPlaneForm && {
          [controlPlaneForm]: volumes.map((one) => volumeValue(one, storageClass, form)),
        }),
      ...(Object.keys(os).length > 0 && isNew && { osConfiguration: os }),
      ...(proxy &&
        !isNew && {
          proxy: {
            httpProxy: proxy.http,
            httpsProxy: proxy.https,
            noProxy: proxy.no_proxy ?? [],
          },
        }),
      ...given,
    },
    blockers: [
      ...(volumes.length > 0 && !form ? [cannot('of volumes')] : []),
      ...(proxy && !isNew && !names.includes('proxy') ? [cannot('of a proxy')] : []),
      ...(trustedCas.length > 0 && !isNew
        ? [
            `${cannot('certificates themselves')} It takes them from a secret: see its variable trust, and give it in variables.`,
          ]
        : []),
      ...unknown.map(
        (name) =>
          `The ClusterClass ${of.name} has no variable ${name}; it has ${names.join(', ')}.`,
      ),
      ...missing.map(({ name }) => `The ClusterClass ${of.name} needs the variable ${name}.`),
    ],
  };
}
