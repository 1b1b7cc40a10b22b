import {
  CLIENT_INFO_META_KEY,
  type ServerContext as Context,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server';
import type { Governed } from '../../open.js';
import { clean } from '../../sanitize/clean.js';
import { defuse, fence } from '../../sanitize/mark.js';
import type { Surface } from '../surface.js';
import { questionOf, resultOf } from './answer.js';
import { asked, inEnvelope } from './asked.js';
import { type Choice, choose } from './choose.js';
import { errorOf } from './error.js';

/**
 * An MCP server over a surface. It lists from `surface.json` alone; the toolset is loaded by `governed` at the
 * first call. The raw server never leaves this folder, so no tool can be registered around the governed call.
 */
export function mcpServer(
  surface: Surface,
  governed: () => Promise<Governed>,
  { outputSchemas = true, ...choice }: Choice & { readonly outputSchemas?: boolean } = {},
): { server: Server; agent: () => string } {
  const offered = choose(surface, choice);
  const byName = new Map(
    offered.flatMap((tool) => [tool.listing.name, ...tool.aliases].map((name) => [name, tool])),
  );
  const server = new Server(
    { name: `vmware-${surface.name}`, title: surface.title, version: surface.version },
    {
      capabilities: { tools: {}, resources: {} },
      instructions: surface.instructions,
      cacheHints: { 'tools/list': { ttlMs: 3_600_000, cacheScope: 'private' } },
    },
  );
  let client = 'mcp';
  const nameClient = (context: Context) => {
    const said = (inEnvelope(context, CLIENT_INFO_META_KEY) ?? server.getClientVersion()) as
      | { name?: string; version?: string }
      | undefined;
    if (said?.name) client = harmless(`${said.name}/${said.version ?? ''}`);
  };

  server.setRequestHandler('tools/list', async () => ({
    tools: offered.map(({ listing }) => {
      const { outputSchema, ...rest } = listing;
      return (outputSchemas ? listing : rest) as typeof listing & {
        inputSchema: { type: 'object' };
      };
    }) as never,
  }));

  server.setRequestHandler('tools/call', async (request, context) => {
    nameClient(context);
    const tool = byName.get(request.params.name);
    const outcome =
      tool &&
      (await (
        await governed()
      ).answer(tool.listing.name, ...asked(tool, request.params, context, server)));
    if (!tool || !outcome) return notOffered(request.params.name);
    return outcome.status === 'question' ? questionOf(outcome) : resultOf(tool, outcome);
  });

  server.setRequestHandler('resources/list', async () => ({
    resources: surface.resources.map(({ uri, name, description }) => ({
      uri,
      name,
      description,
      mimeType: 'application/json',
    })),
  }));
  server.setRequestHandler('resources/templates/list', async () => ({ resourceTemplates: [] }));

  server.setRequestHandler('resources/read', async (request, context) => {
    nameClient(context);
    const { uri } = request.params;
    const resource = surface.resources.find((known) => known.uri === uri);
    const outcome =
      resource &&
      (await (
        await governed()
      ).answer(resource.tool, resource.input, {
        surface: 'resource',
        signal: context.mcpReq.signal,
      }));
    if (!outcome)
      throw new ResourceNotFoundError(harmless(uri, 1_000), `No resource ${harmless(uri)}.`);
    const body = outcome.status === 'done' ? outcome.output : { error: errorOf(outcome as never) };
    return { contents: [{ uri, mimeType: 'application/json', text: fence(JSON.stringify(body)) }] };
  });

  return { server, agent: () => client };
}

/** A word of the client's own, for those who read it in an answer or in the log. */
const harmless = (word: string, limit = 80): string => defuse(clean(word, limit, false));

const notOffered = (name: string) => ({
  content: [
    {
      type: 'text' as const,
      text: JSON.stringify({
        error: {
          remedy:
            'List the tools; this server may have been started with --read-only, --toolsets or --tools.',
          code: 'UNKNOWN_TOOL',
          message: `This server does not offer ${JSON.stringify(harmless(name))}.`,
          retryable: false,
        },
      }),
    },
  ],
  isError: true,
});
