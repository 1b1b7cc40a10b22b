import type { Asked } from './api.js';
import { type ClusterLife, keyOf } from './life/cluster-life.js';
import { clusterIn } from './logins.js';
import { refreshQuotas } from './quotas.js';
import { capi, type World } from './world.js';

/** Opens what an answer will show the address of, and counts what an answer will show the use of. */
export async function prepare(
  world: World,
  clusters: ClusterLife,
  { path, place }: Asked,
  text: string,
): Promise<void> {
  const { kinds, store } = world;
  const cluster = path === '/wcp/login' ? clusterIn(text) : undefined;
  if (cluster) await clusters.ready(`${cluster.namespace}/${cluster.name}`);
  if (!place) return;
  const { kind, namespace, name } = place;
  if (kind.plural === 'resourcequotas' || kind.plural === 'storagepolicyquotas') {
    const all = store.list(kinds.named('namespaces')).map(({ metadata }) => metadata.name);
    for (const one of namespace === undefined ? all : [namespace]) refreshQuotas(world, one);
  }
  if (kind.plural !== 'secrets' && !(kind.plural === 'clusters' && kind.group === capi)) return;
  const here = store.list(kinds.named('clusters', capi), namespace);
  const one = kind.plural === 'clusters' && name !== undefined;
  const shown = one ? here.filter(({ metadata }) => metadata.name === name) : here;
  await Promise.all(shown.map((each) => clusters.ready(keyOf(each))));
}
