import type { Command } from 'commander';
import type { Load } from '../../mcp/serve.js';
import type { Surface } from '../../surface.js';
import type { Local } from '../local.js';
import type { Terminal } from '../terminal.js';
import type { Given } from './answer.js';
import { shells } from './shells.js';

/** What completion asks, each when a word needs it. */
export interface Asks {
  readonly load: Load;
  readonly local?: () => Promise<Pick<Local, 'contexts'>>;
}

/** `completion <shell>`, and the hidden command that the scripts ask. */
export function addCompletion(
  root: Command,
  surface: Surface,
  asks: Asks,
  terminal: Terminal,
): void {
  const program = `vmware-${surface.name}`;
  const completion = root
    .command('completion')
    .description(shells.join(', '))
    .showSuggestionAfterError()
    .addHelpText('after', `\nExamples:\n  source <(${program} completion bash)`);
  for (const shell of shells)
    completion
      .command(shell)
      .description(`print what ${shell} evaluates to complete ${program}`)
      .action(async () => {
        const { script } = await import('./scripts.js');
        terminal.data(script(shell, program));
      });
  root
    .command(hidden, { hidden: true })
    .configureOutput({ writeErr: () => {} })
    .argument('[words...]')
    .option('--line <line>', 'from bash: its line up to the cursor')
    .option('--breaks <characters>', '', '')
    .option('--type <n>', '', '')
    .option('--word <word>', 'the word under the cursor, where it cannot be the last argument')
    .action(async (words: string[], given: Given) => {
      const { answer } = await import('./answer.js');
      terminal.data(await answer(root, surface, asks, words, given));
    });
}

/** The name by which the scripts call it. */
export const hidden = '__complete';
