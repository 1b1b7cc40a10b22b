import type { Ref } from '../inventory/entities.js';
import { VimFault } from './vim-fault.js';

/** An account. Without `role` and `privileges` it may do everything. */
export interface User {
  readonly username: string;
  readonly password: string;
  readonly role?: 'admin' | 'readonly' | 'noaccess';
  /** Privilege ids instead of a role: `VirtualMachine.Interact.PowerOn`. System.View and System.Read come along. */
  readonly privileges?: readonly string[];
}

const reading = ['System.Anonymous', 'System.View', 'System.Read'];

export function holds(user: User, privilege: string): boolean {
  if (user.privileges) return reading.includes(privilege) || user.privileges.includes(privilege);
  if (user.role === 'readonly') return reading.includes(privilege);
  return user.role !== 'noaccess';
}

/** Throws NoPermission naming the object and the privilege, as a vCenter does. */
export function demand(user: User, privilege: string, on: Ref): void {
  if (holds(user, privilege)) return;
  throw new VimFault('NoPermission', {
    object: on,
    privilegeId: privilege,
    missingPrivileges: [{ entity: on, privilegeIds: [privilege] }],
  });
}
