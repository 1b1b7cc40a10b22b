import {
  type ServerContext as Context,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
} from '@modelcontextprotocol/server';
import type { Governed, Outcome } from '../../src/index.js';
import type { How } from '../../src/request.js';
import { resultOf } from '../../src/surfaces/mcp/answer.js';
import { asked } from '../../src/surfaces/mcp/asked.js';
import { mcpServer } from '../../src/surfaces/mcp/server.js';
import { ownInputs, type Surface, type SurfaceTool } from '../../src/surfaces/surface.js';
import { heard, promptAnswer, resourceAnswer, toolAnswer } from './answers.js';
import { template } from './resources.js';

/**
 * Our own MCP server over the fixtures, with what it does not have: contents other than text, prompts, templates,
 * completion, subscriptions and log messages. What is asked of a tool, a prompt or a resource is a governed call.
 */
export function fixtureServer(surface: Surface, governed: Governed): Server {
  const { server } = mcpServer(surface, async () => governed, {
    outputSchemas: false,
    toolsets: ['tools'],
  });
  server.registerCapabilities({
    logging: {},
    completions: {},
    prompts: { listChanged: true },
    tools: { listChanged: true },
    resources: { subscribe: true },
  });
  const find = (group: string, name: string): SurfaceTool => {
    const tool = surface.tools.find((one) => one.group === group && one.listing.name === name);
    if (tool) return tool;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${name}.`);
  };
  const ask = (tool: SurfaceTool, given: Record<string, unknown>, context: Context) => {
    const { name } = tool.listing;
    const reserved = tool.effect === 'read' ? {} : { dry_run: false };
    const params = { name, arguments: { ...given, ...told(tool, context, server), ...reserved } };
    const [input, how] = asked(tool, params, context, server);
    return call(governed, tool, input, { ...how, progress: logged(how, context) });
  };
  const read = (uri: string, context: Context): Promise<Outcome> => {
    const known = surface.resources.find((resource) => resource.uri === uri);
    const parameters = template.match(uri);
    if (known) return ask(find('resources', known.tool), known.input, context);
    if (parameters) return ask(find('resources', 'read_template'), parameters, context);
    throw new ResourceNotFoundError(uri);
  };

  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = find('tools', params.name);
    const outcome = await ask(tool, params.arguments ?? {}, context);
    return toolAnswer(outcome) ?? resultOf(tool, outcome);
  });
  server.setRequestHandler('prompts/list', async () => ({ prompts: promptsOf(surface) }));
  server.setRequestHandler('prompts/get', async ({ params }, context) =>
    promptAnswer(await ask(find('prompts', params.name), params.arguments ?? {}, context)),
  );
  server.setRequestHandler('completion/complete', async ({ params }, context) => {
    const of = params.ref.type === 'ref/prompt' ? params.ref.name : params.ref.uri;
    const { name: argument, value } = params.argument;
    const words = heard(
      await ask(find('prompts', 'complete_argument'), { of, argument, value }, context),
    );
    const values = Array.isArray(words) ? words : [];
    return {
      completion: { values: values.flatMap((word) => (word.type === 'text' ? [word.text] : [])) },
    };
  });
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: [{ name: 'read_template', uriTemplate: template.toString() }],
  }));
  server.setRequestHandler('resources/read', async ({ params }, context) =>
    resourceAnswer(await read(params.uri, context)),
  );
  // Who may not read a resource may not watch it.
  server.setRequestHandler('resources/subscribe', async ({ params }, context) => {
    resourceAnswer(await read(params.uri, context));
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', async () => ({}));
  return server;
}

const call = (governed: Governed, tool: SurfaceTool, input: unknown, how: How): Promise<Outcome> =>
  governed.answer(tool.listing.name, input, how) ??
  Promise.reject(new TypeError(`${tool.listing.name} is listed and has no card`));

/** What the request says beside its arguments, for the cards that declare it. */
function told(tool: SurfaceTool, context: Context, server: Server): Record<string, unknown> {
  const { inputResponses, requestState } = context.mcpReq;
  const own = ownInputs(tool);
  return Object.fromEntries(
    Object.entries({
      answers: inputResponses,
      state: requestState<string>(),
      capabilities: Object.keys(server.getClientCapabilities() ?? {}),
    }).filter(([name, value]) => name in own && value !== undefined),
  );
}

/** A step with words is a log message too. */
const logged =
  ({ progress }: How, context: Context): NonNullable<How['progress']> =>
  (step) => {
    progress?.(step);
    if (step.message !== undefined) void context.mcpReq.log('info', step.message).catch(() => {});
  };

const promptsOf = ({ tools }: Surface) =>
  tools
    .filter(({ group, listing }) => group === 'prompts' && listing.name.startsWith('test_'))
    .map((tool) => ({
      name: tool.listing.name,
      description: tool.listing.description,
      arguments: Object.entries(ownInputs(tool))
        .filter(([name]) => name !== 'answers' && name !== 'state')
        .map(([name, { description = '' }]) => ({ name, description, required: true })),
    }));
