import type * as z from 'zod';
import type { Endpoint } from '../http/endpoint.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { retrying } from '../http/retry.js';
import { Session, SessionLost } from '../http/session.js';
import { openTransport, type Transport } from '../http/transport.js';
import type { Credentials } from '../vim/login.js';
import { exchange, isSuccess, unreadable } from './exchange.js';
import { badge, type Entered, restDoor } from './login.js';
import { type Place, routeTo } from './place.js';
import { refused } from './refused.js';

export interface RestOptions {
  /** Asked at every login; nothing of its answer is kept. */
  readonly credentials: () => Promise<Credentials>;
  /** Requests in flight at a time. */
  readonly concurrency?: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
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

  /** Logs out and closes every connection. Never throws. */
  close(): Promise<void> {
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
      const read = shape.safeParse(value);
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw unreadable(what, `${issue?.path.join('.') || 'it'}: ${issue?.message}`);
    }, signal);
  }
}
