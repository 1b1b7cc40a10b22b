import type { Command } from 'commander';
import { homeOf } from '../../home.js';
import { installed } from '../../tools/installed.js';
import { undo } from '../../undo/undo.js';
import { undoable } from '../../undo/undoable.js';
import type { SurfaceTool } from '../surface.js';
import { addCallOptions, callOptions } from './call-options.js';
import { change } from './change.js';
import { show } from './show.js';
import type { Terminal } from './terminal.js';
import { untilStopped } from './until-stopped.js';

/** What an undoing prints, whichever tool does it: it has no target of its own, and may destroy. */
const asCommand: SurfaceTool = {
  group: '',
  usage: 'undo <operation>',
  effect: 'destroy',
  risk: 'high',
  level: 'read_only',
  privileges: [],
  columns: [],
  aliases: [],
  examples: ['undo 019c0f3e-6a52-7c1b-9a3d-0f6f2b1c4d5e', 'undo 41 --dry-run'],
  local: true,
  cliOnly: true,
  flags: {},
  format: 'json',
  listing: {
    name: 'undo',
    description: 'Takes a change back by a governed change of its own.',
    inputSchema: {},
    outputSchema: {},
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: false,
    },
  },
};

/** `vmware-audit undo <operation>`: the inverse in the log, done with the tools of the skill that made the change. */
export function addUndo(root: Command, terminal: Terminal): void {
  const command = root
    .command('undo <operation>')
    .description('take a change back, if the object is still as the change left it');
  addCallOptions(command, asCommand);
  command
    .addHelpText(
      'after',
      `\nExamples:\n${asCommand.examples.map((line) => `  vmware-audit ${line}`).join('\n')}`,
    )
    .action(async (operation: string) => {
      const options = callOptions(command, asCommand);
      const found = undoable(homeOf(), operation);
      const { surface, load } = installed(found.skill);
      const tool = surface.tools.find(({ listing }) => listing.name === found.inverse.tool);
      const governed = await load({});
      try {
        const outcome = await untilStopped((signal) =>
          change(
            tool ?? asCommand,
            (how) => undo(governed, found, { surface: 'cli', signal, ...how }),
            options,
            terminal,
          ),
        );
        process.exitCode = await show(outcome, tool ?? asCommand, options, terminal);
      } finally {
        await governed.close();
      }
    });
}
