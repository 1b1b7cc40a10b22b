import { Command } from 'commander';
import type { Governed } from '../../open.js';
import { configVariable, type Surface, type SurfaceTool } from '../surface.js';
import { addCallOptions, callOptions } from './call-options.js';
import { wordsOf } from './command-words.js';
import { addInputs, inputsFrom } from './flags.js';
import { runTool } from './run-tool.js';
import type { Terminal } from './terminal.js';

/** Opens the toolset for one command and closes it again: a command line logs out when it is done. */
export type Use = <T>(work: (governed: Governed) => Promise<T>) => Promise<T>;

const nouns = 'Commands on the target:';
const records = 'Commands on the log, the rules and approvals:';
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
    .commandsGroup(surface.tools.every((tool) => tool.local) ? records : nouns);
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
  addCallOptions(command, tool);
  command.addHelpText('after', examplesOf(surface, tool.examples)).action(async () => {
    const input = inputsFrom(command, tool);
    const options = callOptions(command, tool);
    process.exitCode = await use((governed) =>
      runTool(governed, surface, tool, input, options, terminal),
    );
  });
}

/** How many examples the help of a noun shows. */
const fewExamples = 4;

function nounUnder(parent: Command, word: string, surface: Surface): Command {
  const known = parent.commands.find((command) => command.name() === word);
  if (known) return known;
  const under = surface.tools.filter(({ usage }) => usage.startsWith(`${word} `));
  const verbs = under.map(({ usage }) => usage.split(' ')[1]);
  const first = under.flatMap(({ examples }) => examples.slice(0, 1)).slice(0, fewExamples);
  return parent
    .command(word)
    .description([...new Set(verbs)].join(', '))
    .addHelpText('after', examplesOf(surface, first))
    .showSuggestionAfterError();
}

const examplesOf = ({ name }: Surface, lines: readonly string[]): string =>
  lines.length > 0
    ? `\nExamples:\n${lines.map((line) => `  vmware-${name} ${line}`).join('\n')}`
    : '';
