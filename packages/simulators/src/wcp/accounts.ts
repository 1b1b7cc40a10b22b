import type { User as KubeUser } from '../kube/accounts.js';
import { holds, type User } from '../vcenter/privileges.js';
import { configure } from './call.js';
import type { Access, WcpWorld } from './world.js';

/** An account of vCenter Single Sign-On, and what it may do on a Supervisor. */
export interface VksUser extends User {
  /** Groups it is in: `developers@corp.local`. */
  readonly groups?: readonly string[];
  /** Absent: administrators everything, everybody else what the access lists of namespaces say. */
  readonly kubernetes?: Pick<KubeUser, 'role' | 'namespaces'>;
}

const password = 'Simulated-1!';

/** The accounts when none are given. */
export const accounts = [
  { username: 'administrator@vsphere.local', password },
  {
    username: 'operator@vsphere.local',
    password,
    privileges: [configure, 'Namespaces.Manage', 'Namespaces.ListAccess'],
    kubernetes: { role: 'edit' },
  },
  { username: 'developer@vsphere.local', password, privileges: ['Namespaces.ListAccess'] },
  { username: 'readonly@vsphere.local', password, role: 'readonly' },
] as const satisfies readonly VksUser[];

/** The account as a Supervisor sees it: asked anew at every request, since access lists change. */
export function kubeUserOf(user: VksUser, world: WcpWorld): KubeUser {
  const { username, password: secret, kubernetes, groups = [] } = user;
  if (kubernetes) return { username, password: secret, ...kubernetes };
  if (user.privileges === undefined && holds(user, configure))
    return { username, password: secret, role: 'admin' };
  const lower = (names: readonly string[]) => names.map((each) => each.toLowerCase());
  const named = { USER: lower([username]), GROUP: lower(groups) };
  const isHis = ({ subject_type: type, subject, domain }: Access) =>
    named[type].includes(`${subject}@${domain}`.toLowerCase());
  const having = (...roles: Access['role'][]) =>
    [...world.namespaces.values()]
      .filter(({ accessList }) =>
        accessList.some((each) => roles.includes(each.role) && isHis(each)),
      )
      .map(({ name }) => name);
  return {
    username,
    password: secret,
    // An account has one role: with both, only the namespaces that it may change are open to it.
    get role() {
      if (having('OWNER', 'EDIT').length > 0) return 'edit';
      return having('VIEW').length > 0 ? 'view' : 'none';
    },
    get namespaces() {
      const changed = having('OWNER', 'EDIT');
      return changed.length > 0 ? changed : having('VIEW');
    },
  };
}
