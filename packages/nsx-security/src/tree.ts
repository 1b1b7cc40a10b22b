import { ApiError } from '@vmware/clients/http';
import type {
  ContextProfile,
  Group,
  PolicyObject,
  Rule,
  SecurityPolicy,
  Service,
} from '@vmware/clients/nsx';
import type { Snapshot } from './dfw/snapshot.js';
import { type Place, targetOf } from './objects.js';

/** `{resource_type: 'ChildGroup', Group: {…, children: […]}}` */
interface Wrapper {
  readonly resource_type?: string;
  readonly [type: string]: unknown;
}
type Node = PolicyObject & { readonly children?: readonly Wrapper[] };

const types = 'Domain|SecurityPolicy|Rule|Group|Service|PolicyContextProfile';

/**
 * The whole configuration in one answer (GET of the scope's root with `filter=Type-…`), so that no object is of
 * another moment than the rest. Throws UPSTREAM for an answer that is no hierarchy.
 */
export async function readTree(
  place: Place,
): Promise<Pick<Snapshot, 'policies' | 'groups' | 'services' | 'context_profiles'>> {
  const { nsx, scope, signal } = place;
  const root = await nsx.get<Node>(targetOf(place, scope.infra), {
    query: { filter: `Type-${types}` },
    signal,
  });
  if (!Array.isArray(root?.children))
    throw new ApiError('UPSTREAM', `The configuration of ${scope.name} came without its objects`, {
      remedy:
        'Try again, and check the version of the NSX Manager with vmware-nsx-security doctor.',
    });
  const top = childrenOf(root);
  const domains = top.filter(({ type }) => type === 'Domain').map(({ object }) => object);
  const inDomains = domains.filter(({ id }) => id === 'default').flatMap(childrenOf);
  const of = <T>(list: typeof top, type: string) =>
    list.flatMap((each) => (each.type === type ? [bare(each.object) as T] : []));
  return {
    policies: inDomains
      .filter(({ type }) => type === 'SecurityPolicy')
      .map(({ object }) => {
        const policy = bare(object) as SecurityPolicy;
        const below = of<Rule>(childrenOf(object), 'Rule');
        return { ...policy, rules: below.length > 0 ? below : (policy.rules ?? []) };
      }),
    groups: of<Group>(inDomains, 'Group'),
    services: of<Service>(top, 'Service'),
    context_profiles: of<ContextProfile>(top, 'PolicyContextProfile'),
  };
}

function childrenOf(node: Node): { type: string; object: Node }[] {
  return (node.children ?? []).flatMap((wrapper) => {
    const type = wrapper.resource_type?.replace(/^Child/, '') ?? '';
    const object = wrapper[type];
    if (typeof object !== 'object' || object === null) return [];
    const node = object as Node;
    // What is being deleted still stands in the hierarchy; lists leave it out.
    return node.marked_for_delete ? [] : [{ type, object: node }];
  });
}

/** An object without what is below it. A service's entries may come as children; they stay part of it. */
function bare({ children, ...object }: Node): PolicyObject {
  const entries = childrenOf({ ...object, children: children ?? [] })
    .filter(({ type }) => type === 'ServiceEntry' || type.endsWith('ServiceEntry'))
    .map((each) => each.object);
  return entries.length > 0 && !('service_entries' in object)
    ? Object.assign({}, object, { service_entries: entries })
    : object;
}
