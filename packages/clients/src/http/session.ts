import { ApiError, stopped } from './errors.js';
import type { LoginCircuit } from './login-circuit.js';

/** How a product's sessions begin and end. */
export interface Door<S> {
  /** One attempt. A refusal by the server is an ApiError AUTH_FAILED, and nothing else is. */
  login(signal: AbortSignal): Promise<S>;
  logout(session: S): Promise<void>;
}

/** A request that was answered: nobody is logged in. The session it used is gone. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost';
}

/** Milliseconds one login may take, whoever waits for it. */
const patience = 30_000;

/** One login, shared by everybody; made when first needed, and ended by `close`. */
export class Session<S extends object> {
  readonly #door: Door<S>;
  readonly #circuit: LoginCircuit;
  /** The login under way or done, and what it gave. */
  #current: Promise<S> | undefined;
  #session: S | undefined;
  #closed = false;

  constructor(door: Door<S>, circuit: LoginCircuit) {
    this.#door = door;
    this.#circuit = circuit;
  }

  /** The session, logging in if there is none. Throws AUTH_FAILED, LOGIN_PAUSED or what the login threw. */
  async get(signal?: AbortSignal): Promise<S> {
    if (this.#closed) throw closed();
    this.#current ??= this.#login();
    return waitWith(signal, this.#current);
  }

  /**
   * Runs a read. When its session turns out to be lost, logs in once more and runs it again; readers
   * that lose the same session share that login.
   */
  async read<T>(body: (session: S) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const session = await this.get(signal);
    try {
      return await body(session);
    } catch (error) {
      if (!(error instanceof SessionLost)) throw error;
      this.forget(session);
    }
    const renewed = await this.get(signal);
    return this.#once(body, renewed);
  }

  /** Runs a change: once, whatever happens. */
  async change<T>(body: (session: S) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#once(body, await this.get(signal));
  }

  /** Forgets a lost session and says so; for requests that must not be sent again. */
  lost(session: S, cause: SessionLost): ApiError {
    this.forget(session);
    return new ApiError('SESSION_LOST', 'The session ended before the request was accepted', {
      remedy: 'Run the command again; it will log in anew.',
      retryable: true,
      cause,
    });
  }

  async #once<T>(body: (session: S) => Promise<T>, session: S): Promise<T> {
    try {
      return await body(session);
    } catch (error) {
      throw error instanceof SessionLost ? this.lost(session, error) : error;
    }
  }

  /** Drops a session that the server no longer knows, unless another has taken its place. */
  forget(session: S): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#current = undefined;
  }

  /** Logs out, even from a login still under way. Never throws. */
  async close(): Promise<void> {
    this.#closed = true;
    const last = this.#current;
    this.#current = undefined;
    try {
      const session = await last;
      if (session) await this.#door.logout(session);
    } catch {
      // There is no session to end.
    }
  }

  #login(): Promise<S> {
    const attempt = this.#attempt();
    attempt.then(
      (session) => {
        this.#session = session;
      },
      () => {
        this.#current = undefined;
      },
    );
    return attempt;
  }

  async #attempt(): Promise<S> {
    this.#circuit.check();
    try {
      const session = await this.#door.login(AbortSignal.timeout(patience));
      this.#circuit.accepted();
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'AUTH_FAILED') {
        const seconds = this.#circuit.refused();
        throw new ApiError(
          error.code,
          `${error.message}; no further login for ${seconds} s`,
          error,
        );
      }
      throw error;
    }
  }
}

/** Stops waiting when the signal fires; what is waited for goes on. */
export function waitWith<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  return new Promise((done, fail) => {
    const stop = () => fail(stopped(signal, 'The server'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', stop));
  });
}

const closed = () =>
  new ApiError('CONNECTION_CLOSED', 'The connection was closed', {
    remedy: 'Run the command again.',
  });
