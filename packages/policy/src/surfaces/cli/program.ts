import { Command, InvalidArgumentError, Option } from 'commander';
import type { Outcome } from '../../call.js';
import type { Governed } from '../../open.js';
import { errorOf } from '../mcp/error.js';
import { configVariable, type Surface, type SurfaceTool } from '../surface.js';
import { change } from './change.js';
import { exitCodeOf } from './exit-codes.js';
import { addInputs, inputsFrom } from './flags.js';
import { formats, render } from './render.js';
import type { Terminal } from './terminal.js';

/** The flag of every command that has targets. */
export const configOption = ['-c, --config <file>', 'config.yaml of the targets'] as const;

/** Opens the toolset for one command and closes it again: a command line logs out when it is done. */
export type Use = <T>(work: (governed: Governed) => Promise<T>) => Promise<T>;

const nouns = 'Commands on the target:';
const local = 'Commands on this machine:';

/**
 * A command line for a surface: one command per tool, its flags from the tool's input schema. Of nouns that are
 * not among `words`, the command line given, there is only what a list of commands says.
 */
export function program(
  surface: Surface,
  use: Use,
  terminal: Terminal,
  words?: readonly string[],
): Command {
  const root = new Command(`vmware-${surface.name}`)
    .description(surface.title)
    .version(`${surface.version} (not affiliated with VMware or Broadcom)`, '-V, --version')
    // A command may have a --version of its own: that of what it makes.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .commandsGroup(nouns);
  root.hook('preAction', (_, command) => {
    const { config } = command.opts<{ config?: string }>();
    if (config !== undefined) process.env[configVariable(surface)] = config;
  });
  for (const tool of surface.tools) {
    const [noun = '', ...more] = wordsOf(tool);
    const isAsked = more.length === 0 || !words || words.includes(noun);
    if (isAsked) addTool(root, tool, surface, use, terminal);
    else nounUnder(root, noun, surface);
  }
  return root.commandsGroup(local);
}

function addTool(
  root: Command,
  tool: SurfaceTool,
  surface: Surface,
  use: Use,
  terminal: Terminal,
): void {
  const words = wordsOf(tool);
  const verb = words.at(-1) ?? '';
  const parent = words.slice(0, -1).reduce((at, word) => nounUnder(at, word, surface), root);
  const command = parent.command(verb).description(tool.listing.description);
  addInputs(command, tool);
  if (!tool.diagnostic)
    command.option('-t, --target <name>', 'configured target').option(...configOption);
  if (tool.effect !== 'read') addConsent(command, tool);
  command
    .addOption(
      new Option('-o, --output <format>', formats.join('|'))
        .default(tool.format)
        .argParser(knownFormat),
    )
    .option('--json', 'same as -o json')
    .addHelpText('after', examples(tool, surface.name))
    .action(async () => {
      const options = command.opts<Options>();
      const input = inputsFrom(command, tool);
      const outcome = await use((governed) => run(governed, tool, input, options, terminal));
      const isAsked = command.getOptionValueSource('output') !== 'default';
      process.exitCode = await show(outcome, tool, { ...options, isAsked }, terminal);
    });
}

/** A format nobody knows is refused before anything is asked of a target. */
function knownFormat(format: string): string {
  if (format.startsWith('jsonpath=') || (formats as readonly string[]).includes(format))
    return format;
  throw new InvalidArgumentError(`Use one of ${formats.join(', ')}.`);
}

interface Options {
  readonly target?: string;
  readonly output: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly apply?: boolean;
  readonly confirm?: string;
}

