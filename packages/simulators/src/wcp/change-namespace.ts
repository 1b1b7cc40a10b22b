import {
  changedNetwork,
  type NetworkChange,
  type NetworkSpec,
  newNetwork,
} from './namespace-network.js';
import {
  checkName,
  checkSpec,
  librariesOf,
  limitsOf,
  type NamespaceSpec,
  updatedLimits,
} from './namespace-spec.js';
import { alreadyExists, notAllowed, notFound, unauthorized, unsupported } from './refusals.js';
import type { Namespace, Supervisor, WcpWorld } from './world.js';

/** What a namespace is created from. */
export interface CreateSpec extends NamespaceSpec, NetworkSpec {
  readonly namespace: string;
  readonly creator?: Namespace['creator'];
}

/** What a namespace is updated or replaced with. */
export interface ChangeSpec extends NamespaceSpec {
  readonly network_spec?: NetworkChange;
}

/** The namespace of this name. Throws NOT_FOUND. */
export function namespaceOf(world: WcpWorld, name: string): Namespace {
  const namespace = world.namespaces.get(name);
  if (!namespace) throw notFound(`Namespace '${name}' was not found.`, name);
  return namespace;
}

/** The Supervisor of this id. Throws NOT_FOUND. */
export function supervisorOf(world: WcpWorld, id: string): Supervisor {
  const supervisor = world.supervisors.get(id);
  if (!supervisor) throw notFound(`Supervisor '${id}' was not found.`, id);
  return supervisor;
}

/** The Supervisor on a cluster. Throws NOT_FOUND, or UNSUPPORTED where the cluster has none. */
export function supervisorOfCluster(world: WcpWorld, cluster: string): Supervisor {
  const found = [...world.supervisors.values()].find(({ clusters }) => clusters.includes(cluster));
  if (found) return found;
  if (world.clusterNames.has(cluster))
    throw unsupported(`Cluster '${cluster}' is not enabled for namespaces.`, cluster);
  throw notFound(`Cluster '${cluster}' was not found.`, cluster);
}

/** The namespace, which may be changed: it is no system namespace and is not being removed. Throws. */
export function changeable(world: WcpWorld, name: string): Namespace {
  refuseSystem(name);
  const namespace = namespaceOf(world, name);
  if (namespace.configStatus === 'REMOVING')
    throw notAllowed(`Namespace '${name}' is marked for deletion.`, name);
  return namespace;
}

/** Creates a namespace, which is being configured for a while. Throws. */
export function createNamespace(
  world: WcpWorld,
  supervisor: Supervisor,
  spec: CreateSpec,
  creator: Namespace['creator'],
): void {
  const { namespace: name } = spec;
  refuseSystem(name);
  checkName(name);
  if (world.namespaces.has(name)) throw alreadyExists(`Namespace '${name}' already exists.`, name);
  if (supervisor.configStatus !== 'RUNNING')
    throw notAllowed(
      `Supervisor '${supervisor.name}' is ${supervisor.configStatus}: no namespace can be created.`,
      supervisor.id,
    );
  checkSpec(world, supervisor, spec);
  const namespace: Namespace = {
    name,
    supervisor: supervisor.id,
    configStatus: 'CONFIGURING',
    description: spec.description ?? '',
    resourceSpec: limitsOf(spec),
    accessList: spec.access_list ?? [],
    storageSpecs: spec.storage_specs ?? [],
    vmClasses: spec.vm_service_spec?.vm_classes ?? [],
    contentLibraries: librariesOf([], spec),
    ...newNetwork(supervisor, name, spec),
    zones: spec.zones ?? [],
    creator: spec.creator ?? creator,
    stats: { cpu_used: 0, memory_used: 0, storage_used: 0 },
    messages: [],
    createdAt: world.clock.now(),
  };
  world.namespaces.set(name, namespace);
  world.emit('namespace', namespace);
  world.after(world.configureMilliseconds, () => {
    if (namespace.configStatus !== 'CONFIGURING') return;
    namespace.configStatus = 'RUNNING';
    world.emit('namespace', namespace);
  });
}

/** Changes what a specification names. A list it names replaces the one there was. Throws. */
export function updateNamespace(world: WcpWorld, name: string, spec: ChangeSpec): void {
  const namespace = changeable(world, name);
  const supervisor = supervisorOf(world, namespace.supervisor);
  checkSpec(world, supervisor, spec);
  const changed: Partial<Namespace> = {
    resourceSpec: updatedLimits(namespace.resourceSpec, spec),
    contentLibraries: librariesOf(namespace.contentLibraries, spec),
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.access_list && { accessList: spec.access_list }),
    ...(spec.storage_specs && { storageSpecs: spec.storage_specs }),
    ...(spec.vm_service_spec && { vmClasses: spec.vm_service_spec.vm_classes ?? [] }),
    ...(spec.zones && { zones: spec.zones }),
    ...(spec.network_spec && changedNetwork(supervisor, namespace, spec.network_spec)),
  };
  Object.assign(namespace, changed);
  world.emit('namespace', namespace);
}

/** Replaces what can be configured: what the specification does not name is cleared. Throws. */
export function replaceNamespace(world: WcpWorld, name: string, spec: ChangeSpec): void {
  const namespace = changeable(world, name);
  const supervisor = supervisorOf(world, namespace.supervisor);
  checkSpec(world, supervisor, spec);
  const changed: Partial<Namespace> = {
    description: spec.description ?? '',
    resourceSpec: limitsOf(spec),
    accessList: spec.access_list ?? [],
    storageSpecs: spec.storage_specs ?? [],
    vmClasses: spec.vm_service_spec?.vm_classes ?? [],
    contentLibraries: librariesOf([], spec),
    ...(spec.network_spec && changedNetwork(supervisor, namespace, spec.network_spec)),
  };
  Object.assign(namespace, changed);
  world.emit('namespace', namespace);
}

/** Removes a namespace with everything in it, which takes a while. Throws. */
export function deleteNamespace(world: WcpWorld, name: string): void {
  const namespace = changeable(world, name);
  namespace.configStatus = 'REMOVING';
  world.emit('namespace', namespace);
  world.after(world.configureMilliseconds, () => {
    world.namespaces.delete(name);
    world.emit('namespace-gone', namespace);
  });
}

function refuseSystem(name: string): void {
  if (name.startsWith('vmware-system'))
    throw unauthorized(`Namespace '${name}' belongs to the system.`, name);
}
