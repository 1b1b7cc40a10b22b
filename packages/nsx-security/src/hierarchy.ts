import type { Change, PolicyObject, Scope } from '@vmware/clients/nsx';

/** An element of a hierarchical body: `{resource_type: 'ChildGroup', Group: {…}}`. */
export type Child = Readonly<Record<string, unknown>>;

/** An object as a child of a hierarchical request; `marked_for_delete` in the wrapper deletes it. */
export const childOf = (
  type: string,
  object: Partial<PolicyObject> & Readonly<Record<string, unknown>>,
  { remove = false }: { remove?: boolean } = {},
): Child => ({
  resource_type: `Child${type}`,
  [type]: { resource_type: type, ...object },
  ...(remove && { marked_for_delete: true }),
});

/** An object that stays as it is and only leads to what is below it. */
export const referenceTo = (targetType: string, id: string, children: readonly Child[]): Child => ({
  resource_type: 'ChildResourceReference',
  id,
  target_type: targetType,
  children,
});

interface Children {
  /** Security policies and groups. */
  readonly domain: readonly Child[];
  /** Services and context profiles. */
  readonly infra?: readonly Child[];
}

/**
 * One transactional change of everything it names, in which every `_revision` is checked: PATCH of the scope's
 * root with `enforce_revision_check=true`. What it does not name stays; objects on the way are only referred to.
 */
export function hierarchical({ kind, api, infra, domain }: Scope, children: Children): Change {
  const services = children.infra ?? [];
  const query = '?enforce_revision_check=true';
  if (kind !== 'vpc')
    return {
      method: 'PATCH',
      target: `${api}${infra}${query}`,
      body: {
        resource_type: 'Infra',
        children: [
          ...services,
          ...(children.domain.length > 0
            ? [referenceTo('Domain', 'default', children.domain)]
            : []),
        ],
      },
    };
  const [, , org = '', , project = '', , vpc = ''] = domain.split('/').map(decodeURIComponent);
  const below = [
    ...(services.length > 0 ? [referenceTo('Infra', 'infra', services)] : []),
    referenceTo('Vpc', vpc, children.domain),
  ];
  return {
    method: 'PATCH',
    target: `${api}/org-root${query}`,
    body: {
      resource_type: 'OrgRoot',
      children: [referenceTo('Org', org, [referenceTo('Project', project, below)])],
    },
  };
}
