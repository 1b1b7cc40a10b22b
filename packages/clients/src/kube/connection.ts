import type { Endpoint } from '../http/endpoint.js';
import { ApiError } from '../http/errors.js';
import { LoginCircuit } from '../http/login-circuit.js';
import { retrying } from '../http/retry.js';
import { Session, SessionLost } from '../http/session.js';
import {
  openTransport,
  type Request,
  type Response,
  type Transport,
  textOf,
} from '../http/transport.js';
import { inDoubt } from './answer.js';
import { type Bearer, type BearerDoor, bearerDoor, isSpent } from './login.js';
import { refused } from './refused.js';
import { warningsIn } from './warnings.js';

interface Connecting {
  readonly bearer: BearerDoor | undefined;
  /** What messages call the server. */
  readonly label: string;
  readonly concurrency: number;
}

/** Different warnings that are kept. */
const mostWarnings = 100;
const mostWatches = 32;

/** Requests to one server with the credential it takes. Watches wait for nobody, and nobody for them. */
export class Connection {
  /** Texts of `Warning:` headers, each once. */
  readonly warnings = new Set<string>();
  readonly #label: string;
  readonly #requests: Transport;
  readonly #watches: Transport;
  readonly #session: Session<Bearer> | undefined;

  constructor(endpoint: Endpoint, { bearer, label, concurrency }: Connecting) {
    this.#label = label;
    this.#requests = retrying(openTransport(endpoint, { concurrency }));
    this.#watches = openTransport(endpoint, { concurrency: mostWatches });
    if (!bearer) return;
    // Without a password nothing is counted against the account, and nothing is forgiven it.
    const place = bearer.fixed ? { ...endpoint, name: `${endpoint.name}.token` } : endpoint;
    this.#session = new Session(bearerDoor(bearer, label), new LoginCircuit(place));
  }

  /** The body of an answer of success. */
  async text(request: Request, onWarning?: (text: string) => void): Promise<string> {
    const response = await this.#answered(request, this.#requests);
    for (const text of warningsIn(response.headers)) {
      if (this.warnings.size < mostWarnings) this.warnings.add(text);
      onWarning?.(text);
    }
    return textOf(response).catch((error: unknown) => {
      throw request.idempotent ? error : inDoubt(error);
    });
  }

  /** An answer of success whose body goes on. */
  stream(target: string, signal: AbortSignal | undefined): Promise<Response> {
    return this.#answered({ method: 'GET', path: target, signal, idempotent: true }, this.#watches);
  }

  /** How messages call a request. */
  name(method: string, target: string): string {
    return `${method} ${target.split('?')[0]} on ${this.#label}`;
  }

  /** Gives the token back and closes every connection. Never throws. */
  async close(): Promise<void> {
    this.#requests.stopConnecting();
    this.#watches.stopConnecting();
    await this.#session?.close();
    this.#requests.close();
    this.#watches.close();
  }

  /** Reads are repeated with a new token, changes are not; a token that has ended is not sent at all. */
  async #answered(request: Request, transport: Transport): Promise<Response> {
    const session = this.#session;
    const once = (bearer?: Bearer) => this.#once(request, transport, bearer);
    if (!session) return once();
    const bearer = await session.get(request.signal);
    if (isSpent(bearer, Date.now())) session.forget(bearer);
    try {
      return request.idempotent
        ? await session.read(once, request.signal)
        : await session.change(once, request.signal);
    } catch (error) {
      throw error instanceof ApiError && error.code === 'SESSION_LOST'
        ? notKnown(this.#label, request.idempotent, error)
        : error;
    }
  }

  async #once(request: Request, transport: Transport, bearer: Bearer | undefined) {
    const { method, path, idempotent } = request;
    const headed = {
      ...request,
      headers: {
        accept: 'application/json',
        'user-agent': 'vmware-clients',
        ...(bearer && { authorization: `Bearer ${bearer.token}` }),
        ...request.headers,
      },
    };
    const response = await transport.send(headed).catch((error: unknown) => {
      throw errorAt(this.#label, error);
    });
    const { status } = response;
    if (status >= 200 && status < 300) return response;
    const text = await textOf(response).catch(() => '');
    if (status === 401 && bearer) throw new SessionLost();
    throw refused({ what: this.name(method, path), status, text, change: !idempotent });
  }
}

/** The error with the name of the server: an address alone says little of one that is in no configuration. */
export function errorAt(label: string, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const isAway = error.code === 'UNREACHABLE';
  return new ApiError(error.code, `${label}: ${error.message}`, {
    remedy: isAway ? 'Check the network and any firewall between here and it.' : error.remedy,
    retryable: error.retryable,
    effect: error.effect,
    ...(error.details && { details: error.details }),
    cause: error,
  });
}

/** A read was refused with a token that is new, a change with one that was taken before. */
const notKnown = (label: string, isRead: boolean, cause: ApiError): ApiError =>
  new ApiError(
    'SESSION_LOST',
    isRead
      ? `HTTP 401: ${label} does not take the token that its own login has just given`
      : `HTTP 401: the token of ${label} had ended before the change was accepted`,
    {
      remedy: isRead
        ? 'Check the clocks of this machine and the server, and that the login and the API are of the same server.'
        : 'Run the command again; it will log in anew.',
      retryable: !isRead,
      details: { login: label },
      cause,
    },
  );
