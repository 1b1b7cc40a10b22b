import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type ServerContext as Context,
  Server,
} from '@modelcontextprotocol/server';
import type { Consent } from '../../call.js';
import type { Governed } from '../../open.js';
import { clean } from '../../sanitize/clean.js';
import { defuse, fence } from '../../sanitize/mark.js';
import type { Surface, SurfaceTool } from '../surface.js';
import { questionOf, resultOf } from './answer.js';
import { type Choice, choose } from './choose.js';
import { errorOf } from './error.js';

const rowsForAModel = 50;

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
    if (!outcome) throw new Error(`No resource ${harmless(uri)}.`);
    const body = outcome.status === 'done' ? outcome.output : { error: errorOf(outcome as never) };
    return { contents: [{ uri, mimeType: 'application/json', text: fence(JSON.stringify(body)) }] };
  });

  return { server, agent: () => client };
}

/** A word of the client's own, for those who read it in an answer or in the log. */
const harmless = (word: string): string => defuse(clean(word, 80));

type Params = { readonly name: string; readonly arguments?: Record<string, unknown> | undefined };

/** Splits the reserved inputs from the tool's own, and says what this client can do. */
function asked(
  tool: SurfaceTool,
  params: Params,
  context: Context,
  server: Server,
): Parameters<Governed['answer']> extends [string, ...infer Rest] ? Rest : never {
  if (tool.local && tool.effect === 'read')
    return [params.arguments, { surface: 'mcp', signal: context.mcpReq.signal }];
  const { target, dry_run, confirmed, consent, ticket, ...own } = params.arguments ?? {};
  const wrong = wrongReserved(params.arguments ?? {}, tool);
  const input =
    'limit' in (tool.listing.inputSchema.properties ?? {}) && own['limit'] === undefined
      ? { ...own, limit: rowsForAModel }
      : own;
  const given = consentOf(consent, context);
  return [
    wrong === undefined ? input : { ...input, [wrong]: params.arguments?.[wrong] },
    {
      surface: 'mcp',
      target: typeof target === 'string' ? target : undefined,
      dryRun: dry_run !== false,
      confirmed: confirmed === true,
      ticket: typeof ticket === 'string' ? ticket : undefined,
      ...(given === undefined ? {} : { consent: given }),
      canAsk: canElicit(context, server),
      declined: saidNo(context),
      signal: context.mcpReq.signal,
      progress: progressTo(context),
    },
  ];
}

const kinds = {
  target: 'string',
  dry_run: 'boolean',
  confirmed: 'boolean',
  consent: 'string',
  ticket: 'string',
} as const;

/** A reserved input of the wrong kind, or on a tool that has none, is passed on to be refused as unknown. */
const wrongReserved = (
  given: Record<string, unknown>,
  { listing }: SurfaceTool,
): string | undefined =>
  Object.entries(kinds).find(
    ([name, kind]) =>
      given[name] !== undefined &&
      (typeof given[name] !== kind || !(name in (listing.inputSchema.properties ?? {}))),
  )?.[0];

/** Agreement counts only as the answer to our own question; the model's seal is the caller's. */
function consentOf(seal: unknown, context: Context): Consent | undefined {
  const answer = acceptedContent<{ agree?: unknown }>(context.mcpReq.inputResponses, 'consent');
  const state = context.mcpReq.requestState<string>();
  if (answer?.agree === true && typeof state === 'string') return { seal: state, by: 'human' };
  return typeof seal === 'string' ? { seal, by: 'caller' } : undefined;
}

/** A person who was asked and did not agree has said no; the question is not put again. */
const saidNo = (context: Context): boolean =>
  context.mcpReq.inputResponses?.['consent'] !== undefined &&
  acceptedContent<{ agree?: unknown }>(context.mcpReq.inputResponses, 'consent')?.agree !== true;

/** What a client of the 2026-07-28 revision says of itself with every request. */
const inEnvelope = (context: Context, key: string): unknown =>
  (context.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined)?.[key];

function canElicit(context: Context, server: Server): boolean {
  const capabilities = (inEnvelope(context, CLIENT_CAPABILITIES_META_KEY) ??
    server.getClientCapabilities()) as ClientCapabilities | undefined;
  const { elicitation } = capabilities ?? {};
  return (
    elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
  );
}

/** Progress goes out only when the client gave a token for it. */
function progressTo(
  context: Context,
): (step: { done: number; total?: number; message?: string }) => void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  return ({ done, total, message }) => {
    const params = {
      progressToken,
      progress: done,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}

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
