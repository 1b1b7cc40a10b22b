import type { Endpoint } from '../http/endpoint.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { retrying } from '../http/retry.js';
import { Session, SessionLost, waitWith } from '../http/session.js';
import { openTransport, type Transport } from '../http/transport.js';
import { explain } from './faults.js';
import { type Credentials, type LoggedIn, vimDoor } from './login.js';
import { isRead } from './reads.js';
import { exchange, type Invocation, invoke, type Watch } from './soap.js';
import type { Ref, Row, ServiceContent } from './types.js';

export interface VimOptions {
  /** Asked at every login; nothing of its answer is kept. */
  readonly credentials: () => Promise<Credentials>;
  /** Requests in flight at a time. */
  readonly concurrency?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

type Arguments = Readonly<Record<string, unknown>>;

/** Calls within one session; a lost session is SessionLost, a fault VimFault. */
export interface Within {
  readonly session: LoggedIn;
  readonly content: ServiceContent;
  call<T>(method: string, on: Ref, args?: Arguments): Promise<T>;
  rows(
    method: string,
    on: Ref,
    args: Arguments,
    begun?: Watch['begun'],
  ): AsyncGenerator<Row[], unknown>;
}

const serviceInstance: Ref = { type: 'ServiceInstance', value: 'ServiceInstance' };
/** What is spoken until the server has said its version; every server since 2016 knows it. */
const oldest = '6.5';
/** Milliseconds good manners may take when everything else is done. */
const farewell = 5_000;

/** The VIM API (vSphere Web Services) of one vCenter Server or ESXi host. Logs in when first needed. */
export class Vim implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #session: Session<LoggedIn>;
  readonly #closing = new AbortController();
  #content: Promise<ServiceContent> | undefined;

  private constructor(endpoint: Endpoint, { credentials, concurrency = 8 }: VimOptions) {
    this.endpoint = endpoint;
    this.#transport = retrying(openTransport(endpoint, { concurrency }));
    const content = () => this.content();
    const door = vimDoor({ endpoint, transport: this.#transport, credentials, content });
    this.#session = new Session(door, new LoginCircuit(endpoint));
  }

  /** Opens no connection yet. Close it: that is what logs out. */
  static open(endpoint: Endpoint, options: VimOptions): Vim {
    return new Vim(endpoint, options);
  }

  /** Fires when the connection is being closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** ServiceInstance.RetrieveServiceContent, asked once. Needs no login. */
  async content({ signal }: CallOptions = {}): Promise<ServiceContent> {
    this.#content ??= this.#ask();
    try {
      return await waitWith(signal, this.#content);
    } catch (error) {
      throw explain(error);
    }
  }

  /** Who is logged in: the session's key and the user's name as the server writes it. */
  async identity({ signal }: CallOptions = {}): Promise<Pick<LoggedIn, 'key' | 'userName'>> {
    const { key, userName } = await this.#session.get(signal);
    return { key, userName };
  }

  /**
   * One method call. A read whose session was lost is repeated after one new login; a change is sent
   * once. Faults are ApiErrors with the server's words; a change whose answer was lost has effect
   * `unknown`.
   */
  async call<T = unknown>(
    method: string,
    on: Ref,
    args: Arguments = {},
    { signal }: CallOptions = {},
  ): Promise<T> {
    const body = (within: Within) => within.call<T>(method, on, args);
    return isRead(method) ? this.read(body, { signal }) : this.#change(body, signal);
  }

  /** Runs reads that belong to one session, all again in a new one when it was lost. */
  async read<T>(body: (within: Within) => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    try {
      return await this.#session.read((session) => this.#within(session, signal, body), signal);
    } catch (error) {
      throw explain(error);
    }
  }

  /** Streams rows of one session; in a new one, from the start, when it was lost before the first row. */
  async *stream(
    body: (within: Within) => AsyncGenerator<Row[]>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Row[]> {
    for (let last = false; ; last = true) {
      const session = await this.#session.get(signal);
      let begun = false;
      try {
        for await (const row of body(await this.#calls(session, signal))) {
          begun = true;
          yield row;
        }
        return;
      } catch (error) {
        if (!(error instanceof SessionLost)) throw explain(error);
        if (begun || last) throw this.#session.lost(session, error);
        this.#session.forget(session);
      }
    }
  }

  /** Lets go of something that lives in a session, even after the caller's signal fired. Never throws. */
  async tidy({ session }: Within, method: string, on: Ref, args: Arguments = {}): Promise<void> {
    const { call } = await this.#calls(session, AbortSignal.timeout(farewell));
    await call(method, on, args).catch(() => undefined);
  }

  /** Logs out and closes every connection. Never throws. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('closed'));
    // What waits for a server that does not answer need not be waited for; a login on its way must be.
    this.#transport.stopConnecting();
    await this.#session.close();
    this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(): Promise<ServiceContent> {
    const asked = { method: 'RetrieveServiceContent', on: serviceInstance, changes: false };
    const answer = invoke(this.#transport, { ...asked, version: oldest });
    answer.catch(() => {
      this.#content = undefined;
    });
    return answer as Promise<ServiceContent>;
  }

  async #change<T>(body: (within: Within) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#session.change((session) => this.#within(session, signal, body), signal);
    } catch (error) {
      throw explain(error);
    }
  }

  async #within<T>(
    session: LoggedIn,
    signal: AbortSignal | undefined,
    body: (within: Within) => Promise<T>,
  ): Promise<T> {
    return body(await this.#calls(session, signal));
  }

  async #calls(session: LoggedIn, signal: AbortSignal | undefined): Promise<Within> {
    const content = await this.content();
    const invocation = (method: string, on: Ref, args: Arguments = {}): Invocation => ({
      method,
      on,
      args,
      cookie: session.cookie,
      version: content.about.apiVersion,
      changes: !isRead(method),
      signal,
    });
    return {
      session,
      content,
      call: async <T>(method: string, on: Ref, args?: Arguments) =>
        (await invoke(this.#transport, invocation(method, on, args))) as T,
      rows: (method, on, args, begun) =>
        exchange(this.#transport, invocation(method, on, args), begun && { begun }),
    };
  }
}
