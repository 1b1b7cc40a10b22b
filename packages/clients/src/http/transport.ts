import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TrustingAgent } from './agent.js';
import type { Endpoint } from './endpoint.js';
import { ApiError, codeOf, stopped } from './errors.js';
import { Gate } from './gate.js';
import { keepSecretHeaders } from './secrets.js';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** Sending it twice does no more than sending it once: a read. Anything else is never sent again. */
  readonly idempotent: boolean;
}

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end or left early; either frees the connection. Throws ApiError when it is cut. */
  readonly body: AsyncIterable<Buffer>;
}

/** Requests to one endpoint. Any HTTP status is an answer; a missing answer is an ApiError. */
export interface Transport {
  send(request: Request): Promise<Response>;
  /** Ends connections that are not up yet: nothing was sent over them. */
  stopConnecting(): void;
  /** Closes every connection, those in use too. */
  close(): void;
}

export interface TransportOptions {
  /** Requests in flight at a time. */
  readonly concurrency?: number;
  /** Lets requests out instead of a gate of this transport's own: one that several share, or that also counts time. */
  readonly gate?: Gate;
  /** Milliseconds without a byte after which an answer counts as lost. */
  readonly silence?: number;
}

/** Opens no connection; `node:https` itself is loaded when the first request leaves. */
export function openTransport(
  endpoint: Endpoint,
  { concurrency = 8, gate = new Gate(concurrency), silence = 120_000 }: TransportOptions = {},
): Transport {
  const { host, port } = endpoint;
  let agent: Promise<TrustingAgent> | undefined;
  let closed = false;

  const exchange = async (request: Request): Promise<Response> => {
    agent ??= import('./agent.js').then(({ TrustingAgent }) => new TrustingAgent(endpoint));
    const [{ request: open }, pool] = await Promise.all([import('node:https'), agent]);
    const { signal, idempotent, method, path, headers, body } = request;
    if (closed) throw lost(host, 'ECLOSED', false, idempotent);
    keepSecretHeaders(headers);
    return new Promise((done, fail) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const outgoing: ClientRequest = open({
        agent: pool,
        host,
        port,
        method,
        path,
        headers: { ...headers, ...length },
        timeout: silence,
      });
      let sent = false;
      let silent = false;
      const explain = (error: unknown) =>
        error instanceof ApiError
          ? error
          : signal?.aborted
            ? stopped(signal, host, sent && !idempotent ? 'unknown' : 'none')
            : lost(
                host,
                closed ? 'ECLOSED' : silent ? 'ETIMEDOUT' : codeOf(error),
                sent,
                idempotent,
              );
      const abort = () => outgoing.destroy(new Error('aborted'));
      signal?.addEventListener('abort', abort, { once: true });
      const finish = () => signal?.removeEventListener('abort', abort);

      // A socket is only handed over once its certificate was accepted; from then on bytes may be out.
      outgoing.once('socket', () => {
        // Closed during the handshake: the socket goes before anything is written to it.
        if (closed) outgoing.destroy(new Error('closed'));
        else sent = true;
      });
      outgoing.once('timeout', () => {
        silent = true;
        outgoing.destroy(new Error('silence'));
      });
      outgoing.on('error', (error) => {
        finish();
        fail(explain(error));
      });
      outgoing.once('response', (incoming: IncomingMessage) => {
        incoming.once('close', finish);
        done({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: bodyOf(incoming, explain),
        });
      });
      if (signal?.aborted) abort();
      outgoing.end(body);
    });
  };

  return {
    async send(request) {
      const { signal } = request;
      const leave = await gate.enter(signal).catch((reason: unknown) => {
        throw signal ? stopped(signal, host) : reason;
      });
      try {
        const response = await exchange(request);
        return { ...response, body: guarded(response.body, leave) };
      } catch (error) {
        leave();
        throw error;
      }
    },
    stopConnecting() {
      agent?.then(
        (opened) => opened.stopConnecting(),
        () => undefined,
      );
    },
    close() {
      closed = true;
      agent?.then(
        (opened) => opened.destroy(),
        () => undefined,
      );
    },
  };
}

async function* bodyOf(incoming: IncomingMessage, explain: (error: unknown) => ApiError) {
  try {
    for await (const chunk of incoming) yield chunk as Buffer;
  } catch (error) {
    throw explain(error);
  }
}

/** Gives the place back when the body ends, breaks or is left. */
async function* guarded(body: AsyncIterable<Buffer>, leave: () => void) {
  try {
    yield* body;
  } finally {
    leave();
  }
}

/** The body as one string. Throws UPSTREAM when it is longer than `limit` bytes. */
export async function textOf({ body }: Response, limit = 16 * 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit)
      throw new ApiError('UPSTREAM', `An answer is larger than ${limit} bytes`, {
        remedy: 'Ask for less at a time.',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function lost(host: string, code: string, sent: boolean, idempotent: boolean): ApiError {
  const unknown = sent && !idempotent;
  const [kind, what] =
    code === 'ETIMEDOUT'
      ? ['TIMEOUT', `${host} stopped answering`]
      : code === 'ECLOSED'
        ? ['CONNECTION_CLOSED', `The connection to ${host} was closed here`]
        : ['CONNECTION_LOST', `${host} closed the connection before it had answered (${code})`];
  return new ApiError(
    kind,
    `${what}${unknown ? '; the change had been sent and may have happened' : ''}`,
    {
      remedy: unknown ? 'Look at the object before trying again.' : 'Try again.',
      retryable: !unknown,
      effect: unknown ? 'unknown' : 'none',
      details: { host, reason: code },
    },
  );
}
