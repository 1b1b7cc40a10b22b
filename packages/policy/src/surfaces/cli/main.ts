import { realpathSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { problemOf } from '../../stages/explain.js';
import type { Load, Serve } from '../mcp/serve.js';
import type { Surface } from '../surface.js';
import { configOption } from './call-options.js';
import { addCompletion, hidden } from './completion/commands.js';
import { addDoctor, addPreflight } from './examinations.js';
import { exitCodeFor, exitCodes } from './exit-codes.js';
import { addExplain } from './explain.js';
import type { Local } from './local.js';
import { program, type Use } from './program.js';
import { said } from './said.js';
import { processTerminal, type Terminal } from './terminal.js';

export type { Surface } from '../surface.js';
export { examine } from './examine.js';
export { exitCodes } from './exit-codes.js';
export { hostConfig, hostNames, type Launch } from './hosts.js';
export type { Check, Context, Finding, InitOptions, Local } from './local.js';
export type { Terminal } from './terminal.js';

/** The parts of a program that are loaded when a command needs them. */
export interface Parts {
  readonly load: Load;
  readonly local?: () => Promise<Local>;
  /** What people who come from another program call `doctor`. */
  readonly doctorAlias?: string;
  /** Whether the logins of this program can be tried one by one: `preflight-auth`. */
  readonly preflight?: boolean;
  /** Commands that are no tools of the surface. */
  readonly also?: (root: Command, terminal: Terminal) => void;
}

/** What a package's binary calls: commands from its surface, and those that act on this machine. */
export async function main(surface: Surface, parts: Parts): Promise<void> {
  const terminal = processTerminal();
  process.stdout.on('error', quitOnClosedPipe);
  const use: Use = async (work) => {
    const governed = await parts.load({});
    try {
      return await work(governed);
    } finally {
      await governed.close();
    }
  };
  const words = process.argv.slice(2);
  const isCompletion = words[0] === hidden;
  const root = program(surface, use, terminal, isCompletion ? undefined : words);
  addMcp(root, surface, parts);
  addMcpConfig(root, surface, terminal);
  addExplain(root, surface, parts.local, terminal);
  addCompletion(root, surface, parts, terminal);
  if (parts.local) {
    const doctor = addDoctor(root, surface, parts.local, terminal);
    if (parts.doctorAlias !== undefined) doctor.alias(parts.doctorAlias);
    if (parts.preflight) addPreflight(root, surface, parts.local, terminal);
    addInit(root, parts.local, terminal);
    addContext(root, parts.local, terminal);
  }
  parts.also?.(root, terminal);
  try {
    await root.exitOverride().parseAsync(withOverride(root, process.argv));
  } catch (error) {
    process.exitCode = isCompletion ? exitCodes.ok : tell(error, terminal);
  }
  // A connection that does not close must not keep a shell waiting.
  if (isCompletion) process.stdout.write('', () => process.exit(exitCodes.ok));
}

/** commander copies exitOverride only to commands made later. */
function withOverride(command: Command, argv: string[]): string[] {
  command.exitOverride();
  for (const child of command.commands) withOverride(child, argv);
  return argv;
}

function tell(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  // Errors with a remedy were written to be read.
  if (!(error instanceof Error && 'remedy' in error)) throw error;
  const problem = problemOf(error);
  terminal.talk(said(problem));
  return exitCodeFor(problem.code);
}

/** `vmware-vsphere vm list | head` ends when head does. */
function quitOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
}

function addMcp(root: Command, surface: Surface, { load, local }: Parts): void {
  const command = root
    .command('mcp')
    .description('serve the tools to an MCP client over stdio')
    .option('--read-only', 'offer only tools that change nothing')
    .option('--disable-destructive', 'offer no tool that destroys')
    .option('--toolsets <a,b>', 'offer these groups only')
    .option('--tools <x,y>', 'offer these tools only')
    .option('--no-output-schemas', 'list tools without their output schemas')
    .action(async () => {
      const [{ serveMcp }, { serveFlags }] = await Promise.all([
        import('../mcp/serve.js'),
        import('../mcp/flags.js'),
      ]);
      const at = process.argv.indexOf('mcp');
      const flags: Serve = serveFlags(process.argv.slice(at + 1));
      await serveMcp(surface, load, flags);
    });
  if (local) command.option(...configOption);
}

function addMcpConfig(root: Command, surface: Surface, terminal: Terminal): void {
  root
    .command('mcp-config')
    .description('print what an MCP client needs to start this server')
    .requiredOption(
      '--client <name>',
      'claude-code, claude-desktop, cursor, vscode, goose, codex, gemini',
    )
    .option('--read-only', 'with --read-only in the command')
    .action(async ({ client, readOnly }: { client: string; readOnly?: boolean }) => {
      const { hostConfig } = await import('./hosts.js');
      const args = [
        realpathSync(process.argv[1] ?? ''),
        'mcp',
        ...(readOnly ? ['--read-only'] : []),
      ];
      const launch = { name: `vmware-${surface.name}`, command: process.execPath, args };
      terminal.data(`${hostConfig(client, launch)}\n`);
    });
}

function addInit(root: Command, local: () => Promise<Local>, terminal: Terminal): void {
  root
    .command('init')
    .description('set up a target: address, certificate, password')
    .option(...configOption)
    .option('--force', 'replace a target that has the name')
    .option('--skip-test', 'try no login')
    .action(async ({ force = false, skipTest = false }: { force?: boolean; skipTest?: boolean }) =>
      (await local()).init(terminal, { force, skipTest }),
    );
}

function addContext(root: Command, local: () => Promise<Local>, terminal: Terminal): void {
  const context = root
    .command('context')
    .description('list, current, use')
    .showSuggestionAfterError();
  context
    .command('list')
    .description('configured targets; the default is marked')
    .option('--json', 'as JSON')
    .option(...configOption)
    .action(async ({ json }: { json?: boolean }) => {
      const contexts = await (await local()).contexts();
      if (json) return terminal.data(`${JSON.stringify({ items: contexts }, null, 2)}\n`);
      const { render } = await import('./render.js');
      const items = contexts.map(({ current, ...rest }) => ({
        current: current ? '*' : '',
        ...rest,
      }));
      terminal.data(await render({ columns: [] }, { items }, 'table'));
    });
  context
    .command('current')
    .description('name of the default target')
    .option(...configOption)
    .action(async () => {
      const found = (await (await local()).contexts()).find(({ current }) => current);
      terminal.data(`${found?.name ?? ''}\n`);
    });
  context
    .command('use <name>')
    .description('make a target the default')
    .option(...configOption)
    .action(async (name: string) => {
      await (await local()).use(name);
      terminal.talk(`Default target: ${name}`);
    });
}
