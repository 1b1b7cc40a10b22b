import type { Entity, Ref } from '../inventory/entities.js';
import { demand } from './privileges.js';
import type { Session } from './sessions.js';
import type { Order } from './tasks.js';
import type { VimFault } from './vim-fault.js';
import type { Managed, World } from './world.js';

/** A request that passed the schema, the session and the object look-up. */
export interface Request {
  readonly method: string;
  readonly on: Managed;
  readonly args: Readonly<Record<string, unknown>>;
  readonly world: World;
  readonly session: Session;
  /** Fires when the client has gone. */
  readonly gone: AbortSignal;
  /** What a fault rule wants of the task this request starts. */
  readonly outcome: VimFault | 'hangs' | undefined;
}

/** One method of the API: the object type it belongs to, whether it changes anything, and what it does. */
export interface Method {
  readonly of: string;
  readonly changes?: boolean;
  /** Privilege on the object; System.View when absent. */
  readonly privilege?: string;
  readonly run: (request: Request) => unknown;
}

/** Starts a task for a request and answers its reference, as every `_Task` method does. */
export function startTask(
  request: Request,
  entity: Entity,
  order: Pick<Order, 'descriptionId' | 'work' | 'cancelable'>,
): Ref {
  const { world, session, method, outcome } = request;
  return world.tasks.start({
    ...order,
    method,
    entity,
    user: session.user,
    ...(outcome ? { outcome } : {}),
  });
}

/** Demands a privilege on another object than the one the method was called on. */
export const demandOf = ({ session }: Request, privilege: string, on: Ref): void =>
  demand(session.user, privilege, on);
