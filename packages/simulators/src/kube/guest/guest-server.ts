import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../../server/certificate.js';
import type { Clock } from '../../server/clock.js';
import type { Faults } from '../../server/faults.js';
import type { StoragePolicy } from '../../wcp/world.js';
import { type Caller, roleIn } from '../accounts.js';
import type { Api } from '../api.js';
import { guestKinds } from '../kinds.js';
import { KubeFace, type KubeRequest } from '../kube-face.js';
import type { MachineRecord } from '../life/machines.js';
import { type Listener, listen } from '../listener.js';
import type { Logins } from '../logins.js';
import { Pages } from '../reads.js';
import { plantStorageClasses } from '../storage-classes.js';
import { Store } from '../store.js';
import { Authority } from './authority.js';
import { type Size, showNodes } from './nodes.js';
import {
  plantNamespace,
  plantWorkloads,
  spreadDaemons,
  systemWorkloads,
  type Workloads,
} from './workloads.js';

export interface GuestOptions {
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly requests: KubeRequest[];
  readonly logins: Logins;
  readonly workloads: Workloads;
  readonly storagePolicies: readonly StoragePolicy[];
  readonly sizeOf: (vmClass: string) => Size;
  /** Lets the controllers of the Supervisor do what is due. */
  readonly settle: () => Promise<void>;
}

/** What `system:masters` is in a certificate. */
const administrators = { commonName: 'kubernetes-admin', organization: 'system:masters' };

/**
 * The API server of a guest cluster. It has an authority, a store and an address of its own, and all of them from when
 * it is opened: a cluster that nobody looks at costs next to nothing.
 */
export class Guest implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly #options: GuestOptions;
  #authority: Authority | undefined;
  #administrator: Certificate | undefined;
  #store: Store | undefined;
  #opening: Promise<Listener> | undefined;
  #listener: Listener | undefined;
  #machines: readonly MachineRecord[] = [];
  #closed = false;

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  get listens(): boolean {
    return this.#listener !== undefined;
  }

  /** Before it listens: the port that Kubernetes has by default, where nobody is. */
  get port(): number {
    return this.#listener?.port ?? 6443;
  }

  get endpoint(): string {
    return `${this.host}:${this.port}`;
  }

  /** PEM of the authority that issued the server's certificate. */
  get certificate(): string {
    return this.#issuer.certificate;
  }

  /** The client certificate that the kubeconfig secret holds. */
  get administrator(): Certificate {
    this.#administrator ??= this.#issuer.client(administrators);
    return this.#administrator;
  }

  /** What is in the cluster, for tests to look at and to change. */
  get store(): Store {
    this.#store ??= this.#filled();
    return this.#store;
  }

  /** Listens; a second call waits for the same. */
  async open(): Promise<void> {
    this.#opening ??= this.#listen();
    await this.#opening;
  }

  showNodes(machines: readonly MachineRecord[]): void {
    this.#machines = machines.map((machine) => ({ ...machine }));
    if (this.#store) this.#spread(this.#store);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const listener = await this.#opening;
    await listener?.[Symbol.asyncDispose]();
  }

  get #issuer(): Authority {
    this.#authority ??= new Authority(`kubernetes of ${this.#options.name}`);
    return this.#authority;
  }

  async #listen(): Promise<Listener> {
    if (this.#closed) throw new Error(`The cluster ${this.#options.name} is gone.`);
    const { namespace, name, faults, requests } = this.#options;
    const face = new KubeFace({ name: `${namespace}/${name}`, api: this.#api(), faults, requests });
    const listener = await listen(face, this.#issuer.server('kube-apiserver'), 0, this.certificate);
    this.#listener = listener;
    return listener;
  }

  #api(): Api {
    const version = () => this.#machines.find(({ pool }) => pool === undefined)?.version;
    const { clock, settle } = this.#options;
    return {
      kinds,
      store: this.store,
      clock,
      get release() {
        return version() ?? 'v0.0.0';
      },
      bookmarkMilliseconds: 60_000,
      pages: new Pages(),
      authenticate: (request) => this.#callerOf(request),
      admit: ({ after }) => after,
      settle,
    };
  }

  /** Whoever may change the vSphere Namespace is an administrator here, whoever may only look is nobody. */
  #callerOf(request: IncomingMessage): Caller | undefined {
    const { socket } = request;
    if (socket instanceof TLSSocket && socket.authorized) {
      const { CN, O } = socket.getPeerCertificate().subject;
      return { name: CN, role: O === administrators.organization ? 'cluster-admin' : 'none' };
    }
    const { logins, namespace, name } = this.#options;
    const caller = logins.callerOf(request.headers.authorization, `${namespace}/${name}`);
    if (!caller) return undefined;
    const role = roleIn(caller, namespace) === 'edit' ? 'cluster-admin' : 'none';
    return { name: caller.name, role };
  }

  #filled(): Store {
    const { clock, workloads, storagePolicies } = this.#options;
    const store = new Store(clock);
    const place = { kinds, store, clock };
    for (const name of ['default', 'kube-node-lease', 'kube-public']) plantNamespace(place, name);
    plantStorageClasses(place, storagePolicies);
    plantWorkloads(place, systemWorkloads);
    plantWorkloads(place, workloads);
    this.#spread(store);
    return store;
  }

  #spread(store: Store): void {
    const { clock, sizeOf } = this.#options;
    showNodes({ kinds, store, clock }, this.#machines, sizeOf);
    spreadDaemons({ kinds, store }, this.#machines.filter(({ ready }) => ready).length);
  }
}

const kinds = guestKinds();
