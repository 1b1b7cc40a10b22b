import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { waitWith } from '../http/session.js';
import { listIn, objectIn, parsed, unreadable } from './answer.js';
import { checkChange, isRehearsal, rehearsal } from './change.js';
import { Connection } from './connection.js';
import { type Apis, apisIn, findResource, type Wanted } from './discovery.js';
import type { BearerDoor } from './login.js';
import { nameOfResource, targetOf } from './place.js';
import { isExpired } from './refused.js';
import type {
  Change,
  KubeList,
  KubeObject,
  ObjectPlace,
  Page,
  Resource,
  Selection,
  SendOptions,
  Stoppable,
  WatchEvent,
  Watched,
} from './types.js';
import { changesOf } from './watch.js';

export interface KubeOptions {
  /** Absent: the endpoint's client certificate says who we are. */
  readonly bearer?: BearerDoor;
  /** What messages call it: `the Supervisor lab`, `cluster web in dev`. Host and port when absent. */
  readonly label?: string;
  /** Requests in flight at a time, watches apart. */
  readonly concurrency?: number;
}

/** Objects of a page of `all`. */
const pageSize = 500;
/** Pages of `all`: more than any server here has is a server that goes on for ever. */
const mostPages = 2_000;
/** Milliseconds one document of discovery may take, whoever waits for it. */
const discoveryPatience = 30_000;
/** Milliseconds it is taken for true: a Supervisor that is upgraded serves other versions. */
const discoveryFresh = 10 * 60_000;

