import { setMaxListeners } from 'node:events';
import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.js';
import { connectTls } from './tls.js';

/** Every handshake listens; Node would warn on stderr of more than ten. */
function manyHandshakes(): AbortController {
  const connecting = new AbortController();
  setMaxListeners(0, connecting.signal);
  return connecting;
}

/** Keeps connections alive, and makes new ones only through `connectTls`. */
export class TrustingAgent extends Agent {
  readonly #endpoint: Endpoint;
  #connecting = manyHandshakes();

  constructor(endpoint: Endpoint) {
    super({ keepAlive: true });
    this.#endpoint = endpoint;
  }

  /** Ends every connection that is not up yet. Later ones are made as ever. */
  stopConnecting(): void {
    const stopped = this.#connecting;
    this.#connecting = manyHandshakes();
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
