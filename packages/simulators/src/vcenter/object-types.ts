/** The managed object types above a type: a specification for one of them takes in its descendants. */
const parents: Readonly<Record<string, string>> = {
  ManagedEntity: 'ExtensibleManagedObject',
  Folder: 'ManagedEntity',
  Datacenter: 'ManagedEntity',
  ComputeResource: 'ManagedEntity',
  ClusterComputeResource: 'ComputeResource',
  HostSystem: 'ManagedEntity',
  ResourcePool: 'ManagedEntity',
  Datastore: 'ManagedEntity',
  Network: 'ManagedEntity',
  VirtualMachine: 'ManagedEntity',
  VirtualMachineSnapshot: 'ExtensibleManagedObject',
  Task: 'ExtensibleManagedObject',
  ContainerView: 'ManagedObjectView',
  ManagedObjectView: 'View',
};

export function isA(type: string, ancestor: string): boolean {
  for (let at: string | undefined = type; at; at = parents[at]) if (at === ancestor) return true;
  return false;
}

const others = ['SearchIndex', 'ViewManager', 'AuthorizationManager', 'PropertyFilter'];

/** Whether there is a managed object type of this name. */
export const isObjectType = (type: string, known: readonly string[]): boolean =>
  known.includes(type) ||
  others.includes(type) ||
  type in parents ||
  Object.values(parents).includes(type);
