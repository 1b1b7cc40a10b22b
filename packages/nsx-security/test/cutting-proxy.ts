import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Endpoint } from './lab.js';

/** What passes through: from us to the manager, or back. */
export type Direction = 'request' | 'answer';

export interface CuttingProxy extends AsyncDisposable {
  /** The manager as it is reached through the proxy. */
  readonly endpoint: Endpoint;
  /** Bytes that passed since `cut` was last called, in each direction. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Ends every connection once so many more bytes have passed in a direction; later ones pass whole. */
  cut(direction: Direction, afterBytes: number): void;
}

/** A TCP proxy that knows nothing of what passes, TLS least of all, and breaks off after a number of bytes. */
export async function cuttingProxy(manager: Endpoint): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let passed = { request: 0, answer: 0 };
  let planned: { direction: Direction; afterBytes: number } | undefined;
  const endAll = () => {
    planned = undefined;
    for (const socket of sockets) socket.destroy();
  };
  const pass = (direction: Direction, from: Socket, to: Socket) => {
    from.on('data', (chunk: Buffer) => {
      const left =
        planned?.direction === direction
          ? planned.afterBytes - passed[direction]
          : Number.POSITIVE_INFINITY;
      passed[direction] += chunk.length;
      if (chunk.length < left) to.write(chunk);
      else {
        // The last bytes still arrive: they leave before the connections end.
        planned = undefined;
        to.write(chunk.subarray(0, left), endAll);
      }
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(manager.port, manager.host);
    sockets.add(near).add(far);
    pass('request', near, far);
    pass('answer', far, near);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: { ...manager, port: (server.address() as AddressInfo).port },
    get passed() {
      return passed;
    },
    cut(direction, afterBytes) {
      passed = { request: 0, answer: 0 };
      planned = { direction, afterBytes };
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      endAll();
      await closed;
    },
  };
}
