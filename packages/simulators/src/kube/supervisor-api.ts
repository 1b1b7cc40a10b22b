import { type Certificate, testCertificates } from '../server/certificate.js';
import type { Clock } from '../server/clock.js';
import type { Faults } from '../server/faults.js';
import type { Supervisor, WcpWorld } from '../wcp/world.js';
import { type Caller, callerOf, publicNamespace, roleIn, type User } from './accounts.js';
import { addCluster } from './add-cluster.js';
import { admit } from './admission/admit.js';
import type { Api } from './api.js';
import { plantPublicClasses } from './cluster-classes.js';
import type { ClusterSeed } from './cluster-seed.js';
import { Guest } from './guest/guest-server.js';
import { plantNamespace, type Workloads } from './guest/workloads.js';
import { type Serve, supervisorKinds } from './kinds.js';
import { KubeFace, type KubeRequest } from './kube-face.js';
import { Agenda } from './life/agenda.js';
import { ClusterLife } from './life/cluster-life.js';
import { listen } from './listener.js';
import { Logins, supervisorAudience } from './logins.js';
import { NamespaceSync } from './namespaces.js';
import type { KubeObject } from './object.js';
import { prepare } from './prepare.js';
import { Pages } from './reads.js';
import { plantReleases } from './releases.js';
import { plantStorageClasses } from './storage-classes.js';
import { Store } from './store.js';
import type { World } from './world.js';

export interface SupervisorApiOptions {
  /** Its `endpoint` (`127.0.0.1:port`) and `certificate` are set. */
  readonly supervisor: Supervisor;
  /** Namespaces, storage policies and VM classes, which the API server follows. */
  readonly site: WcpWorld;
  readonly users: readonly User[];
  readonly clock: Clock;
  readonly faults: Faults;
  /** Every request is added to it, those of guest clusters too. */
  readonly requests: KubeRequest[];
  /** 0, a free port, when absent. */
  readonly port?: number;
  /** Good for localhost when absent. */
  readonly certificate?: Certificate;
  /** API versions to serve by group, newest first; all of them when absent. */
  readonly serve?: Serve;
  /** How long a cluster takes to be made, in milliseconds of the clock; a minute when absent. */
  readonly provisionMilliseconds?: number;
  /** How long a token is good, in milliseconds of the clock; ten hours when absent. */
  readonly tokenMilliseconds?: number;
  /** False: the login service knows no guest clusters (404), so clients must use the secret. */
  readonly guestLogin?: boolean;
}

/** The simulated Kubernetes API of a Supervisor, and of its guest clusters, on loopback until it is disposed of. */
export interface SupervisorApi extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly certificate: Certificate;
  readonly logins: Logins;
  readonly world: World;
  readonly clusters: ClusterLife;
  /** Adds a cluster that has long been there. Its namespace must be one of this Supervisor; throws otherwise. */
  addCluster(seed: ClusterSeed): Promise<KubeObject>;
  /** The API server of a cluster; it may not listen yet, see `Guest.open`. */
  guest(namespace: string, name: string): Guest | undefined;
  /** Does what is due by now. */
  settle(): Promise<void>;
}

/** So many clusters that were there from the start listen at once; the others as soon as somebody looks at them. */
const eager = 16;

