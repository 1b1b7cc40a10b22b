import type { Change } from './api.js';
import type { Kind } from './kinds.js';
import { forbidden } from './kube-error.js';
import { type KubeObject, listAt, objectAt, textAt } from './object.js';
import { amountOf, quantityOf } from './quantity.js';
import type { World } from './world.js';

type Amounts = Readonly<Record<string, number>>;

const perClass = '.storageclass.storage.k8s.io/requests.storage';

/** What one object uses of the resources that quotas speak of. */
function usageOf({ plural, group }: Kind, { spec }: KubeObject): Amounts {
  if (group !== '') return { [`count/${plural}.${group}`]: 1 };
  if (plural !== 'persistentvolumeclaims') return { [plural]: 1 };
  const requested = amountOf(objectAt(spec, 'resources', 'requests')['storage']) ?? 0;
  const storageClass = textAt(spec, 'storageClassName');
  return {
    persistentvolumeclaims: 1,
    'requests.storage': requested,
    ...(storageClass !== undefined && { [`${storageClass}${perClass}`]: requested }),
  };
}

const counted = ['pods', 'services', 'configmaps', 'secrets', 'persistentvolumeclaims'];

function kindsFor({ kinds }: World, resource: string): Kind | undefined {
  if (resource.endsWith('requests.storage')) return kinds.named('persistentvolumeclaims');
  if (counted.includes(resource)) return kinds.named(resource);
  const [, plural, group] = /^count\/([a-z]+)\.([a-z.]+)$/.exec(resource) ?? [];
  return plural === undefined ? undefined : kinds.named(plural, group);
}

/** What a namespace uses of a resource. */
function usedIn(world: World, namespace: string, resource: string): number {
  const kind = kindsFor(world, resource);
  if (!kind) return 0;
  return world.store
    .list(kind, namespace)
    .reduce((sum, object) => sum + (usageOf(kind, object)[resource] ?? 0), 0);
}

const shown = (resource: string, amount: number): string =>
  resource.includes('storage') || resource.includes('memory') ? quantityOf(amount) : `${amount}`;

/** Writes what is used into the ResourceQuotas and StoragePolicyQuotas of a namespace. */
export function refreshQuotas(world: World, namespace: string): void {
  const { kinds, store } = world;
  const quotas = kinds.named('resourcequotas');
  for (const quota of store.list(quotas, namespace)) {
    const hard = objectAt(quota, 'spec', 'hard');
    const used = Object.fromEntries(
      Object.keys(hard).map((name) => [name, shown(name, usedIn(world, namespace, name))]),
    );
    store.setStatus(quotas, quota, { hard, used });
  }
  const policies = kinds.named('storagepolicyquotas', 'cns.vmware.com');
  for (const policy of store.list(policies, namespace)) {
    const total = listAt(policy['status'], 'total').map(({ storageClassName }) => {
      const used = usedIn(world, namespace, `${storageClassName}${perClass}`);
      return { storageClassName, scQuotaUsage: { reserved: '0', used: quantityOf(used) } };
    });
    store.setStatus(policies, policy, { total });
  }
}

/** Throws 403 when a change would take a namespace beyond one of its quotas. */
export function checkQuotas(world: World, { kind, before, after }: Change): void {
  const { namespace, name } = after.metadata;
  if (namespace === undefined) return;
  const own = usageOf(kind, after);
  const had = before ? usageOf(kind, before) : {};
  const quotas = world.kinds.named('resourcequotas');
  for (const quota of world.store.list(quotas, namespace)) {
    const exceeded: Record<'requested' | 'used' | 'limited', string[]> = {
      requested: [],
      used: [],
      limited: [],
    };
    const hard = Object.entries(objectAt(quota, 'spec', 'hard'));
    for (const [resource, limit] of hard.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const more = (own[resource] ?? 0) - (had[resource] ?? 0);
      const used = usedIn(world, namespace, resource);
      if (more <= 0 || used + more <= (amountOf(limit) ?? 0)) continue;
      exceeded.requested.push(`${resource}=${shown(resource, more)}`);
      exceeded.used.push(`${resource}=${shown(resource, used)}`);
      exceeded.limited.push(`${resource}=${limit}`);
    }
    if (exceeded.requested.length === 0) continue;
    const { requested, used, limited } = exceeded;
    throw forbidden(
      kind,
      name,
      `exceeded quota: ${quota.metadata.name}, requested: ${requested.join(',')}, used: ${used.join(',')}, limited: ${limited.join(',')}`,
    );
  }
}
