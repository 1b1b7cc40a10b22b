import type { Change } from '../api.js';
import type { Cause } from '../kube-error.js';
import { topologyOf } from '../life/topology.js';
import { type KubeObject, listAt, objectAt, textAt } from '../object.js';
import { resolveRelease } from '../releases.js';
import { storageClassesOf } from '../storage-classes.js';
import { capi, vmOperator, type World } from '../world.js';
import { forbiddenField, invalidField, requiredField } from './faults.js';
import { faultsOfNetworks } from './networks.js';
import { faultsOfPools, notLabel } from './pools.js';
import { faultsOfVariables, withDefaults } from './variables.js';
import { faultsOfVersionChange } from './version-change.js';
import { deny, denyFaults } from './webhook.js';

const resolver = 'tkr-resolver-cluster-webhook.tanzu.vmware.com';
const clusterApi = 'validation.cluster.cluster.x-k8s.io';
const defaulting = 'default.cluster.cluster.x-k8s.io';
/** VKS's own; what it says is not published, so the sentences are ours. */
const vks = 'default.validating.cluster.run.tanzu.vmware.com';
const kubeSemver = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-0-9a-zA-Z_.+]*)?$/;
const finalizer = 'cluster.cluster.x-k8s.io';
const tkr = 'run.tanzu.vmware.com/tkr';

/** Completes a Cluster, or refuses it, as the webhooks of Cluster API and VKS do one after the other. */
export function admitCluster(world: World, { kind, before, after }: Change): KubeObject {
  if (before?.metadata.deletionTimestamp) return after;
  const name = after.metadata.name;
  const topology = objectAt(after, 'spec', 'topology');
  if (Object.keys(topology).length === 0) {
    const why = before
      ? forbiddenField('spec.topology', 'cannot be removed from an existing Cluster')
      : requiredField('spec.topology', 'VKS makes clusters from a topology only');
    denyFaults(clusterApi, kind, name, [why]);
  }
  const clusterClass = classOf(world, after);
  const resolved = resolvedVersion(world, before, after);
  const complete = withDefaults({ ...topology, version: resolved.version }, clusterClass);
  denyFaults(defaulting, kind, name, faultsOfVariables(complete, clusterClass));
  const cluster: KubeObject = {
    ...after,
    metadata: {
      ...after.metadata,
      labels: { ...after.metadata.labels, ...resolved.labels },
      finalizers: [...new Set([...(after.metadata.finalizers ?? []), finalizer])],
    },
    spec: { ...objectAt(after, 'spec'), topology: complete },
  };
  denyFaults(clusterApi, kind, name, [
    ...faultsOfName(name),
    ...faultsOfReferences(before, cluster),
    ...faultsOfNetworks(cluster, before),
    ...faultsOfPools(complete, clusterClass, cluster),
    ...(before ? faultsOfVersionChange(before, cluster) : []),
  ]);
  denyFaults(vks, kind, name, faultsOfSupplies(world, cluster));
  return cluster;
}

/** The class that a cluster is made from. The resolver needs it, so there must be one. */
function classOf({ store, kinds }: World, { metadata, spec }: KubeObject): KubeObject {
  const reference = objectAt(spec, 'topology', 'classRef');
  const name = textAt(reference, 'name') ?? '';
  const namespace = textAt(reference, 'namespace') ?? metadata.namespace;
  const found = store.get(kinds.named('clusterclasses', capi), namespace, name);
  return (
    found ??
    deny(
      resolver,
      `ClusterClass.cluster.x-k8s.io "${name}" not found in the namespace "${namespace}"`,
    )
  );
}

/** The version of Kubernetes that a Cluster is kept with, and the label that names its release. */
function resolvedVersion(
  world: World,
  before: KubeObject | undefined,
  after: KubeObject,
): { version: string; labels: Readonly<Record<string, string>> } {
  const asked = textAt(after, 'spec', 'topology', 'version') ?? '';
  const label = before?.metadata.labels?.[tkr];
  const labels = label === undefined ? {} : { [tkr]: label };
  if (before && textAt(before, 'spec', 'topology', 'version') === asked)
    return { version: asked, labels };
  if (!kubeSemver.test(asked)) {
    const fault = invalidField(
      'spec.topology.version',
      asked,
      'version must be a valid semantic version',
    );
    denyFaults(clusterApi, world.kinds.named('clusters', capi), after.metadata.name, [fault]);
  }
  const release = resolveRelease(world, asked);
  if (!release) {
    const pools = listAt(after, 'spec', 'topology', 'workers', 'machineDeployments');
    const names = pools.map(({ name }) => name).join(' ');
    return deny(
      resolver,
      `could not resolve KR/OSImage for controlPlane, machineDeployments: [${names}], query: {controlPlane: {k8sVersionPrefix: '${asked.replace('---', '+')}'}}`,
    );
  }
  const version = textAt(release['spec'], 'kubernetes', 'version') ?? asked;
  return { version, labels: { [tkr]: release.metadata.name } };
}

function faultsOfName(name: string): Cause[] {
  const unfit = notLabel(name);
  return unfit ? [invalidField('metadata.name', name, `must be a valid label value ${unfit}`)] : [];
}

/** What the controllers have set cannot be taken away. */
const faultsOfReferences = (before: KubeObject | undefined, after: KubeObject): Cause[] =>
  ['infrastructureRef', 'controlPlaneRef', 'controlPlaneEndpoint'].flatMap((field) =>
    before && objectAt(before, 'spec')[field] && !objectAt(after, 'spec')[field]
      ? [forbiddenField(`spec.${field}`, 'cannot be removed')]
      : [],
  );

/** VM classes and storage classes that the namespace does not have. */
function faultsOfSupplies(world: World, cluster: KubeObject): Cause[] {
  const { store, kinds } = world;
  const { namespace = '' } = cluster.metadata;
  const { pools, vmClass, storageClass } = topologyOf(cluster);
  const storageClasses = storageClassesOf(world, namespace);
  const machines = kinds.named('virtualmachineclasses', vmOperator);
  const found: Cause[] = [];
  const check = (
    path: string,
    { vmClass: size, storageClass: disk }: Pick<Topologies, 'vmClass' | 'storageClass'>,
  ) => {
    if (!store.get(machines, namespace, size))
      found.push(
        invalidField(
          `${path}[vmClass]`,
          size,
          `VirtualMachineClass "${size}" is not assigned to the namespace "${namespace}"`,
        ),
      );
    if (!storageClasses.includes(disk))
      found.push(
        invalidField(
          `${path}[storageClass]`,
          disk,
          `StorageClass "${disk}" is not assigned to the namespace "${namespace}"`,
        ),
      );
  };
  check('spec.topology.variables', { vmClass, storageClass });
  for (const pool of pools)
    if (pool.vmClass !== vmClass || pool.storageClass !== storageClass)
      check(`spec.topology.workers.machineDeployments[${pool.name}].variables.overrides`, pool);
  return found;
}

type Topologies = ReturnType<typeof topologyOf>;
