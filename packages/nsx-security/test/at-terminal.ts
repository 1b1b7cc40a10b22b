import { type AtTerminal, atTerminalOf, type Typed } from '../../vsphere/test/at-terminal.js';
import { bins } from './cli.js';

export { interrupt, type Typed } from '../../vsphere/test/at-terminal.js';

/** Our command line at a real pseudo-terminal, with somebody who answers each question as it comes. */
export const atTerminal = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  typed: readonly Typed[],
): Promise<AtTerminal> => atTerminalOf(bins.cli, args, env, typed);