/** The Kubernetes API of one server. Logs in when first needed. */
export class Kube implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly label: string;
  readonly #connection: Connection;
  readonly #documents = new Map<string, { reading: Promise<unknown>; until: number }>();
  #closing: Promise<void> | undefined;

  private constructor(endpoint: Endpoint, { bearer, label, concurrency = 8 }: KubeOptions) {
    this.endpoint = endpoint;
    this.label = label ?? `${endpoint.host}:${endpoint.port}`;
    this.#connection = new Connection(endpoint, { bearer, label: this.label, concurrency });
  }

  /** Opens no connection yet. Close it: that is what gives a token back. */
  static open(endpoint: Endpoint, options: KubeOptions = {}): Kube {
    return new Kube(endpoint, options);
  }

  /** What the server said in `Warning:` headers so far, each once. */
  get warnings(): readonly string[] {
    return [...this.#connection.warnings];
  }

  /** GET /apis, once for all who ask; a failure is forgotten. */
  async apis({ signal }: Stoppable = {}): Promise<Apis> {
    const apis = apisIn(await this.#document('/apis', signal));
    if (apis) return apis;
    this.#documents.delete('/apis');
    throw unreadable(`GET /apis on ${this.label}`, 'it is no list of API groups');
  }

  /** A resource in the best version there is. Throws API_NOT_SERVED naming what is needed and what is served. */
  async resource(group: string, plural: string, wanted: Wanted = {}): Promise<Resource> {
    const { signal } = wanted;
    const apis = await this.apis({ signal });
    const read = (target: string) => this.#document(target, signal);
    return findResource({ apis, read, label: this.label }, group, plural, wanted);
  }

  async get(
    resource: Resource,
    { signal, ...place }: ObjectPlace & Stoppable,
  ): Promise<KubeObject> {
    const target = targetOf(resource, place);
    return objectIn(await this.#read(target, signal), this.#connection.name('GET', target));
  }

  /** `get` of something that may not be there: undefined when the resource is served and has no such object. */
  async find(resource: Resource, place: ObjectPlace & Stoppable): Promise<KubeObject | undefined> {
    try {
      return await this.get(resource, place);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** One page; all there is without a `limit`. A `continue` that is too old is EXPIRED. */
  async list(
    resource: Resource,
    { signal, namespace, ...query }: Page & Stoppable = {},
  ): Promise<KubeList> {
    const target = targetOf(resource, { namespace }, query);
    return listIn(await this.#read(target, signal), this.#connection.name('GET', target));
  }

  /** Every object of a selection, in pages of 500. When a page expires it starts over, once. */
  async all(resource: Resource, selection: Selection & Stoppable = {}): Promise<KubeList> {
    try {
      return await this.#walk(resource, selection);
    } catch (error) {
      if (!isExpired(error)) throw error;
      return this.#walk(resource, selection);
    }
  }

  /**
   * Sends one change, once. Resolves to the object as the server has it, after a DELETE possibly a Status.
   * A lost answer is an error with `effect: 'unknown'`; an ended session is SESSION_LOST.
   */
  async send(change: Change, options: SendOptions = {}): Promise<KubeObject> {
    if (isRehearsal(change))
      throw new ApiError('INVALID_ARGUMENT', 'A change that is only to be checked is not sent', {
        remedy: 'Send it without dryRun.',
      });
    return this.#submit(change, options, false);
  }

  /** Has the server check a change, admission and all, and not do it. A read: it is repeated like one. */
  async dryRun(change: Change, options: SendOptions = {}): Promise<KubeObject> {
    return this.#submit(rehearsal(change), options, true);
  }

  /**
   * Changes after a resourceVersion as they happen, until left or stopped. Connections that end are made anew
   * where they ended. EXPIRED (`isExpired`) when the server no longer knows the way from there: list again.
   */
  watch(resource: Resource, { signal, ...watched }: Watched): AsyncIterable<WatchEvent> {
    const what = `The watch of ${nameOfResource(resource)} on ${this.label}`;
    const open = (target: string) => this.#connection.stream(target, signal);
    return changesOf({ resource, watched, open, what, signal });
  }

  /** Gives the token back and closes every connection. Never throws. */
  close(): Promise<void> {
    this.#closing ??= this.#connection.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #walk(
    resource: Resource,
    { signal, ...selection }: Selection & Stoppable,
  ): Promise<KubeList> {
    const items: KubeObject[] = [];
    let next: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const found = await this.list(resource, {
        ...selection,
        limit: pageSize,
        continue: next,
        signal,
      });
      for (const item of found.items) items.push(item);
      if (!found.continue) return { items, resourceVersion: found.resourceVersion };
      next = found.continue;
    }
    throw new ApiError(
      'UPSTREAM',
      `${nameOfResource(resource)} on ${this.label} fill more than ${mostPages} pages`,
      { remedy: 'Narrow what is asked for.' },
    );
  }

  async #submit(
    change: Change,
    { signal, onWarning }: SendOptions,
    idempotent: boolean,
  ): Promise<KubeObject> {
    checkChange(change);
    const { method, target, contentType, body } = change;
    const usual = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const what = this.#connection.name(method, target);
    const content = body !== undefined && {
      headers: { 'content-type': contentType ?? usual },
      body: JSON.stringify(body),
    };
    const text = await this.#connection.text(
      { method, path: target, ...content, signal, idempotent },
      onWarning,
    );
    return objectIn(parsed(text, what, !idempotent), what, { change: !idempotent, named: false });
  }

  async #read(target: string, signal: AbortSignal | undefined): Promise<unknown> {
    const text = await this.#connection.text({
      method: 'GET',
      path: target,
      signal,
      idempotent: true,
    });
    return parsed(text, this.#connection.name('GET', target), false);
  }

  /** Discovery. One caller's signal must not end what others wait for, so it only ends its own waiting. */
  #document(target: string, signal: AbortSignal | undefined): Promise<unknown> {
    const known = this.#documents.get(target);
    if (known && Date.now() < known.until) return waitWith(signal, known.reading);
    const reading = this.#read(target, AbortSignal.timeout(discoveryPatience));
    this.#documents.set(target, { reading, until: Date.now() + discoveryFresh });
    reading.catch(() => this.#documents.delete(target));
    return waitWith(signal, reading);
  }
}
