import type { Command } from 'commander';
import { configVariable, type Surface } from '../../surface.js';
import { type BashLine, bashLine, bashReplies } from './bash-words.js';
import type { Candidates, Sources } from './candidate.js';
import { candidates } from './candidates.js';
import type { Asks } from './commands.js';
import { placeOf } from './place.js';

/** Where the words come from: bash hands over its line, PowerShell the word under the cursor by itself. */
export interface Given {
  readonly line?: string;
  readonly breaks: string;
  readonly type: string;
  readonly word?: string;
}

/**
 * The answer to a completion script: the kind on the first line, then a candidate a line, for bash as it replaces the
 * word, for the others as `word TAB what it is`. Whatever goes wrong, the answer is that there is nothing.
 */
export async function answer(
  root: Command,
  surface: Surface,
  asks: Asks,
  words: readonly string[],
  { line, breaks, type, word }: Given,
): Promise<string> {
  const bash = line === undefined ? undefined : bashLine(line, breaks);
  const all = bash?.words ?? (word === undefined ? words : [...words, word]);
  const found = await candidates(root, surface, all, sourcesOf(root, surface, asks, all)).catch(
    (): Candidates => ({ kind: 'words', words: [] }),
  );
  return [found.kind, ...linesOf(found, bash, type)].map((text) => `${text}\n`).join('');
}

function linesOf({ words }: Candidates, bash: BashLine | undefined, type: string): string[] {
  // A line is a candidate, so a name that is more than a line, or tells the terminal something, is none.
  const found = words
    .filter(({ word }) => !/\p{Cc}/u.test(word))
    .map(({ word, help }) => ({ word, help: help.replaceAll(/\p{Cc}+/gu, ' ') }));
  return bash
    ? bashReplies(found, bash, type)
    : found.map(({ word, help }) => (help ? `${word}\t${help}` : word));
}

function sourcesOf(
  root: Command,
  surface: Surface,
  { load, local }: Asks,
  words: readonly string[],
): Sources {
  const { options } = placeOf(root, words);
  const config = [...options].find(([{ long }]) => long === '--config')?.[1];
  if (config !== undefined) process.env[configVariable(surface)] = config;
  return {
    async targets() {
      const contexts = (await (await local?.())?.contexts()) ?? [];
      return contexts.map(({ name, environment, host }) => ({
        word: name,
        help: [environment, host].filter((part) => part !== '').join(', '),
      }));
    },
    hosts: async () => (await import('../hosts.js')).hostNames,
    names: async (source, target) =>
      (await import('./live-names.js')).liveNames(load, source, target),
  };
}
