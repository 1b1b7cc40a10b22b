import { type JsonSchema, ownInputs, type Surface, type SurfaceTool } from '../../surface.js';
import { wordsOf } from '../command-words.js';

/** A list whose rows are what an input may be: the call to make, and the column that has the names. */
export interface NameSource {
  readonly tool: SurfaceTool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly column: string;
  /** Told beside the name. */
  readonly about: string | undefined;
}

/**
 * The list that names what an input of a tool means: `<policy_id>` is an id of `policy list`, `<name>` of `vm info`
 * a name of `vm list`. A list that needs inputs of its own gets those already given. Undefined for what no list has.
 */
export function nameSource(
  surface: Surface,
  tool: SurfaceTool,
  input: string,
  given: Readonly<Record<string, unknown>>,
): NameSource | undefined {
  for (const kind of kindsOf(surface, tool, input)) {
    const list = listOf(surface, kind);
    const column = list && columnOf(list, kind, input);
    if (!list || column === undefined || needs(list).some((name) => name === input)) continue;
    if (needs(list).some((name) => given[name] === undefined)) continue;
    return {
      tool: list,
      column,
      about: list.columns.find((other) => other !== column && other !== 'id'),
      input: inputOf(list, column, given),
    };
  }
  return undefined;
}

/**
 * What an input may name, likeliest first: by its own name, or for a plain `<name>` by its noun. What its description
 * begins with stands in for either: `<name>` of `snapshot list` is a `VM name`, `--anchor` a `Rule`.
 */
function kindsOf({ tools }: Surface, tool: SurfaceTool, input: string): string[] {
  const { type, items, description = '' } = ownInputs(tool)[input] ?? {};
  const isList = type === 'array' && items?.type === 'string';
  if (type !== 'string' && !isList) return [];
  const [noun = '', verb] = wordsOf(tool);
  const named = input.replace(/^(add|remove|other)_/, '').replace(/(_display)?_(name|id)$/, '');
  const own = input === 'name' || input === 'id' ? noun : singular(named);
  // What is made has a name that no list has yet.
  if ((verb === 'create' || verb === 'add') && own === noun) return [];
  if (isList) return [own];
  const said = (/^Name of the (\w+)/.exec(description) ?? /^(\w+)/.exec(description))?.[1] ?? '';
  const other = said.toLowerCase();
  const isNoun = tools.some((one) => wordsOf(one)[0] === other);
  // A noun that it is said to be of is that noun, even where no list has it: `cluster_id` of a Supervisor.
  return isNoun && own !== noun && !own.startsWith(other) ? [other] : [own, other];
}

const singular = (word: string): string =>
  word.replace(/ies$/, 'y').replace(/(?<=ss)es$|(?<!s)s$/, '');

const plural = (word: string): string =>
  /[^aeiou]y$/.test(word)
    ? word.replace(/y$/, 'ies')
    : `${word}${/(s|x|ch)$/.test(word) ? 'es' : 's'}`;

function listOf({ tools }: Surface, kind: string): SurfaceTool | undefined {
  const lists = tools.filter((tool) => tool.effect === 'read' && fieldsOf(tool) !== undefined);
  const many = plural(kind);
  return (
    lists.find((tool) => wordsOf(tool).join(' ') === `${kind} list`) ??
    lists.find(({ listing }) => listing.name === `list_${many}`) ??
    lists.find(
      ({ listing }) => listing.name.startsWith('list_') && listing.name.endsWith(`_${many}`),
    )
  );
}

const fieldsOf = ({ listing }: SurfaceTool): JsonSchema['properties'] =>
  listing.outputSchema.properties?.['items']?.items?.properties;

function columnOf(list: SurfaceTool, kind: string, input: string): string | undefined {
  const fields = fieldsOf(list) ?? {};
  const wanted = input.endsWith('_id') ? ['id', 'name', kind] : ['name', kind, 'id'];
  return wanted.find((field) => field in fields);
}

const needs = ({ listing }: SurfaceTool): readonly string[] => listing.inputSchema.required ?? [];

/** Rows that a list is asked for. Whoever has more objects types a letter of the name first. */
const most = 1000;

function inputOf(
  list: SurfaceTool,
  column: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const theirs = ownInputs(list);
  const shared = Object.entries(given).filter(
    ([name]) => name in theirs && (needs(list).includes(name) || !filters.has(name)),
  );
  const columns = theirs['fields']?.items?.enum ?? [];
  return {
    ...Object.fromEntries(shared),
    ...('limit' in theirs && { limit: most }),
    ...(columns.includes(column) && {
      fields: columns.filter((one) => one === column || one === list.columns[2]),
    }),
  };
}

/** Inputs that mean something else in a list than in the command that is completed. */
const filters = new Set(['limit', 'cursor', 'offset', 'fields', 'name', 'description']);
