import type * as z from 'zod';
import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { retrying } from '../http/retry.js';
import { Session, SessionLost } from '../http/session.js';
import { openTransport, type Transport } from '../http/transport.js';
import type { Credentials } from '../vim/login.js';
import { exchange, isSuccess, unreadable } from './exchange.js';
import { badge, type Entered, restDoor } from './login.js';
import { type Place, routeTo } from './place.js';
import { refused, refusedChange } from './refused.js';

export interface RestOptions {
  /** Asked at every login; nothing of its answer is kept. */
  readonly credentials: () => Promise<Credentials>;
  /** Requests in flight at a time. */
  readonly concurrency?: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One changing request: what is planned is what is sent. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Request target under /api, with its query. */
  readonly target: string;
  readonly body?: unknown;
}

/** The vSphere Automation API (REST) of one vCenter Server. Logs in when first needed. */
export class Rest implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #session: Session<Entered>;
  #closing: Promise<void> | undefined;

  private constructor(endpoint: Endpoint, { credentials, concurrency = 8 }: RestOptions) {
    this.endpoint = endpoint;
    this.#transport = retrying(openTransport(endpoint, { concurrency }));
    const door = restDoor({ endpoint, transport: this.#transport, credentials });
    this.#session = new Session(door, new LoginCircuit(endpoint));
  }

  /** Opens no connection yet. Close it: that is what logs out. */
  static open(endpoint: Endpoint, options: RestOptions): Rest {
    return new Rest(endpoint, options);
  }

  /** Reads a place. An answer that has not the shape is UPSTREAM; a lost session is renewed once. */
  get<S extends z.ZodType>(
    place: Place,
    shape: S,
    { signal }: ReadOptions = {},
  ): Promise<z.output<S>> {
    return this.#read('GET', place, undefined, shape, signal);
  }

  /** An action that only reads: it is repeated like a `get`. */
  post<S extends z.ZodType>(
    place: Place,
    body: Readonly<Record<string, unknown>>,
    shape: S,
    { signal }: ReadOptions = {},
  ): Promise<z.output<S>> {
    return this.#read('POST', place, JSON.stringify(body), shape, signal);
  }

  /** GET of a request target under /api, as the documentation writes it; for APIs that are only there. */
  async read<S extends z.ZodType>(
    target: string,
    shape: S,
    { signal }: ReadOptions = {},
  ): Promise<z.output<S>> {
    const what = `GET ${target.split('?')[0]}`;
    const answer = await this.#session.read(async (session) => {
      const given = await exchange(this.#transport, {
        method: 'GET',
        path: target,
        headers: badge(onlyApi(session, this.endpoint)),
        signal,
        idempotent: true,
      });
      if (given.status === 401) throw new SessionLost();
      return given;
    }, signal);
    if (!isSuccess(answer)) throw refused(what, answer);
    return shaped(what, answer.body, shape);
  }

  /**
   * Sends one change under /api, once. Resolves to the body of the answer, undefined when it has none. A lost
   * answer is an error with `effect: 'unknown'`; a session that was lost before is SESSION_LOST.
   */
  async send({ method, target, body }: Change, { signal }: ReadOptions = {}): Promise<unknown> {
    const answer = await this.#session.change(async (session) => {
      const given = await exchange(this.#transport, {
        method,
        path: target,
        headers: {
          ...badge(onlyApi(session, this.endpoint)),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
        idempotent: false,
      });
      if (given.status === 401) throw new SessionLost();
      return given;
    }, signal);
    if (!isSuccess(answer)) throw refusedChange(`${method} ${target.split('?')[0]}`, answer);
    return answer.body;
  }

  /** Logs out and closes every connection. Never throws. */
  close(): Promise<void> {
    // What waits for a server that does not answer need not be waited for; a login on its way must be.
    if (!this.#closing) this.#transport.stopConnecting();
    this.#closing ??= this.#session.close().then(() => this.#transport.close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read<S extends z.ZodType>(
    method: 'GET' | 'POST',
    place: Place,
    body: string | undefined,
    shape: S,
    signal: AbortSignal | undefined,
  ): Promise<z.output<S>> {
    routeTo(place, 'api'); // an id that cannot be sent costs no login
    return this.#session.read(async (session) => {
      const path = routeTo(place, session.style);
      const what = `${method} ${path}`;
      const answer = await exchange(this.#transport, {
        method,
        path,
        headers: {
          ...badge(session),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        signal,
        idempotent: true,
      });
      if (answer.status === 401) throw new SessionLost();
      if (!isSuccess(answer)) throw refused(what, answer);
      const value =
        session.style === 'rest'
          ? (answer.body as { value?: unknown } | null | undefined)?.value
          : answer.body;
      return shaped(what, value, shape);
    }, signal);
  }
}

function shaped<S extends z.ZodType>(what: string, value: unknown, shape: S): z.output<S> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadable(what, `${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

/** A session made under /api; what is asked for is not under /rest. */
function onlyApi(session: Entered, { host, name }: Endpoint): Entered {
  if (session.style === 'api') return session;
  throw new ApiError('NOT_SUPPORTED', `${host} (target ${name}) is older than vCenter 7.0`, {
    remedy: 'Use a target that is a vCenter Server 8.0 or newer.',
  });
}
