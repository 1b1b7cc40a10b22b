/** Accounts have one role each; the names are the product's. */
export type Role =
  | 'enterprise_admin'
  | 'security_admin'
  | 'security_engineer'
  | 'security_op'
  | 'network_admin'
  | 'network_engineer'
  | 'network_op'
  | 'auditor';

export interface User {
  readonly username: string;
  readonly password: string;
  readonly role: Role;
}

/** What a route changes: firewall objects and tags, the network, or the manager itself. */
export type Area = 'security' | 'network' | 'diagnosis' | 'system';

const writes: Readonly<Record<Role, readonly Area[]>> = {
  enterprise_admin: ['security', 'network', 'diagnosis', 'system'],
  security_admin: ['security', 'diagnosis'],
  security_engineer: ['security', 'diagnosis'],
  security_op: [],
  network_admin: ['network', 'diagnosis'],
  network_engineer: ['network', 'diagnosis'],
  network_op: [],
  auditor: [],
};

/** Whether a role may change things of an area. Every role may read. */
export const mayChange = (role: Role, area: Area): boolean => writes[role].includes(area);

/** The area of a path below a policy tree, or of a Manager API path. */
export function areaOf(path: string): Area {
  if (path.includes('/traceflows')) return 'diagnosis';
  if (/\/(segments|tier-[01]s)\b/.test(path)) return 'network';
  if (path.includes('/system-config') || path.includes('/cluster/')) return 'system';
  return 'security';
}
