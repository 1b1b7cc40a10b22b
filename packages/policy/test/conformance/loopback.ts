import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: Request) => Promise<Response>;

export interface Loopback extends AsyncDisposable {
  readonly url: string;
}

/** Serves a web-standard handler on a free port of 127.0.0.1, at `/mcp`. */
export async function onLoopback(answer: Answer): Promise<Loopback> {
  const server = createServer((message, reply) => {
    exchange(message, reply, answer).catch(() => reply.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function exchange(
  message: IncomingMessage,
  reply: ServerResponse,
  answer: Answer,
): Promise<void> {
  const gone = new AbortController();
  reply.once('close', () => gone.abort());
  const response = await answer(await requestOf(message, gone.signal));
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.flushHeaders();
  const reader = response.body?.getReader();
  gone.signal.addEventListener('abort', () => void reader?.cancel().catch(() => {}));
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    reply.write(read.value);
  reply.end();
}

async function requestOf(message: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(message.headersDistinct))
    for (const value of values) headers.append(name, value);
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  const { method = 'GET', url = '/' } = message;
  const body = method === 'POST' ? { body: Buffer.concat(parts) } : {};
  return new Request(new URL(url, `http://${message.headers.host}`), {
    method,
    headers,
    signal,
    ...body,
  });
}
