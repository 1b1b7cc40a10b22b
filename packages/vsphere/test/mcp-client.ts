import {
  Client,
  InMemoryTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Governed } from '@vmware/policy';
import type { Surface } from '@vmware/policy/cli';
import { mcpServer, type Serve } from '@vmware/policy/mcp';

export type Answer = 'agree' | 'decline' | 'cancel' | 'cannot';

export interface Connected extends AsyncDisposable {
  readonly client: Client;
  /** What the person behind the client was asked. */
  readonly asked: string[];
}

export type Era = 'legacy' | 'modern';

/** An MCP client of the given era at a server of ours, with a person behind it who always answers the same. */
export async function connectTo(
  surface: Surface,
  governed: Governed,
  era: Era,
  answer: Answer = 'cannot',
  serve: Serve = {},
): Promise<Connected> {
  const asked: string[] = [];
  const make = () => mcpServer(surface, async () => governed, serve).server;
  const client = new Client(
    { name: 'test', version: '0' },
    {
      ...(answer === 'cannot' ? {} : { capabilities: { elicitation: { form: {} } } }),
      ...(era === 'modern' ? { versionNegotiation: { mode: 'auto' as const } } : {}),
    },
  );
  if (answer !== 'cannot')
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push((params as { message: string }).message);
      return answer === 'agree'
        ? { action: 'accept', content: { agree: true } }
        : { action: answer };
    });
  if (era === 'legacy') {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await make().connect(far);
    await client.connect(near);
    return { client, asked, [Symbol.asyncDispose]: () => client.close() };
  }
  const handler = createMcpHandler(make);
  await client.connect(
    new StreamableHTTPClientTransport(new URL('http://mcp.test/mcp'), {
      fetch: (url, init) => handler.fetch(new Request(url, init)),
    }),
  );
  return {
    client,
    asked,
    async [Symbol.asyncDispose]() {
      await client.close();
      await handler.close();
    },
  };
}

/** What a tool result says, without its fence. */
export function bodyOf(result: unknown): Record<string, unknown> {
  const { content } = result as { content: { text: string }[] };
  const [, body] =
    /^<untrusted-output [0-9a-f]{32}>\n([\s\S]*)\n<\/untrusted-output/.exec(
      content[0]?.text ?? '',
    ) ?? [];
  return JSON.parse(body ?? content[0]?.text ?? '{}') as Record<string, unknown>;
}
