import type { Kind } from './kinds.js';
import { forbidden, type KubeError } from './kube-error.js';
import type { Verb } from './route.js';

/** An account of vCenter Single Sign-On. */
export interface User {
  readonly username: string;
  readonly password: string;
  /** What it may do: everything, change or read in its namespaces, or nothing. */
  readonly role: 'admin' | 'edit' | 'view' | 'none';
  /** Absent: all of them. */
  readonly namespaces?: readonly string[];
}

/** Whoever sent a request. */
export interface Caller {
  /** As Kubernetes names it: `sso:administrator@vsphere.local`. */
  readonly name: string;
  /** Nobody logs in to a Supervisor as `cluster-admin`: it is what people are in their guest clusters. */
  readonly role: User['role'] | 'cluster-admin';
  readonly namespaces?: readonly string[];
}

export const callerOf = ({ username, role, namespaces }: User): Caller => ({
  name: `sso:${username}`,
  role,
  ...(namespaces && { namespaces }),
});

/** What a caller tries. */
export interface Attempt {
  readonly verb: Verb;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** What nobody who logs in may change: it comes from vCenter, or with the product. */
const fixed = ['resourcequotas', 'storagepolicyquotas', 'virtualmachineclasses', 'clusterclasses'];
/** Kinds without a namespace that whoever is let in may read. */
const common = ['tanzukubernetesreleases', 'kubernetesreleases', 'storageclasses'];
/** The namespace of what every namespace may use. */
export const publicNamespace = 'vmware-system-vks-public';

/** What it may do in a namespace; undefined: nothing. */
export function roleIn(
  { role, namespaces }: Caller,
  namespace: string,
): 'edit' | 'view' | undefined {
  if (role === 'cluster-admin' || role === 'admin') return 'edit';
  return role === 'none' || namespaces?.includes(namespace) === false ? undefined : role;
}

const reads: readonly Verb[] = ['get', 'list', 'watch'];

/** The refusal of what a caller may not do; undefined when it may. */
export function refusalOf(caller: Caller, attempt: Attempt): KubeError | undefined {
  return isAllowed(caller, attempt) ? undefined : refused(caller, attempt);
}

function isAllowed(caller: Caller, { verb, kind, namespace, name }: Attempt): boolean {
  if (caller.role === 'cluster-admin') return true;
  const isRead = reads.includes(verb);
  if (!isRead && (!kind.namespaced || fixed.includes(kind.plural) || namespace === publicNamespace))
    return false;
  if (caller.role === 'admin') return true;
  if (caller.role === 'none') return false;
  if (isRead && (common.includes(kind.plural) || namespace === publicNamespace)) return true;
  const place = kind.plural === 'namespaces' ? name : namespace;
  // Without a namespace it is a question about all of them.
  if (place === undefined) return isRead && caller.namespaces === undefined;
  const role = roleIn(caller, place);
  return role === 'edit' || (role === 'view' && isRead && kind.plural !== 'secrets');
}

function refused({ name: user }: Caller, attempt: Attempt): KubeError {
  const { verb, kind, namespace, name, subresource } = attempt;
  const what = subresource ? `${kind.plural}/${subresource}` : kind.plural;
  // A namespace counts as being within itself.
  const place = kind.plural === 'namespaces' ? name : namespace;
  const where = place === undefined ? 'at the cluster scope' : `in the namespace "${place}"`;
  return forbidden(
    kind,
    name,
    `User "${user}" cannot ${verb} resource "${what}" in API group "${kind.group}" ${where}`,
  );
}
