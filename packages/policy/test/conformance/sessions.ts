import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport as Transport,
} from '@modelcontextprotocol/server';

/**
 * The handshake and the sessions of 2025-11-25. A server can ask its client something in the middle of a call only
 * within a session, so the stateless serving of that revision would not do.
 */
export class Sessions {
  readonly #make: () => Server;
  readonly #open = new Map<string, Transport>();
  constructor(make: () => Server) {
    this.#make = make;
  }

  async answer(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null)
      return (
        this.#open.get(id)?.handleRequest(request) ?? refused(404, 'There is no such session.')
      );
    const parsedBody: unknown = await request.json().catch(() => undefined);
    if (!isInitializeRequest(parsedBody)) return refused(400, 'A session begins with a handshake.');
    const transport: Transport = new Transport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#open.set(id, transport),
      onsessionclosed: (id) => void this.#open.delete(id),
    });
    await this.#make().connect(transport);
    return transport.handleRequest(request, { parsedBody });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((transport) => transport.close()));
  }
}

const refused = (status: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code: -32001, message } }, { status });
