import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.js';
import { connectTls } from './tls.js';

/** Keeps connections alive, and makes new ones only through `connectTls`. */
class TrustingAgent extends Agent {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    super({ keepAlive: true });
    this.#endpoint = endpoint;
  }

  // Node takes the callback form when nothing is returned.
  override createConnection(
    _options: unknown,
    ready?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    connectTls(this.#endpoint).then(
      (socket) => ready?.(null, socket),
      (error) => ready?.(error, undefined as unknown as Duplex),
    );
  }
}

export const agentFor = (endpoint: Endpoint): Agent => new TrustingAgent(endpoint);
