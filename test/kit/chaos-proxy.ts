import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What passes through: from the client to the server, or back. */
export type Direction = 'request' | 'answer';

/** Where a server listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** How the network is. It changes at once, for connections that are open too. */
export interface Weather {
  /** Milliseconds that every piece is late. */
  readonly delay?: number;
  /** Bytes that pass at a time, with the delay before each. */
  readonly drip?: number;
  /** Bytes of these directions vanish while the connections stay: the other end is gone and nobody said so. */
  readonly silent?: readonly Direction[];
  /** The server's bytes are replaced by as many that are no TLS. */
  readonly garbage?: boolean;
}

export interface ChaosProxy<Server extends Place = Place> extends AsyncDisposable {
  /** The server as it is reached through the proxy. */
  readonly endpoint: Server;
  weather: Weather;
  /** Bytes that came since `cut` was last called, in each direction; what vanished is counted too. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Connections of clients that are open. */
  readonly open: number;
  /** How many of them lost bytes to silence. */
  readonly waiting: number;
  /** Ends every connection once so many more bytes have passed in a direction; later ones pass whole. */
  cut(direction: Direction, afterBytes: number, how?: 'FIN' | 'RST'): void;
}

interface Cut {
  readonly direction: Direction;
  readonly afterBytes: number;
  readonly how: 'FIN' | 'RST';
}

/** A TCP proxy on loopback that knows nothing of what passes, TLS least of all, and spoils it as it is told. */
export async function chaosProxy<Server extends Place>(
  server: Server,
): Promise<ChaosProxy<Server>> {
  const near = new Set<Socket>();
  const all = new Set<Socket>();
  const waiting = new Set<Socket>();
  let passed = { request: 0, answer: 0 };
  let planned: Cut | undefined;

  const end = (how: Cut['how']) => {
    for (const socket of all) how === 'RST' ? socket.resetAndDestroy() : socket.destroy();
  };

  /** The part of a piece that still passes, and what to do once it has. */
  const measure = (direction: Direction, piece: Buffer): [Buffer, (() => void) | undefined] => {
    const cut = planned?.direction === direction ? planned : undefined;
    const left = cut ? cut.afterBytes - passed[direction] : Number.POSITIVE_INFINITY;
    passed[direction] += piece.length;
    if (!cut || piece.length < left) return [piece, undefined];
    planned = undefined;
    // The last bytes still arrive: they leave before the connections end.
    return [piece.subarray(0, left), () => end(cut.how)];
  };

  const pass = (direction: Direction, from: Socket, to: Socket, client: Socket) => {
    let before: Promise<void> | undefined;
    const deliver = async (piece: Buffer): Promise<void> => {
      const { delay = 0, drip = piece.length } = proxy.weather;
      for (let at = 0; at < piece.length; at += drip) {
        await new Promise((resolve) => setTimeout(resolve, delay));
        to.write(piece.subarray(at, at + drip));
      }
    };
    from.on('data', (chunk: Buffer) => {
      const { delay, drip, silent = [], garbage } = proxy.weather;
      const [piece, then] = measure(direction, chunk);
      if (silent.includes(direction)) {
        waiting.add(client);
        return;
      }
      const sent = garbage && direction === 'answer' ? Buffer.alloc(piece.length, '?') : piece;
      if (!before && delay === undefined && drip === undefined) to.write(sent, then);
      else before = (before ?? Promise.resolve()).then(() => deliver(sent)).then(then);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      for (const set of [near, all, waiting]) set.delete(from);
      to.destroy();
    });
  };

  const listener = createServer((client) => {
    const far = connect(server.port, server.host);
    near.add(client);
    all.add(client).add(far);
    pass('request', client, far, client);
    pass('answer', far, client, client);
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));

  const proxy: ChaosProxy<Server> = {
    endpoint: { ...server, port: (listener.address() as AddressInfo).port },
    weather: {},
    get passed() {
      return passed;
    },
    get open() {
      return near.size;
    },
    get waiting() {
      return waiting.size;
    },
    cut(direction, afterBytes, how = 'FIN') {
      passed = { request: 0, answer: 0 };
      planned = { direction, afterBytes, how };
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((done) => listener.close(() => done()));
      end('FIN');
      await closed;
    },
  };
  return proxy;
}
