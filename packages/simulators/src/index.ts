import type { NsxSimulation, SimulateNsxOptions } from './nsx/simulate-nsx.js';
import type { SimulateVksOptions, VksSimulation } from './wcp/simulate-vks.js';

export type {
  Cluster,
  Datacenter,
  Datastore,
  Disk,
  Entity,
  Folder,
  Host,
  Kind,
  Network,
  Nic,
  Pool,
  Power,
  Ref,
  Snapshot,
  Vm,
} from './inventory/entities.js';
export { hostileAnnotation, hostileName } from './inventory/hostile.js';
export { Inventory } from './inventory/inventory.js';
export type { CategorySeed, Seed, SeedChoice, SnapshotSeed, VmSeed } from './inventory/seed.js';
export { type Category, type Tag, Tags } from './inventory/tags.js';
export { type KubeApiserver, type KubeApiserverOptions, kubeApiserver } from './kube-apiserver.js';
export { hit } from './nsx/compute/statistics.js';
export type { EstateChoice, WrittenObject } from './nsx/estate/plant-estate.js';
export type { EstateSize } from './nsx/estate/sized.js';
export type { LimitOptions, Limits } from './nsx/limits.js';
export type { NsxRequest } from './nsx/nsx-face.js';
export type { Role, User as NsxUser } from './nsx/roles.js';
export type { NsxSessions } from './nsx/sessions.js';
export type { NsxSimulation, SimulateNsxOptions } from './nsx/simulate-nsx.js';
export type { PolicyObject, Store } from './nsx/store.js';
export type { World } from './nsx/world.js';
export type { RestRequest } from './rest/rest-routes.js';
export { type Certificate, testCertificates } from './server/certificate.js';
export { Clock } from './server/clock.js';
export { type Failure, type FaultRule, Faults } from './server/faults.js';
export { type SimulateOptions, type Simulation, simulate } from './simulate.js';
export type { Dialect } from './vcenter/encode.js';
export type { User } from './vcenter/privileges.js';
export { Sessions } from './vcenter/sessions.js';
export type { Received } from './vcenter/soap-face.js';
export { Tasks } from './vcenter/tasks.js';
export { type Skipped, type Vcsim, type VcsimOptions, vcsim } from './vcsim.js';
export type { SimulateVksOptions, VksSimulation } from './wcp/simulate-vks.js';
export type { Namespace, Supervisor, WcpWorld } from './wcp/world.js';

// Each is loaded when it is first started: whoever simulates one product pays for no other.

/** Starts a simulated NSX Manager or Global Manager. Throws when the port is taken. */
export const simulateNsx = async (options: SimulateNsxOptions = {}): Promise<NsxSimulation> =>
  (await import('./nsx/simulate-nsx.js')).simulateNsx(options);

/** Starts a simulated vCenter with Supervisors. Throws when a port is taken. */
export const simulateVks = async (options: SimulateVksOptions = {}): Promise<VksSimulation> =>
  (await import('./wcp/simulate-vks.js')).simulateVks(options);
