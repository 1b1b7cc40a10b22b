import type { Argument, Command, Option } from 'commander';
import type { Surface } from '../../surface.js';
import { wordsOf } from '../command-words.js';
import { type Candidate, type Candidates, matching, type Sources } from './candidate.js';
import { optionOf, type Place, placeOf } from './place.js';
import { values } from './values.js';

/** The candidates for the last of `words`, the command line without the program's own name. */
export async function candidates(
  root: Command,
  surface: Surface,
  words: readonly string[],
  sources: Sources,
): Promise<Candidates> {
  const word = words.at(-1) ?? '';
  const place = placeOf(root, words.slice(0, -1));
  const value = (of: Option | Argument, typed: string, before: string) =>
    values({ place, surface, sources }, of, typed, before);
  if (place.pending) return value(place.pending, word, '');
  if (!place.ended && word.startsWith('-')) {
    const at = word.startsWith('--') ? word.indexOf('=') : -1;
    const option = at === -1 ? undefined : optionOf(place.command, word.slice(0, at));
    if (option) return value(option, word.slice(at + 1), word.slice(0, at + 1));
    return matching(flagsAt(place), word);
  }
  const { command, args } = place;
  const below = args.length === 0 ? commandsOf(command) : [];
  const own = isExplain(place)
    ? topics(surface, args)
    : await argumentAt(command, args.length, (argument) => value(argument, word, ''));
  if (Array.isArray(own)) return matching([...below, ...own], word);
  if (own) return below.length > 0 ? matching([...below, ...own.words], word) : own;
  return matching(below.length > 0 || word !== '' ? below : flagsAt(place), word);
}

function argumentAt<T>(
  { registeredArguments }: Command,
  at: number,
  ask: (argument: Argument) => Promise<T>,
): Promise<T> | undefined {
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[at] ?? (last?.variadic ? last : undefined);
  return argument && ask(argument);
}

const isExplain = ({ path, command }: Place): boolean =>
  path.length === 1 && command.name() === 'explain' && command.registeredArguments.length > 0;

/** What `explain` explains: commands word by word, or a tool by its name. */
function topics({ tools }: Surface, before: readonly string[]): Candidate[] {
  const at = before.length;
  const under = tools.filter((tool) => before.every((word, i) => wordsOf(tool)[i] === word));
  const words = new Map(
    under.flatMap((tool) => {
      const usage = wordsOf(tool);
      const next = usage[at];
      const isWhole = usage.length === at + 1;
      return next === undefined ? [] : [[next, isWhole ? tool.listing.description : '']];
    }),
  );
  const byName = at === 0 ? tools.map(({ listing }) => [listing.name, listing.description]) : [];
  return [...words, ...byName].map(([word = '', help = '']) => ({ word, help }));
}

const commandsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ word: child.name(), help: child.description() }));

/** Flags that were not given yet, by their long names. */
function flagsAt({ command, options }: Place): Candidate[] {
  const isGiven = (flag: string) => [...options.keys()].some(({ long }) => long === flag);
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short, description }) => {
      const word = long ?? short;
      return word === undefined || isGiven(word) ? [] : [{ word, help: description }];
    });
}
