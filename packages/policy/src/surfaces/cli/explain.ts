import { type Command, Option } from 'commander';
import { Refusal } from '../../refusal.js';
import type { Surface, SurfaceTool } from '../surface.js';
import { configOption, outputOptions } from './call-options.js';
import { wordsOf } from './command-words.js';
import type { Local } from './local.js';
import { nearTo } from './near.js';
import type { Terminal } from './terminal.js';

interface Options {
  readonly target?: string;
  readonly output: string;
  readonly json?: boolean;
}

/** `explain <tool>` or `explain <noun> <verb>`: what a command needs and does. Asks no target anything. */
export function addExplain(
  root: Command,
  surface: Surface,
  local: (() => Promise<Pick<Local, 'contexts'>>) | undefined,
  terminal: Terminal,
): void {
  // A program may have commands of its own below the same word.
  const theirs = root.commands.find((command) => command.name() === 'explain');
  const command = theirs ?? root.command('explain').description('what a command needs and does');
  command.argument('[topic...]', 'a tool, or the words of a command: vm delete');
  if (local)
    command
      .addOption(new Option('-t, --target <name>', 'by the rules for this target'))
      .option(...configOption);
  for (const option of outputOptions('table')) command.addOption(option);
  command.action(async (words: string[]) => {
    const { target, output, json } = command.opts<Options>();
    const tool = find(surface, words);
    const environment = await environmentOf(local, target);
    const { explanationOf, explained } = await import('./explanation.js');
    const said = await explanationOf(`vmware-${surface.name}`, tool, environment);
    const format = json ? 'json' : output;
    if (format === 'table' || format === 'wide') return terminal.data(explained(said));
    const { render } = await import('./render.js');
    terminal.data(await render({ columns: [] }, { ...said }, format));
  });
}

/** Throws UNKNOWN_TOOL with the nearest names for what no command is called. */
function find({ tools, name }: Surface, words: readonly string[]): SurfaceTool {
  const wanted = words.join(' ').trim();
  const found = tools.find(
    (tool) =>
      wordsOf(tool).join(' ') === wanted || [tool.listing.name, ...tool.aliases].includes(wanted),
  );
  if (found) return found;
  const commands = tools.map((tool) => wordsOf(tool).join(' '));
  const below = commands.filter((command) => command.startsWith(`${wanted} `));
  const nearest =
    below.length > 0
      ? below
      : nearTo(wanted, [...commands, ...tools.map(({ listing }) => listing.name)]);
  throw new Refusal(
    'UNKNOWN_TOOL',
    wanted === '' ? 'There is nothing to explain.' : `There is no command "${wanted}".`,
    `Run \`vmware-${name} --help\` to see the commands.`,
    { nearest },
  );
}

async function environmentOf(
  local: (() => Promise<Pick<Local, 'contexts'>>) | undefined,
  target: string | undefined,
): Promise<string | undefined> {
  const contexts = await (await local?.())?.contexts().catch(failing(target));
  const found = contexts?.find(({ name, current }) =>
    target === undefined ? current : name === target,
  );
  if (found || target === undefined) return found?.environment;
  const known = (contexts ?? []).map(({ name }) => name);
  throw new Refusal(
    'UNKNOWN_TARGET',
    `There is no target named ${target}; known: ${known.join(', ')}`,
    'Use one of the targets that `context list` shows.',
    { nearest: nearTo(target, known) },
  );
}

/** Without a target a command can be explained all the same. */
const failing =
  (target: string | undefined) =>
  (error: unknown): [] => {
    if (target !== undefined) throw error;
    return [];
  };