/** Starts the API server of a Supervisor. Throws when the port is taken. */
export async function openSupervisorApi(options: SupervisorApiOptions): Promise<SupervisorApi> {
  const { supervisor, site, clock, faults, requests } = options;
  const { certificate = testCertificates.localhost } = options;
  const agenda = new Agenda(clock);
  const world: World = {
    name: supervisor.name,
    kinds: supervisorKinds(options.serve),
    store: new Store(clock),
    clock,
    agenda,
    provisionMilliseconds: options.provisionMilliseconds ?? 60_000,
    stuck: new Map(),
  };
  const seeds = new Map<string, Workloads>();
  const logins = new Logins({
    users: options.users,
    clock,
    tokenMilliseconds: options.tokenMilliseconds ?? 10 * 3_600_000,
    guest: (namespace, name) => {
      const guest = clusters.guest(`${namespace}/${name}`);
      if (!guest || options.guestLogin === false) return undefined;
      return { ...(guest.listens && { server: guest.endpoint }), ca: guest.certificate };
    },
    workloads: (user) => workloadsOf(options, callerOf(user)),
  });
  const clusters: ClusterLife = new ClusterLife({
    world,
    newGuest: ({ metadata: { namespace = '', name } }) =>
      new Guest({
        namespace,
        name,
        clock,
        faults,
        requests,
        logins,
        workloads: seeds.get(`${namespace}/${name}`) ?? {},
        storagePolicies: policiesOf(site, namespace),
        sizeOf: (vmClass) => site.vmClasses.get(vmClass) ?? { cpus: 2, memoryMb: 4096 },
        settle,
      }),
  });
  const namespaces = new NamespaceSync(world, site, clusters);
  const stops = [
    site.on('namespace', (one) => one.supervisor === supervisor.id && namespaces.show(one)),
    site.on('namespace-gone', (one) => one.supervisor === supervisor.id && namespaces.remove(one)),
  ];
  const settle = async () => {
    site.settle();
    await agenda.settle();
  };
  plantSystem(world, supervisor, site);
  for (const one of site.namespaces.values())
    if (one.supervisor === supervisor.id) namespaces.show(one);
  const api: Api = {
    kinds: world.kinds,
    store: world.store,
    clock,
    get release() {
      return supervisor.version;
    },
    bookmarkMilliseconds: 60_000,
    pages: new Pages(),
    authenticate: ({ headers }) => logins.callerOf(headers.authorization, supervisorAudience),
    admit: (change) => admit(world, change),
    prepare: (asked, text) => prepare(world, clusters, asked, text),
    settle,
  };
  const face = new KubeFace({ name: supervisor.name, api, faults, requests, logins });
  const listener = await listen(face, certificate, options.port ?? 0);
  supervisor.endpoint = `${listener.host}:${listener.port}`;
  supervisor.certificate = certificate.cert;
  let seeded = 0;
  return {
    host: listener.host,
    port: listener.port,
    certificate,
    logins,
    world,
    clusters,
    async addCluster(seed) {
      if (seed.workloads) seeds.set(`${seed.namespace}/${seed.name}`, seed.workloads);
      seeded += 1;
      return addCluster(world, clusters, seed, seeded <= eager);
    },
    guest: (namespace, name) => clusters.guest(`${namespace}/${name}`),
    settle,
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      await listener[Symbol.asyncDispose]();
      await namespaces.ended();
      await clusters.close();
    },
  };
}

function plantSystem(world: World, { services }: Supervisor, site: WcpWorld): void {
  const own = services.map(({ namespace }) => namespace);
  for (const name of ['default', 'kube-system', publicNamespace, ...own])
    plantNamespace(world, name);
  plantStorageClasses(world, site.storagePolicies.values());
  plantReleases(world);
  plantPublicClasses(world);
}

const policiesOf = ({ namespaces, storagePolicies }: WcpWorld, namespace: string) =>
  (namespaces.get(namespace)?.storageSpecs ?? []).flatMap(
    ({ policy }) => storagePolicies.get(policy) ?? [],
  );

/** What `GET /wcp/workloads` says, with the name of the port misspelt as the product has it. */
function workloadsOf({ supervisor, site }: SupervisorApiOptions, caller: Caller) {
  const [host = '', port = ''] = supervisor.endpoint.split(':');
  return [...site.namespaces.values()]
    .filter((one) => one.supervisor === supervisor.id && one.configStatus === 'RUNNING')
    .filter(({ name }) => roleIn(caller, name) !== undefined)
    .map(({ name }) => ({
      namespace: name,
      master_host: host,
      conrol_plane_api_server_port: port,
      control_plane_dns_names: [],
    }));
}
