import { X509Certificate } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Inventory } from './inventory/inventory.js';
import { plant } from './inventory/plant.js';
import { type SeedChoice, seedOf } from './inventory/seed.js';
import { plantTags, type Tags } from './inventory/tags.js';
import { isRestPath, RestFace } from './rest/rest-face.js';
import type { RestRoutes } from './rest/rest-routes.js';
import { type Certificate, testCertificates } from './server/certificate.js';
import { Clock } from './server/clock.js';
import { type FaultRule, Faults } from './server/faults.js';
import type { VcenterVersion } from './server/vcenter-version.js';
import type { Dialect } from './vcenter/encode.js';
import type { User } from './vcenter/privileges.js';
import { Sessions } from './vcenter/sessions.js';
import { type Received, SoapFace } from './vcenter/soap-face.js';
import { Tasks } from './vcenter/tasks.js';

export interface SimulateOptions {
  /** `small` when absent. */
  readonly seed?: SeedChoice;
  /** False serves plain HTTP. */
  readonly tls?: boolean;
  /** Served certificate, its own issuer; good for localhost when absent. */
  readonly certificate?: Certificate;
  /** 0, a free port, when absent. */
  readonly port?: number;
  /** Accounts. The first is `credentials`; a full administrator when absent. */
  readonly users?: readonly User[];
  /** How long a task takes; 10 when absent. */
  readonly taskMilliseconds?: number;
  /** How long a session may idle; 30 minutes when absent. */
  readonly sessionIdleMilliseconds?: number;
  /** Objects in a page at most, whatever a client takes; absent: as many as it takes. */
  readonly pageSize?: number;
  readonly dialect?: Dialect;
  readonly faults?: readonly FaultRule[];
  /** What is there instead of a seed. */
  readonly inventory?: Inventory;
  /** One of its own when absent. */
  readonly clock?: Clock;
  /** The release it says it is; 8.0.3 when absent. */
  readonly version?: VcenterVersion;
  /** Routes of the REST API beside sessions and tags. */
  readonly routes?: RestRoutes;
}

/** A simulated vCenter that listens on loopback until it is disposed of. */
export interface Simulation extends AsyncDisposable {
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
  readonly tags: Tags;
  readonly faults: Faults;
  /** Every request received, oldest first. */
  readonly requests: readonly Received[];
  readonly sessions: Sessions;
  readonly tasks: Tasks;
  readonly clock: Clock;
}

const administrator: User = { username: 'administrator@vsphere.local', password: 'Simulated-1!' };

/** Starts a simulated vCenter. Throws when the port is taken. */
export async function simulate(options: SimulateOptions = {}): Promise<Simulation> {
  const clock = options.clock ?? new Clock();
  const seed = seedOf(options.seed);
  const inventory = options.inventory ?? plant(seed, clock.now());
  const tags = plantTags(seed, inventory);
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const users = options.users ?? [administrator];
  const sessions = new Sessions(users, clock, options.sessionIdleMilliseconds ?? 30 * 60_000);
  const tasks = new Tasks(inventory, clock, options.taskMilliseconds ?? 10);
  const requests: Received[] = [];
  const secure = options.tls ?? true;
  const received = (request: Received) => requests.push(request);
  const soap = new SoapFace({
    world: {
      inventory,
      tasks,
      sessions,
      clock,
      version: options.version ?? '8.0.3',
      pageSize: options.pageSize,
    },
    faults,
    dialect: options.dialect ?? 'vcenter',
    secure,
    received,
  });
  const rest = new RestFace({ tags, sessions, clock, faults, received, routes: options.routes });

  const certificate = options.certificate ?? testCertificates.localhost;
  const server = secure ? createHttpsServer(certificate) : createHttpServer();
  server.on('request', (request, response) => {
    const face = isRestPath(request.url) ? rest : soap;
    face.handle(request, response).catch(() => response.destroy()); // the client went away mid-request
  });
  const host = '127.0.0.1';
  const port = await listen(server, options.port ?? 0, host);
  const { username, password } = users[0] ?? administrator;
  return {
    url: `${secure ? 'https' : 'http'}://${host}:${port}`,
    host,
    port,
    ca: certificate.cert,
    thumbprint: new X509Certificate(certificate.cert).fingerprint256,
    credentials: { username, password },
    inventory,
    tags,
    faults,
    requests,
    sessions,
    tasks,
    clock,
    [Symbol.asyncDispose]: () => {
      tasks.close();
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
