import { type ClusterSeed, scaledOf, specOf } from './cluster-seed.js';
import { plantClaim } from './guest/workloads.js';
import type { ClusterLife } from './life/cluster-life.js';
import { type KubeObject, textAt } from './object.js';
import { refreshQuotas } from './quotas.js';
import { kubernetesOf, resolveRelease } from './releases.js';
import { storageClassesOf } from './storage-classes.js';
import { stamp } from './store.js';
import { capi, plant, vmOperator, type World } from './world.js';

const day = 86_400_000;

/** Adds a cluster with everything that has become of it. Throws when its namespace is not on this Supervisor. */
export async function addCluster(
  world: World,
  clusters: ClusterLife,
  seed: ClusterSeed,
  listens: boolean,
): Promise<KubeObject> {
  const { namespace, name, days = 30, stuck, workloads = {} } = seed;
  const { store, kinds, clock } = world;
  if (!store.get(kinds.named('namespaces'), undefined, namespace))
    throw new Error(`The Supervisor ${world.name} has no namespace ${namespace}.`);
  const [firstClass] = store.list(kinds.named('virtualmachineclasses', vmOperator), namespace);
  const [firstStorage] = storageClassesOf(world, namespace);
  const storageClass = seed.storageClass ?? firstStorage ?? '';
  const release = resolveRelease(world, seed.version);
  const spec = specOf(seed, {
    version:
      textAt(release?.['spec'], 'kubernetes', 'version') ??
      kubernetesOf(seed.version.replace('---', '+')),
    vmClass: seed.vmClass ?? firstClass?.metadata.name ?? '',
    storageClass,
  });
  const key = `${namespace}/${name}`;
  if (stuck) world.stuck.set(key, stuck);
  const labels = {
    ...seed.labels,
    ...(release && { 'run.tanzu.vmware.com/tkr': release.metadata.name }),
  };
  const cluster = plant(
    world,
    ['clusters', capi],
    {
      name,
      namespace,
      labels,
      finalizers: ['cluster.cluster.x-k8s.io'],
      creationTimestamp: stamp(new Date(clock.now().getTime() - days * day)),
    },
    { spec },
  );
  for (const claim of workloads.claims ?? [])
    plantClaim(
      world,
      { ...claim, namespace, name: `${cluster.metadata.uid}-${claim.namespace}-${claim.name}` },
      { TKGService: cluster.metadata.uid ?? '' },
    );
  await clusters.establish(key, { replicas: scaledOf(seed), listens });
  refreshQuotas(world, namespace);
  return store.get(kinds.named('clusters', capi), namespace, name) ?? cluster;
}
