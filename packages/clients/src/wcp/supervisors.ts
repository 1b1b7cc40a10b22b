import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { Session } from '../http/session.js';
import { Kube, type KubeOptions } from '../kube/client.js';
import type { ReadOptions } from '../rest/client.js';
import type { TargetConfig } from '../targets/target.js';
import type { Credentials } from '../vim/login.js';
import { addressOf } from './address.js';
import {
  type AccessFrom,
  type ClusterAccess,
  clusterAccess,
  controlPlaneOf,
} from './cluster-access.js';
import { findSupervisor, isOff, supervisorOf } from './find-supervisor.js';
import { type Cluster, type LoginService, logIn, type Token } from './login.js';
import { OpenClusters } from './open-clusters.js';
import type { Supervisor } from './supervisor.js';
import { supervisorDoor } from './token-door.js';
import type { Wcp } from './wcp.js';

export interface SupervisorsOptions {
  readonly wcp: Wcp;
  /** Asked at every login; nothing of its answer is kept. */
  readonly credentials: () => Promise<Credentials>;
}

type Target = Endpoint & Pick<TargetConfig, 'supervisorLogin' | 'supervisorPort'>;

const usualPort = 6443;
const loginPort = 443;

/** The Kubernetes APIs of the Supervisors of one vCenter, and of the clusters on them. Logs in where first needed. */
export class Supervisors implements AsyncDisposable {
  readonly #target: Target;
  readonly #options: SupervisorsOptions;
  readonly #kubes = new Map<string, Kube>();
  readonly #clusters: OpenClusters;
  readonly #opened: Kube[] = [];
  #closing: Promise<void> | undefined;

