import { type Entity, type Ref, refOf } from '../inventory/entities.js';
import { forget, keep } from './collector-methods.js';
import type { Method } from './method.js';
import { isA } from './object-types.js';
import { holds } from './privileges.js';
import type { Task } from './tasks.js';
import { ContainerView } from './views.js';
import { invalidArgument, VimFault } from './vim-fault.js';
import { resolve, type World } from './world.js';

/** Entities below a container, by the folders that hold them. */
const below = (from: Entity, name: string, { inventory }: World): Entity | undefined =>
  inventory.children(from.id).find((each) => each.name === name);

export const serviceMethods: Readonly<Record<string, Method>> = {
  CurrentTime: { of: 'ServiceInstance', run: ({ world }) => world.clock.now() },
  Logout: {
    of: 'SessionManager',
    run: ({ world, session }) => world.sessions.logout(session),
  },
  SessionIsActive: {
    of: 'SessionManager',
    privilege: 'Sessions.ValidateSession',
    run: ({ world, args }) =>
      world.sessions.active(String(args['sessionID']), String(args['userName'])),
  },
  CreateContainerView: {
    of: 'ViewManager',
    run: ({ args, world, session }) => {
      const container = resolve(world, args['container'] as Ref, session);
      const holdsOthers = ['Folder', 'Datacenter', 'ComputeResource', 'ResourcePool', 'HostSystem'];
      if (!holdsOthers.some((type) => isA(container.ref.type, type)))
        throw invalidArgument('container');
      const types = (args['type'] ?? []) as string[];
      return keep(
        session,
        new ContainerView(session, container.ref, types, args['recursive'] === true),
      );
    },
  },
  DestroyView: { of: 'View', run: forget },
  FindByUuid: {
    of: 'SearchIndex',
    run: ({ args, world: { inventory } }) => {
      const uuid = String(args['uuid']).toLowerCase();
      const field = args['instanceUuid'] === true ? 'instanceUuid' : 'uuid';
      const found =
        args['vmSearch'] === true
          ? inventory.all('vm').find((vm) => vm[field] === uuid)
          : inventory.all('host').find((host) => host.uuid === uuid);
      return found && refOf(found);
    },
  },
  FindByInventoryPath: {
    of: 'SearchIndex',
    run: ({ args, world }) => {
      const steps = String(args['inventoryPath']).split('/').filter(Boolean);
      let at: Entity | undefined = world.inventory.root;
      for (const step of steps) at = at && below(at, step, world);
      return at && refOf(at);
    },
  },
  FindChild: {
    of: 'SearchIndex',
    run: ({ args, world, session }) => {
      const parent = resolve(world, args['entity'] as Ref, session).source as Entity;
      const found = below(parent, String(args['name']), world);
      return found && refOf(found);
    },
  },
  HasPrivilegeOnEntities: {
    of: 'AuthorizationManager',
    run: ({ args, world, session }) => {
      if (args['sessionId'] !== session.key) throw invalidArgument('sessionId');
      return ((args['entity'] ?? []) as Ref[]).map((entity) => ({
        entity: resolve(world, entity, session).ref,
        privAvailability: ((args['privId'] ?? []) as string[]).map((privId) => ({
          privId,
          isGranted: holds(session.user, privId),
        })),
      }));
    },
  },
  CancelTask: {
    of: 'Task',
    changes: true,
    run: ({ on, world, session }) => {
      const task = on.source as Task;
      if (task.user !== session.user.username && !holds(session.user, 'Global.CancelTask'))
        throw new VimFault('NoPermission', { object: on.ref, privilegeId: 'Global.CancelTask' });
      world.tasks.cancel(task);
    },
  },
};
