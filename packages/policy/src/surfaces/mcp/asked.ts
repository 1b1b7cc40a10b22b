import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext as Context,
  type Server,
} from '@modelcontextprotocol/server';
import type { Consent } from '../../call.js';
import type { Governed } from '../../open.js';
import type { SurfaceTool } from '../surface.js';

const rowsForAModel = 50;

type Params = { readonly name: string; readonly arguments?: Record<string, unknown> | undefined };

/** Splits the reserved inputs from the tool's own, and says what this client can do. */
export function asked(
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
export const inEnvelope = (context: Context, key: string): unknown =>
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
