import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Governed, Options } from '../../open.js';
import { configVariable, type Surface } from '../surface.js';
import { type Choice, choose } from './choose.js';
import { mcpServer } from './server.js';

export type { Surface } from '../surface.js';
export type { Choice } from './choose.js';
export { mcpServer } from './server.js';

/** What an MCP binary calls: flags from its command line, or one line about what is wrong with them. */
export async function runMcp(surface: Surface, load: Load): Promise<void> {
  try {
    const { serveFlags } = await import('./flags.js');
    await serveMcp(surface, load, serveFlags(process.argv.slice(2)));
  } catch (error) {
    const { message, remedy } = error as { message?: string; remedy?: string };
    if (remedy === undefined) throw error;
    say(`Error: ${message}\n${remedy}`);
    process.exitCode = 2;
  }
}

export interface Serve extends Choice {
  readonly outputSchemas?: boolean;
  /** Another config.yaml. */
  readonly config?: string;
}

/** Loads the toolset and governs it; called at the first call of a server, not at its start. */
export type Load = (options: Options) => Promise<Governed>;

/**
 * Serves a toolset over stdio until the client closes stdin or the process is told to stop; then logs out
 * everywhere. stdout is the protocol's; what there is to say goes to stderr. Nothing is ever prompted.
 */
export async function serveMcp(surface: Surface, load: Load, options: Serve = {}): Promise<void> {
  const offered = choose(surface, options);
  if (options.config !== undefined) process.env[configVariable(surface)] = options.config;
  let governed: Promise<Governed> | undefined;
  let agent = () => 'mcp';
  const once = () => {
    governed ??= load({ agent: () => agent(), longLived: true });
    return governed;
  };
  const transport = new StdioServerTransport();
  const handle = serveStdio(
    () => {
      const made = mcpServer(surface, once, options);
      agent = made.agent;
      return made.server;
    },
    { transport, onerror: (error) => say(`${error.name}: ${error.message}`) },
  );
  say(`vmware-${surface.name} ${surface.version}: ${offered.length} tools on stdio`);
  await ended();
  await handle.close();
  await (await governed)?.close();
  process.exit(0);
}

const ended = (): Promise<void> =>
  new Promise((resolve) => {
    process.stdin.once('close', resolve);
    process.stdin.once('end', resolve);
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('SIGHUP', () => resolve());
  });

const say = (line: string): void => void process.stderr.write(`${line}\n`);
