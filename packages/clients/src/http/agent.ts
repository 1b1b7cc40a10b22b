import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.js';
import { connectTls } from './tls.js';

/** Keeps connections alive, and makes new ones only through `connectTls`. */
export class TrustingAgent extends Agent {
  readonly #endpoint: Endpoint;
  #connecting = new AbortController();

  constructor(endpoint: Endpoint) {
    super({ keepAlive: true });
    this.#endpoint = endpoint;
  }

  /** Ends every connection that is not up yet. Later ones are made as ever. */
  stopConnecting(): void {
    const stopped = this.#connecting;
    this.#connecting = new AbortController();
    stopped.abort();
  }

  // Node takes the callback form when nothing is returned.
  override createConnection(
    _options: unknown,
    ready?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    connectTls(this.#endpoint, this.#connecting.signal).then(
      (socket) => ready?.(null, socket),
      (error) => ready?.(error, undefined as unknown as Duplex),
    );
  }
}