  private constructor(target: Target, options: SupervisorsOptions) {
    this.#target = target;
    this.#options = options;
    this.#clusters = new OpenClusters({
      from: (namespace, signal) => this.#from(namespace, signal),
      open: (endpoint, labelled) => this.#open(endpoint, labelled),
    });
  }

  /** Opens no connection yet. */
  static open(target: Target, options: SupervisorsOptions): Supervisors {
    return new Supervisors(target, options);
  }

  list(options: ReadOptions = {}): Promise<readonly Supervisor[]> {
    return this.#options.wcp.supervisors(options);
  }

  /**
   * The Supervisor of that id or name, or on the vSphere cluster of that id. Without a word the only one there is.
   * Throws NOT_FOUND, WORKLOAD_MANAGEMENT_OFF or AMBIGUOUS.
   */
  async find(word: string | undefined, options: ReadOptions = {}): Promise<Supervisor> {
    const all = await this.list(options);
    if (all.length === 0) throw isOff(this.#target.host);
    return findSupervisor(all, word);
  }

  /** The Supervisor that a vSphere Namespace is on. Throws NOT_FOUND with the nearest name. */
  async of(namespace: string, options: ReadOptions = {}): Promise<Supervisor> {
    const [all, namespaces] = await Promise.all([
      this.list(options),
      this.#options.wcp.namespaces(options),
    ]);
    if (all.length === 0) throw isOff(this.#target.host);
    return supervisorOf(namespace, namespaces, all);
  }

  /** The Kubernetes API of a Supervisor. Throws SUPERVISOR_NOT_READY where it has no endpoint yet. */
  kube(supervisor: Supervisor): Kube {
    const endpoint = this.#endpointOf(supervisor);
    // Its address or its certificate may change while we run.
    const key = JSON.stringify([supervisor.id, endpoint.host, endpoint.port, endpoint.thumbprint]);
    const known = this.#kubes.get(key);
    if (known) return known;
    const service = this.#loginTo(supervisor, endpoint);
    const kube = this.#open(endpoint, { label: service.to, bearer: supervisorDoor(service) });
    this.#kubes.set(key, kube);
    return kube;
  }

  /** The Kubernetes API of the Supervisor that a namespace is on. */
  async kubeOf(namespace: string, options: ReadOptions = {}): Promise<Kube> {
    return this.kube(await this.of(namespace, options));
  }

  /** The Kubernetes API of a cluster, with a credential for it alone. Throws what `accessTo` throws. */
  cluster(cluster: Cluster, { signal }: ReadOptions = {}): Promise<Kube> {
    return this.#clusters.get(cluster, signal);
  }

  /**
   * A credential for a cluster: from the login service, or the `<cluster>-kubeconfig` secret. Never the Supervisor's.
   * Throws NOT_FOUND, NOT_PROVISIONED, AUTH_FAILED or NO_CREDENTIAL.
   */
  async accessTo(cluster: Cluster, { signal }: ReadOptions = {}): Promise<ClusterAccess> {
    const from = await this.#from(cluster.namespace, signal);
    return clusterAccess(cluster, await controlPlaneOf(cluster, from), from);
  }

  /** A token for a Supervisor, for a kubeconfig. */
  async tokenFor(
    supervisor: Supervisor,
    signal?: AbortSignal,
  ): Promise<Token & { readonly endpoint: Endpoint }> {
    const endpoint = this.#endpointOf(supervisor);
    const service = this.#loginTo(supervisor, endpoint);
    return { endpoint, ...(await this.#attempt((stop) => logIn(service, stop), signal)) };
  }

  /** Closes every connection. Tokens are only in memory, and nobody can give one back. */
  close(): Promise<void> {
    this.#closing ??= Promise.all(this.#opened.map((kube) => kube.close())).then(() => undefined);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(endpoint: Endpoint, options: KubeOptions): Kube {
    if (this.#closing)
      throw new ApiError('CONNECTION_CLOSED', 'The connection was closed', {
        remedy: 'Run the command again.',
      });
    const kube = Kube.open(endpoint, options);
    this.#opened.push(kube);
    return kube;
  }

  async #from(namespace: string, signal: AbortSignal | undefined): Promise<AccessFrom> {
    const supervisor = await this.of(namespace, { signal });
    const endpoint = this.#endpointOf(supervisor);
    return {
      endpoint,
      service: this.#loginTo(supervisor, endpoint),
      attempt: (login, stop) => this.#attempt(login, stop),
      supervisor: this.kube(supervisor),
      signal,
    };
  }

  /** One login outside of a client's own session: refused ones count all the same. */
  #attempt<T extends object>(
    login: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const door = { login, logout: async () => {} };
    return new Session<T>(door, new LoginCircuit(this.#target)).get(signal);
  }

  #endpointOf({ name, endpoint, configStatus, thumbprint }: Supervisor): Endpoint {
    if (endpoint === undefined)
      throw new ApiError(
        'SUPERVISOR_NOT_READY',
        `The Supervisor ${name} has no address yet: its configuration is ${configStatus}`,
        {
          remedy: `Run \`vmware-vks supervisor status ${name}\` and wait until it is RUNNING.`,
          retryable: true,
        },
      );
    const { thumbprint: _, clientCert: __, clientKey: ___, ...trust } = this.#target;
    return {
      ...trust,
      ...addressOf(endpoint, this.#target.supervisorPort ?? usualPort),
      ...(thumbprint !== undefined && trust.verifySsl && { thumbprint }),
    };
  }

  /** The Supervisor's own address first, then the vCenter; or only where config.yaml says. */
  #loginTo({ name, endpoint = '' }: Supervisor, api: Endpoint): LoginService {
    const own = { ...api, ...addressOf(endpoint, loginPort) };
    const { supervisorLogin, ...vcenter } = this.#target;
    const given = { ...api, ...addressOf(supervisorLogin ?? '', loginPort) };
    const places =
      supervisorLogin === undefined
        ? [own, vcenter]
        : [supervisorLogin === 'vcenter' ? vcenter : given];
    return { to: `the Supervisor ${name}`, places, credentials: this.#options.credentials };
  }
}
