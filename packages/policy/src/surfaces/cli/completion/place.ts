import type { Command, Option } from 'commander';

/** Where in a command line the cursor is: the command so far, and what it has been given. */
export interface Place {
  readonly command: Command;
  /** Names of the commands below the root. */
  readonly path: readonly string[];
  readonly args: readonly string[];
  /** Options given so far, with the value of each that has one. */
  readonly options: ReadonlyMap<Option, string | undefined>;
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** After `--` nothing is an option. */
  readonly ended: boolean;
}

/** Reads the words before the cursor as commander would, without acting on them or refusing any. */
export function placeOf(root: Command, words: readonly string[]): Place {
  let command = root;
  let pending: Option | undefined;
  let ended = false;
  const path: string[] = [];
  const args: string[] = [];
  const options = new Map<Option, string | undefined>();
  for (const word of words) {
    if (pending) {
      options.set(pending, word);
      pending = undefined;
    } else if (!ended && word === '--') ended = true;
    else if (!ended && word.length > 1 && word.startsWith('-')) {
      const [flag = '', value] = parts(word);
      const option = optionOf(command, flag);
      if (!option) continue;
      options.set(option, value);
      if (takesValue(option) && value === undefined) pending = option;
    } else {
      const child = args.length === 0 ? childOf(command, word) : undefined;
      if (!child) args.push(word);
      else {
        command = child;
        path.push(child.name());
      }
    }
  }
  return { command, path, args, options, pending, ended };
}

export const takesValue = ({ required, optional }: Option): boolean => required || optional;

export const optionOf = ({ options }: Command, flag: string): Option | undefined =>
  options.find(({ long, short }) => flag === long || flag === short);

const childOf = ({ commands }: Command, word: string): Command | undefined =>
  commands.find((command) => command.name() === word || command.aliases().includes(word));

/** `--output=json`, `-ojson` and `--output` as a flag and its value. */
function parts(word: string): [flag: string, value?: string] {
  if (!word.startsWith('--')) return word.length > 2 ? [word.slice(0, 2), word.slice(2)] : [word];
  const at = word.indexOf('=');
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}
