import type { Collector } from './collector.js';
import { propertiesOf } from './schema.js';
import { aboutOf, serviceContent } from './service-content.js';
import { type Session, userSession } from './sessions.js';
import * as site from './site-properties.js';
import { type Task, taskInfo, taskRef } from './tasks.js';
import type { DataObject } from './value.js';
import type { ContainerView } from './views.js';
import { vmProperties } from './vm-properties.js';
import type { HeldSnapshot, Managed, World } from './world.js';

type Getters<S> = Readonly<Record<string, (source: S, world: World) => unknown>>;

const snapshotProperties: Getters<HeldSnapshot> = {
  vm: ({ vm }) => ({ type: 'VirtualMachine', value: vm.id }),
  childSnapshot: ({ snapshot }) =>
    snapshot.children.map(({ id }) => ({ type: 'VirtualMachineSnapshot', value: id })),
};

const taskProperties: Getters<Task> = {
  info: taskInfo,
  ...Object.fromEntries(
    Object.keys(propertiesOf('Task') ?? {})
      .filter((path) => path.startsWith('info.'))
      .map((path) => [path, (task: Task) => taskInfo(task)[path.slice(5)]]),
  ),
};

const viewProperties: Getters<ContainerView> = {
  container: ({ container }) => container,
  type: ({ types }) => types,
  recursive: ({ recursive }) => recursive,
  view: (view, world) => view.list(world),
};

const tables: Readonly<Record<string, Getters<never>>> = {
  VirtualMachine: vmProperties,
  HostSystem: site.hostProperties,
  Folder: site.folderProperties,
  Datacenter: site.datacenterProperties,
  ClusterComputeResource: site.clusterProperties,
  ResourcePool: site.poolProperties,
  Datastore: site.datastoreProperties,
  Network: site.networkProperties,
  VirtualMachineSnapshot: snapshotProperties,
  Task: taskProperties,
  ContainerView: viewProperties,
  TaskManager: {
    recentTask: (_: unknown, { tasks }: World) => tasks.recent.map(taskRef),
    maxCollector: () => 32,
  },
  SessionManager: {
    currentSession: (session: Session | undefined): DataObject | undefined =>
      session && userSession(session),
  },
  ServiceInstance: {
    content: (_: unknown, { inventory, version }: World) =>
      serviceContent(inventory.root.id, aboutOf(version)),
    serverClock: (_: unknown, { clock }: World) => clock.now(),
  },
  PropertyCollector: {
    filter: (source: Collector | Session | undefined) =>
      source && 'filters' in source
        ? source.filters.map(({ id }) => ({ type: 'PropertyFilter', value: id }))
        : [],
  },
};

/** The value of a property, `undefined` where it is unset. The path must be one of the schema's. */
export function property({ ref, source }: Managed, path: string, world: World): unknown {
  const getter = tables[ref.type]?.[path];
  return getter?.(source as never, world); // a table's sources are of its own type
}

/** Whether the simulator can answer a property of the schema: asked by a test for every one. */
export const answers = (type: string, path: string): boolean => tables[type]?.[path] !== undefined;
