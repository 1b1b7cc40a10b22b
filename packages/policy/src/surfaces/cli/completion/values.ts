import type { Argument, Option } from 'commander';
import { type JsonSchema, ownInputs, type Surface, type SurfaceTool } from '../../surface.js';
import { wordsOf } from '../command-words.js';
import { flagOf, positionals } from '../flags.js';
import { formats } from '../render.js';
import { type Candidate, type Candidates, matching, type Sources } from './candidate.js';
import { type NameSource, nameSource } from './name-source.js';
import type { Place } from './place.js';

const plain = (words: readonly string[]): Candidate[] => words.map((word) => ({ word, help: '' }));

export interface Asked {
  readonly place: Place;
  readonly surface: Surface;
  readonly sources: Sources;
}

/** Values of an option or argument that begin as typed. `before` stands in the same word before the value. */
export async function values(
  asked: Asked,
  of: Option | Argument,
  typed: string,
  before: string,
): Promise<Candidates> {
  const { place, surface } = asked;
  const tool = surface.tools.find((one) => wordsOf(one).join(' ') === place.path.join(' '));
  const input = tool && inputOf(tool, of);
  const schema = (tool && input !== undefined && ownInputs(tool)[input]) || undefined;
  if (isFile(of, input, schema)) return { kind: 'files', words: [] };
  const known = await (tool && input !== undefined && schema
    ? inputValues(asked, tool, input, schema, typed)
    : programValues(of, asked));
  const isList = schema?.type === 'array' || /^--tool(set)?s$/.test(flagName(of));
  if (isList) return listed(known, typed, before);
  const words = matching(known, typed).words.map(({ word, help }) => ({
    word: before + word,
    help,
  }));
  return { kind: words.length === 1 && words[0]?.word.endsWith('=') ? 'nospace' : 'words', words };
}

/** Of an input of a tool: its choices, targets, or the names that objects have. */
async function inputValues(
  { place, surface, sources }: Asked,
  tool: SurfaceTool,
  input: string,
  schema: JsonSchema,
  typed: string,
): Promise<readonly Candidate[]> {
  const choices = schema.enum ?? schema.items?.enum;
  if (choices) return plain(choices.map(String));
  if (input === 'other_target') return sources.targets();
  const source = nameSource(surface, tool, input, givenTo(tool, place));
  return source ? sources.names(byStart(source, typed), targetOf(place)) : [];
}

/** Of what a program has besides its tools. */
async function programValues(
  of: Option | Argument,
  { place, surface, sources }: Asked,
): Promise<readonly Candidate[]> {
  if (place.path.join(' ') === 'context use') return sources.targets();
  switch (flagName(of)) {
    case '--output':
      return plain(formats.map((one) => one.replace('…', '')));
    case '--target':
    case '--reset-login':
      return sources.targets();
    case '--client':
      return plain(await sources.hosts());
    case '--toolsets':
      return plain([...new Set(surface.tools.map(({ group }) => group))]);
    case '--tools':
      return plain(surface.tools.map(({ listing }) => listing.name));
    default:
      return [];
  }
}

const flagName = (of: Option | Argument): string => ('long' in of ? (of.long ?? '') : '');

function inputOf(tool: SurfaceTool, of: Option | Argument): string | undefined {
  if (!('long' in of)) return positionals(tool).find((name) => name === of.name());
  return Object.keys(ownInputs(tool)).find((name) => `--${flagOf(tool, name)}` === of.long);
}

/** What a tool has been given, by the names of its inputs. */
function givenTo(tool: SurfaceTool, { args, options }: Place): Record<string, unknown> {
  const byPlace = positionals(tool).map((name, i) => [name, args[i]] as const);
  const byFlag = [...options].map(
    ([option, value]) => [inputOf(tool, option) ?? '', value] as const,
  );
  return Object.fromEntries([...byPlace, ...byFlag].filter(([name, value]) => name && value));
}

const targetOf = ({ options }: Place): string | undefined =>
  [...options].find(([{ long }]) => long === '--target')?.[1];

function isFile(
  of: Option | Argument,
  input: string | undefined,
  schema: JsonSchema | undefined,
): boolean {
  const wantsFile = 'flags' in of && /<file>/.test(of.flags);
  return (
    wantsFile ||
    input === 'file' ||
    (input !== undefined && /\bfile\b/i.test(schema?.description ?? ''))
  );
}

/** A list that can be asked for names that begin as typed is. */
function byStart(source: NameSource, typed: string): NameSource {
  const canFilter = 'filter' in ownInputs(source.tool) && /^[\w.-]+$/.test(typed);
  return canFilter ? { ...source, input: { ...source.input, filter: `${typed}*` } } : source;
}

/** `a,b` goes on with what is not in it yet. */
function listed(known: readonly Candidate[], typed: string, before: string): Candidates {
  const at = typed.lastIndexOf(',') + 1;
  const had = typed.slice(0, at);
  const taken = new Set(had.split(','));
  const rest = known.filter(({ word }) => !taken.has(word));
  const words = matching(rest, typed.slice(at)).words.map(({ word, help }) => ({
    word: `${before}${had}${word}`,
    help,
  }));
  return { kind: 'nospace', words };
}
