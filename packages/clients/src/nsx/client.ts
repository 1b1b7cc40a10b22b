import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { retrying } from '../http/retry.js';
import { Session, SessionLost } from '../http/session.js';
import { openTransport, type Request, type Transport, textOf } from '../http/transport.js';
import type { Credentials } from '../vim/login.js';
import { type Authentication, type Entered, nsxDoor } from './login.js';
import { gateTo } from './pace.js';
import { allPages, type ResultPage } from './pages.js';
import { type Query, withQuery } from './path.js';
import { isLoggedOut, isStale, refused } from './refused.js';
import type { PolicyObject } from './types.js';
import { whoChanged } from './who-changed.js';

export interface NsxOptions {
  /** Asked at every login; nothing of its answer is kept. Not asked with a client certificate. */
  readonly credentials: () => Promise<Credentials>;
  /** `session` when absent. */
  readonly authentication?: Authentication;
  /** The account, for the share of the manager's limits; all connections of one account count together. */
  readonly account?: string;
}

export interface ReadOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal | undefined;
}

/** One changing request: what is planned is what is sent. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Request target with its query. */
  readonly target: string;
  readonly body?: unknown;
}

/** An answer may be the rules of a whole policy, or a hierarchy. */
const largestAnswer = 256 * 1024 * 1024;

/** The API of one NSX Manager or Global Manager. Logs in when first needed. */
export class Nsx implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #session: Session<Entered>;
  #askingRoles = false;
  #closing: Promise<void> | undefined;

  private constructor(
    endpoint: Endpoint,
    { credentials, authentication = 'session', account = '' }: NsxOptions,
  ) {
    this.endpoint = endpoint;
    const gate = gateTo(endpoint.host, endpoint.port, account);
    this.#transport = retrying(openTransport(endpoint, { gate }));
    const door = nsxDoor({ endpoint, transport: this.#transport, credentials, authentication });
    this.#session = new Session(door, new LoginCircuit(endpoint));
  }

  /** Opens no connection yet. Close it: that is what ends the session. */
  static open(endpoint: Endpoint, options: NsxOptions): Nsx {
    return new Nsx(endpoint, options);
  }

  /** GET. A busy manager and a dropped connection are tried again; a lost session is renewed once. */
  get<T>(target: string, { query, signal }: ReadOptions = {}): Promise<T> {
    return this.#exchange<T>({
      method: 'GET',
      path: withQuery(target, query),
      signal,
      idempotent: true,
    });
  }

  /** GET of something that may not be there: undefined for 404. */
  async find<T>(target: string, options: ReadOptions = {}): Promise<T | undefined> {
    try {
      return await this.get<T>(target, options);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Every result of a list, in pages of 1,000. */
  list<T>(target: string, { query, signal }: ReadOptions = {}): Promise<T[]> {
    return allPages<T>(withQuery(target, query), (page) =>
      this.get<ResultPage<T>>(page, { signal }),
    );
  }

  /**
   * Sends one change, once. Resolves to the body of the answer, undefined when it has none. A lost answer is
   * an error with `effect: 'unknown'`; a stale revision is CONFLICT, with who changed the object and when.
   */
  async send<T = undefined>(
    change: Change,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { method, target, body } = change;
    try {
      return await this.#exchange<T>({
        method,
        path: target,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
        idempotent: false,
      });
    } catch (error) {
      if (!isStale(error)) throw error;
      throw await whoChanged(error, change, (at) =>
        this.get<Partial<PolicyObject>>(at, { signal }).catch(() => undefined),
      );
    }
  }

  /** Ends the session and closes every connection. Never throws. */
  close(): Promise<void> {
    // What waits for a server that does not answer need not be waited for; a login on its way must be.
    if (!this.#closing) this.#transport.stopConnecting();
    this.#closing ??= this.#session.close().then(() => this.#transport.close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** NSX turns a request without a session away before it looks at it, so even a change may be sent anew. */
  #exchange<T>(request: Request): Promise<T> {
    const what = `${request.method} ${request.path.split('?')[0]}`;
    return this.#session.read(async ({ headers }) => {
      const response = await this.#transport.send({
        ...request,
        headers: { accept: 'application/json', ...headers, ...request.headers },
      });
      const text = await textOf(response, largestAnswer).catch((error: unknown) => {
        throw request.idempotent ? error : inDoubt(error);
      });
      if (isLoggedOut(response.status, text)) throw new SessionLost();
      if (response.status < 200 || response.status > 299) {
        const error = refused(what, response, text, !request.idempotent);
        throw error.code === 'NO_PERMISSION' ? await this.#withRoles(error, request) : error;
      }
      return (text === '' ? undefined : parsed(what, text, request.idempotent)) as T;
    }, request.signal);
  }

  /** A refusal for want of a role, naming the roles that the account has. */
  async #withRoles(refusal: ApiError, { path, signal }: Request): Promise<ApiError> {
    if (this.#askingRoles) return refusal;
    this.#askingRoles = true;
    try {
      const { roles = [] } = await this.get<{ roles?: { role?: string }[] }>(
        `${path.startsWith('/global-manager/') ? '/global-manager' : '/policy'}/api/v1/aaa/user-info`,
        { signal },
      );
      const names = roles.flatMap(({ role }) => (role ? [role] : []));
      return new ApiError(
        refusal.code,
        `${refusal.message}. The account has ${names.length > 0 ? `the role ${names.join(', ')}` : 'no role'}`,
        { remedy: refusal.remedy, details: { ...refusal.details, roles: names }, cause: refusal },
      );
    } catch {
      return refusal;
    } finally {
      this.#askingRoles = false;
    }
  }
}

/** An answer to a change that could not be read to its end leaves open what it says. */
const inDoubt = (error: unknown): unknown =>
  error instanceof ApiError
    ? new ApiError(error.code, error.message, {
        remedy: 'Look at the object before trying again.',
        effect: 'unknown',
        cause: error,
        ...(error.details && { details: error.details }),
      })
    : error;

/** Of a change that was accepted and whose answer cannot be read nobody knows what it was. */
function parsed(what: string, text: string, isRead: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('UPSTREAM', `The answer to ${what} is not JSON`, {
      remedy: isRead
        ? 'Check that host: names an NSX Manager, and proxies between here and there.'
        : 'Look at the object before trying again.',
      effect: isRead ? 'none' : 'unknown',
    });
  }
}
