import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Inventory } from '../inventory/inventory.js';
import { plant } from '../inventory/plant.js';
import { type SeedChoice, seedOf } from '../inventory/seed.js';
import { type Certificate, testCertificates } from '../server/certificate.js';
import { Clock } from '../server/clock.js';
import { type FaultRule, Faults } from '../server/faults.js';
import type { PrincipalIdentities } from './authenticate.js';
import { type EstateChoice, plantEstate } from './estate/plant-estate.js';
import { Fabric } from './fabric.js';
import { type LimitOptions, Limits } from './limits.js';
import { NsxFace, type NsxRequest } from './nsx-face.js';
import type { User } from './roles.js';
import { NsxSessions } from './sessions.js';
import { plantSkeleton } from './skeleton.js';
import { Store } from './store.js';
import type { World, WorldSettings } from './world.js';

export interface SimulateNsxOptions extends Partial<WorldSettings> {
  /** Policy objects to start with; `lab` when absent. */
  readonly estate?: EstateChoice;
  /** Machines to start with when no inventory is shared; `lab` when absent. */
  readonly seed?: SeedChoice;
  /** The inventory of a simulated vCenter: its machines are the ones NSX sees. */
  readonly inventory?: Inventory;
  /** The clock of the vCenter that the inventory belongs to; one of its own when absent. */
  readonly clock?: Clock;
  /** Accounts. The first is `credentials`; `admin`, an enterprise admin, when absent. */
  readonly users?: readonly User[];
  /** Accounts that a client certificate stands for, by its SHA-256 fingerprint. */
  readonly identities?: PrincipalIdentities;
  /** Served certificate, its own issuer; good for localhost when absent. */
  readonly certificate?: Certificate;
  /** 0, a free port, when absent. */
  readonly port?: number;
  /** How long a session may idle; 30 minutes when absent. */
  readonly sessionIdleMilliseconds?: number;
  /** The status of a request with a session that has expired; 403 when absent. */
  readonly expiredStatus?: 401 | 403;
  /** Items in a page at most, whatever a client asks for; 1000 when absent. */
  readonly pageSize?: number;
  readonly limits?: LimitOptions;
  readonly faults?: readonly FaultRule[];
}

/** A simulated NSX Manager, or Global Manager, that listens on loopback until it is disposed of. */
export interface NsxSimulation extends AsyncDisposable {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the certificate: trust it to trust the simulation. */
  readonly ca: string;
  /** SHA-256 of the certificate: `AA:BB:..`. */
  readonly thumbprint: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly inventory: Inventory;
  readonly faults: Faults;
  /** Every request received, oldest first. */
  readonly requests: readonly NsxRequest[];
  readonly sessions: NsxSessions;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly world: World;
}

const admin: User = { username: 'admin', password: 'Simulated-NSX-1!', role: 'enterprise_admin' };

/** Starts a simulated NSX Manager. Throws when the port is taken. */
export async function simulateNsx(options: SimulateNsxOptions = {}): Promise<NsxSimulation> {
  const { users = [admin], certificate = testCertificates.localhost } = options;
  const clock = options.clock ?? new Clock();
  const inventory = options.inventory ?? plant(seedOf(options.seed ?? 'lab'), clock.now());
  const world = worldOf(options, inventory, clock);
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const sessions = new NsxSessions({
    users,
    clock,
    idleMilliseconds: options.sessionIdleMilliseconds ?? 30 * 60_000,
    expiredStatus: options.expiredStatus ?? 403,
  });
  const limits = new Limits(options.limits);
  const requests: NsxRequest[] = [];
  const face = new NsxFace({
    world,
    sessions,
    identities: options.identities ?? {},
    limits,
    faults,
    pageCap: options.pageSize ?? 1000,
    received: (request) => requests.push(request),
  });
  const server = createServer({ ...certificate, requestCert: true, rejectUnauthorized: false });
  server.on('request', (request, response) => {
    face.handle(request, response).catch(() => response.destroy()); // the client went away mid-request
  });
  const host = '127.0.0.1';
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => resolve((server.address() as AddressInfo).port));
  });
  const { username, password } = users[0] ?? admin;
  return {
    url: `https://${host}:${port}`,
    host,
    port,
    ca: certificate.cert,
    thumbprint: new X509Certificate(certificate.cert).fingerprint256,
    credentials: { username, password },
    inventory,
    faults,
    requests,
    sessions,
    limits,
    clock,
    world,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function worldOf(options: SimulateNsxOptions, inventory: Inventory, clock: Clock): World {
  const globalManager = options.globalManager ?? false;
  const world: World = {
    objects: new Store(globalManager ? 1_000_000 : 1000),
    fabric: new Fabric(inventory),
    clock,
    settings: {
      version: options.version ?? '4.2.1',
      globalManager,
      realizeMilliseconds: options.realizeMilliseconds ?? 0,
      traceMilliseconds: options.traceMilliseconds ?? 20,
      partialPatch: options.partialPatch ?? false,
      staleStatus: options.staleStatus ?? 412,
    },
  };
  plantSkeleton(world);
  plantEstate(world, options.estate);
  return world;
}
