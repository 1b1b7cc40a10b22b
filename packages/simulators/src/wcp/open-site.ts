import type { RestAnswer, RestRequest } from '../rest/rest-routes.js';
import { type Certificate, testCertificates } from '../server/certificate.js';
import { Clock } from '../server/clock.js';
import type { VcenterVersion } from '../server/vcenter-version.js';
import { type SimulateOptions, type Simulation, simulate } from '../simulate.js';
import { accounts, type VksUser } from './accounts.js';
import { openWorld } from './open-world.js';
import { plantSite } from './seed/plant-site.js';
import { clustersOf, plantWorld } from './seed/plant-world.js';
import {
  type NamespaceSeed,
  numbered,
  type SupervisorSeed,
  type VksSeedName,
  vksSeedOf,
} from './seed/seed.js';
import { WcpRoutes } from './wcp-routes.js';
import type { WcpWorld } from './world.js';

export interface SiteOptions
  extends Pick<SimulateOptions, 'port' | 'faults' | 'sessionIdleMilliseconds'> {
  /** `lab` when absent. */
  readonly seed?: VksSeedName;
  /** How many, or which, instead of the seed's. None: Workload Management is off. */
  readonly supervisors?: number | readonly SupervisorSeed[];
  /** Instead of the seed's. */
  readonly namespaces?: readonly NamespaceSeed[];
  /** Accounts. The first is `credentials`; those of accounts.ts when absent. */
  readonly users?: readonly VksUser[];
  /** The release whose API is served; 8.0.3 when absent. */
  readonly version?: VcenterVersion;
  readonly certificate?: Certificate;
  readonly clock?: Clock;
  /** How long a namespace is being configured, and as long removed; 1000 of the clock when absent. */
  readonly configureMilliseconds?: number;
  readonly login?: (authorization: string | undefined, body: string) => RestAnswer;
}

/** A vCenter with Workload Management, but for what listens on its Supervisors. */
export interface Site extends AsyncDisposable {
  /** `requests` are those of the REST API; every request, SOAP too, is in `received`. */
  readonly vcenter: Omit<Simulation, 'requests'> & {
    readonly certificate: Certificate;
    readonly requests: readonly RestRequest[];
    readonly received: Simulation['requests'];
  };
  readonly world: WcpWorld;
  readonly users: readonly VksUser[];
}

/** Starts the vCenter. Throws when the port is taken. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const { users = accounts, certificate = testCertificates.localhost } = options;
  const clock = options.clock ?? new Clock();
  const seed = seedFrom(options);
  const enabled = clustersOf(seed);
  // One more: a cluster without a Supervisor.
  const { inventory, clusters } = plantSite(enabled + 1, clock.now());
  const world = openWorld({
    clock,
    configureMilliseconds: options.configureMilliseconds ?? 1000,
    domains: ['vsphere.local', 'corp.local'],
    clusterNames: new Map(clusters.map(({ id, name }) => [id, name])),
  });
  plantWorld(
    world,
    seed,
    clusters.slice(0, enabled).map(({ id }) => id),
  );
  const requests: RestRequest[] = [];
  const routes = new WcpRoutes({
    world,
    version: options.version ?? '8.0.3',
    received: (request) => requests.push(request),
    ...(options.login && { login: options.login }),
  });
  const simulation = await simulate({
    ...options,
    users,
    certificate,
    clock,
    inventory,
    routes,
    seed: 'small',
  });
  return {
    vcenter: { ...simulation, certificate, requests, received: simulation.requests },
    world,
    users,
    async [Symbol.asyncDispose]() {
      world.close();
      await simulation[Symbol.asyncDispose]();
    },
  };
}

function seedFrom({ seed, supervisors, namespaces }: SiteOptions) {
  const named = vksSeedOf(seed);
  return {
    supervisors:
      typeof supervisors === 'number' ? numbered(supervisors) : (supervisors ?? named.supervisors),
    namespaces: namespaces ?? named.namespaces,
  };
}
