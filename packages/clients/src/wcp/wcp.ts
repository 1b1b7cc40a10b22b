import type * as z from 'zod';
import type { Endpoint } from '../http/endpoint.js';
import { waitWith } from '../http/session.js';
import { type Change, type ReadOptions, Rest, type RestOptions } from '../rest/client.js';
import { readSupervisors, type Supervisor } from './supervisor.js';
import { target } from './target.js';
import * as shape from './types.js';

/** How long what a vCenter says of its Supervisors is taken for true, in milliseconds. */
const fresh = 60_000;
/** How long reading it may take, whoever waits for it. */
const patience = 60_000;

/**
 * Workload Management of one vCenter Server 8.0 or newer: Supervisors, vSphere Namespaces, VM classes and what
 * they use. Source: vSphere Automation API, `vcenter.namespace_management` and `vcenter.namespaces`.
 */
export class Wcp implements AsyncDisposable {
  readonly rest: Rest;
  #supervisors:
    | { readonly read: Promise<readonly Supervisor[]>; readonly until: number }
    | undefined;

  private constructor(rest: Rest) {
    this.rest = rest;
  }

  /** Opens no connection yet. Close it: that is what logs out. */
  static open(endpoint: Endpoint, options: RestOptions): Wcp {
    return new Wcp(Rest.open(endpoint, { concurrency: 16, ...options }));
  }

  /** Every Supervisor, read once a minute for all callers. Empty: Workload Management is off. */
  async supervisors({ signal }: ReadOptions = {}): Promise<readonly Supervisor[]> {
    if (!this.#supervisors || Date.now() > this.#supervisors.until) {
      // One caller's signal must not end what others wait for: it only ends its own waiting.
      const read = readSupervisors(this.rest, { signal: AbortSignal.timeout(patience) });
      const known = { read, until: Date.now() + fresh };
      this.#supervisors = known;
      known.read.catch(() => {
        if (this.#supervisors === known) this.#supervisors = undefined;
      });
    }
    return waitWith(signal, this.#supervisors.read);
  }

  namespaces(options: ReadOptions = {}): Promise<shape.NamespaceSummary[]> {
    return this.#get(
      target`/api/vcenter/namespaces/instances/v2`,
      shape.namespaceSummaries,
      options,
    );
  }

  /** Throws NOT_FOUND. */
  namespace(name: string, options: ReadOptions = {}): Promise<shape.NamespaceInfo> {
    return this.#get(
      target`/api/vcenter/namespaces/instances/v2/${name}`,
      shape.namespaceInfo,
      options,
    );
  }

  vmClasses(options: ReadOptions = {}): Promise<shape.VmClass[]> {
    return this.#get(
      target`/api/vcenter/namespace-management/virtual-machine-classes`,
      shape.vmClasses,
      options,
    );
  }

  storagePolicies(options: ReadOptions = {}): Promise<shape.StoragePolicy[]> {
    return this.#get(target`/api/vcenter/storage/policies`, shape.storagePolicies, options);
  }

  /** The Kubernetes version of the Supervisor that a cluster belongs to. */
  software(cluster: string, options: ReadOptions = {}) {
    return this.#get(
      target`/api/vcenter/namespace-management/software/clusters/${cluster}`,
      shape.softwareInfo,
      options,
    );
  }

  /** Ids of content libraries, then the library of one. */
  libraries(options: ReadOptions = {}): Promise<string[]> {
    return this.#get(target`/api/content/library`, shape.ids, options);
  }
  library(id: string, options: ReadOptions = {}) {
    return this.#get(target`/api/content/library/${id}`, shape.library, options);
  }

  /** Embedded Harbor registries; each one's storage and health are a request of their own. */
  harborRegistries(options: ReadOptions = {}) {
    return this.#get(
      target`/api/vcenter/content/registries/harbor`,
      shape.harborRegistries,
      options,
    );
  }
  harborRegistry(registry: string, options: ReadOptions = {}) {
    return this.#get(
      target`/api/vcenter/content/registries/harbor/${registry}`,
      shape.harborInfo,
      options,
    );
  }

  /** Supervisor Services that are registered, and those installed on the Supervisor that a cluster belongs to. */
  services(options: ReadOptions = {}) {
    return this.#get(
      target`/api/vcenter/namespace-management/supervisor-services`,
      shape.services,
      options,
    );
  }
  installedServices(cluster: string, options: ReadOptions = {}) {
    return this.#get(
      target`/api/vcenter/namespace-management/clusters/${cluster}/supervisor-services`,
      shape.installedServices,
      options,
    );
  }

  /** Sends one change, once. A lost answer is an error with `effect: 'unknown'`. */
  send(change: Change, options: ReadOptions = {}): Promise<unknown> {
    return this.rest.send(change, options);
  }

  /** Logs out and closes every connection. Never throws. */
  close(): Promise<void> {
    return this.rest.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #get<S extends z.ZodType>(at: string, of: S, options: ReadOptions): Promise<z.output<S>> {
    return this.rest.read(at, of, options);
  }
}