/** The words of a command without its inputs: `vm`, `list`. */
const wordsOf = ({ usage }: SurfaceTool): string[] =>
  usage.split(' ').filter((word) => !/^[<[]/.test(word));

function nounUnder(parent: Command, word: string, surface: Surface): Command {
  const known = parent.commands.find((command) => command.name() === word);
  if (known) return known;
  const verbs = surface.tools
    .filter(({ usage }) => usage.startsWith(`${word} `))
    .map(({ usage }) => usage.split(' ')[1]);
  return parent
    .command(word)
    .description([...new Set(verbs)].join(', '))
    .showSuggestionAfterError();
}

function addConsent(command: Command, { listing }: SurfaceTool): void {
  command
    .option('--dry-run', 'show the plan and stop')
    .option('-y, --yes', 'agree to the plan without being asked');
  // What the Python programs call it; what destroys still wants its name.
  command.addOption(new Option('--apply', 'the same as --yes').hideHelp());
  if (listing.annotations.destructiveHint)
    command.option('--confirm <name>', 'with --yes: the name of what may go');
}

const examples = ({ examples: lines }: SurfaceTool, name: string): string =>
  lines.length > 0
    ? `\nExamples:\n${lines.map((line) => `  vmware-${name} ${line}`).join('\n')}`
    : '';

/** A program that is told to stop logs out first. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function run(
  governed: Governed,
  tool: SurfaceTool,
  input: Record<string, unknown>,
  { target, dryRun = false, apply = false, yes = apply, confirm }: Options,
  terminal: Terminal,
): Promise<Outcome> {
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  for (const signal of stopSignals) process.once(signal, interrupted);
  const answer: Parameters<typeof change>[1] = async (how) => {
    const outcome = governed.answer(tool.listing.name, input, {
      surface: 'cli',
      target,
      signal: stop.signal,
      ...how,
    });
    if (!outcome) throw new TypeError(`surface.json lists ${tool.listing.name}, which no card has`);
    return outcome;
  };
  try {
    return tool.effect === 'read'
      ? await answer({ canAsk: false })
      : await change(tool, answer, { dryRun, yes, confirm }, terminal);
  } finally {
    for (const signal of stopSignals) process.off(signal, interrupted);
  }
}

/** Writes an outcome and resolves to the exit code. */
async function show(
  outcome: Outcome,
  tool: SurfaceTool,
  { output, json, isAsked }: Options & { readonly isAsked: boolean },
  terminal: Terminal,
): Promise<number> {
  const format = json ? 'json' : output;
  // Whoever asked for JSON gets errors in it too; a command that prints JSON by itself talks like any other.
  const inJson = json || (isAsked && output === 'json');
  switch (outcome.status) {
    case 'done':
      terminal.data(await render(tool, outcome.output, format));
      break;
    case 'preview':
      terminal.data(await showPlan(outcome, json || isAsked ? format : 'table'));
      break;
    case 'question':
      throw new TypeError('A terminal asks by itself');
    default:
      terminal.talk(inJson ? JSON.stringify({ error: errorOf(outcome) }, null, 2) : said(outcome));
  }
  return exitCodeOf(outcome);
}

async function showPlan(
  { plan, hint }: Extract<Outcome, { status: 'preview' }>,
  format: string,
): Promise<string> {
  if (format !== 'table' && format !== 'wide')
    return render({ columns: [] }, { action: 'preview', plan, hint }, format);
  const { describe } = await import('./change.js');
  const requests = plan.requests.map((request) => `  ${request}`);
  return `${[describe(plan), ...(requests.length > 0 ? ['Requests:', ...requests] : [])].join('\n')}\n`;
}

/** An error as a person reads it: what is wrong, by which rule, and what to do. */
export function said(problem: {
  code: string;
  message: string;
  remedy: string;
  rule?: string;
  where?: string;
  details?: Readonly<Record<string, unknown>>;
}): string {
  const by = problem.rule
    ? `\n  rule: ${problem.rule}${problem.where ? ` (${problem.where})` : ''}`
    : '';
  const { candidates } = (problem.details ?? {}) as { candidates?: unknown };
  const choices = Array.isArray(candidates)
    ? candidates
        .map(
          (candidate) =>
            `\n  ${typeof candidate === 'string' ? candidate : Object.values(candidate as object).join('  ')}`,
        )
        .join('')
    : '';
  return `Error: ${problem.message}${choices}${by}\n${problem.remedy} [${problem.code}]`;
}
