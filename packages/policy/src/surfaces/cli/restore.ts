import { resolve } from 'node:path';
import type { Command } from 'commander';
import { homeOf } from '../../home.js';
import { Refusal } from '../../refusal.js';
import type { Terminal } from './terminal.js';

interface RestoreOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly confirm?: string;
}

/**
 * `vmware-audit restore <dir>`. It works when the log is broken, so it cannot be a governed call: the restored log
 * begins with a row that says what was done, before it is put in place, and nothing is deleted.
 */
export function addRestore(root: Command, terminal: Terminal): void {
  root
    .command('restore <dir>')
    .description('put the audit log back from a backup; what is there now is kept beside it')
    .option('--dry-run', 'show the plan and stop')
    .option('-y, --yes', 'do it without being asked')
    .option('--confirm <dir>', 'with --yes: the folder of the backup, once more')
    .addHelpText('after', '\nExamples:\n  vmware-audit restore /backup/audit-2026-11-28 --dry-run')
    .action(async (dir: string, options: RestoreOptions) => {
      const { planRestore, restore } = await import('../../audit/restore.js');
      const home = homeOf();
      const from = resolve(dir);
      const { summary, changes, blockers } = planRestore(home, from);
      terminal.talk([summary, ...changes.map((change) => `  - ${change}`)].join('\n'));
      if (blockers.length > 0)
        throw new Refusal(
          'BLOCKED',
          blockers.join(' '),
          'Run `vmware-audit backup verify` on another backup, and restore that one.',
        );
      if (options.dryRun) return;
      await expectConsent(dir, options, terminal);
      const { kept } = restore(home, from);
      terminal.data(`Restored. What was there is kept in ${kept}\n`);
      terminal.talk('Run `vmware-audit verify` to see what it holds now.');
    });
}

/** Two answers of a person, or both flags of a script. Throws NEEDS_YES or DECLINED. */
async function expectConsent(
  dir: string,
  { yes, confirm }: RestoreOptions,
  terminal: Terminal,
): Promise<void> {
  if (yes && confirm === dir) return;
  if (!terminal.isInteractive || yes)
    throw new Refusal(
      'NEEDS_YES',
      'Nobody is at a terminal to agree. Nothing was changed.',
      `Add --yes --confirm ${dir} to do it, or --dry-run to see the plan only.`,
    );
  const agreed = /^y(es)?$/i.test((await terminal.ask('Do it? [y/N] ')).trim());
  const typed = agreed && (await terminal.ask(`Type the folder to confirm (${dir}): `)).trim();
  if (typed !== dir)
    throw new Refusal(
      'DECLINED',
      'Not agreed to. Nothing was changed.',
      'Run the command again when you want it done.',
    );
}
