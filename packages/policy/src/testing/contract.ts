import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { flagOf } from '../surfaces/cli/flags.js';
import { describe } from '../surfaces/docs/describe.js';
import { ownInputs, reservedBy, type SurfaceTool } from '../surfaces/surface.js';
import { bodyOf, levels, type Tool } from '../tool.js';
import { type Toolset, toolsOf } from '../toolset.js';

/**
 * What every card of a toolset must keep, as sentences about those that do not: empty means all is well.
 * `toolsDir` is the folder that holds one folder for each group.
 */
export function checkToolset<Clients>(toolset: Toolset<Clients>, toolsDir: string): string[] {
  const surface = describe(toolset);
  const cards = new Map(toolsOf(toolset).map(({ tool }) => [tool.name, tool]));
  const wrong = surface.tools.flatMap((listed) => {
    const tool = cards.get(listed.listing.name);
    return tool ? checkTool(tool, listed, toolsDir) : [];
  });
  const names = surface.tools.flatMap(({ listing, aliases }) => [listing.name, ...aliases]);
  const usages = surface.tools.map(({ usage }) => usage.replace(/ [<[].*/, ''));
  return [
    ...wrong,
    ...twice(names).map((name) => `${name}: two tools have this name`),
    ...twice(usages).map((usage) => `"${usage}": two tools have this command`),
    ...surface.resources
      .filter(({ tool }) => cards.get(tool)?.effect !== 'read')
      .map(({ uri }) => `${uri}: a resource needs a tool that reads`),
    ...orphans(toolsDir, cards),
  ];
}

function checkTool(
  tool: Tool,
  { listing, group, usage, ...listed }: SurfaceTool,
  dir: string,
): string[] {
  const own = ownInputs({ listing, ...listed });
  const inputs = Object.entries(own);
  const file = tool.name.replaceAll('_', '-');
  const words = [...usage.matchAll(/<(\w+)>/g)].map(([, word]) => word ?? '');
  const isChange = tool.effect !== 'read';
  const rules: readonly (readonly [boolean, string])[] = [
    [
      /^[a-z]+(_[a-z0-9]+)+$/.test(tool.name) && tool.name.length <= 64,
      'its name is not verb_noun',
    ],
    [existsSync(join(dir, group, `${file}.ts`)), `it is not in ${group}/${file}.ts`],
    [existsSync(join(dir, group, `${file}.test.ts`)), `it has no ${group}/${file}.test.ts`],
    [
      /^[A-Z].{10,158}\.$/.test(tool.summary),
      'its summary is not one sentence of at most 160 characters',
    ],
    [!tool.summary.slice(0, -1).includes('. '), 'its summary is more than one sentence'],
    [levels.includes(tool.level), 'it names no permission level'],
    [isChange === (bodyOf(tool).plan !== undefined), 'a change has a plan and a read has none'],
    [listing.annotations.destructiveHint ? tool.risk !== 'low' : true, 'it destroys at low risk'],
    [!tool.mayDestroy || tool.effect === 'write', 'only a write may have plans that destroy'],
    [!isChange || tool.level !== 'read_only', 'it changes things at level read_only'],
    [
      !('anyOf' in listing.inputSchema || 'oneOf' in listing.inputSchema),
      'its input is a top-level union',
    ],
    [words.every((word) => word in own), 'its usage names an input it does not have'],
    [
      !Object.keys(tool.input.shape).some((name) => reservedBy(listed).includes(name)),
      'it declares a reserved input',
    ],
    [
      Object.keys(tool.flags ?? {}).every((input) => input in own && !words.includes(input)),
      'its flags name an input that has none',
    ],
    [
      twice([...ownFlags(tool, own, words), ...theirFlags(listed)]).length === 0,
      'two of its flags are the same',
    ],
    [
      (tool.offline ?? []).every((input) => input in own),
      'offline names an input it does not have',
    ],
    [
      (tool.columns ?? []).every((column) => fieldsOf(listing.outputSchema).has(column)),
      'a column is not in its output',
    ],
  ];
  return [
    ...rules.filter(([holds]) => !holds).map(([, what]) => `${tool.name}: ${what}`),
    ...inputs
      .filter(([, schema]) => !schema.description)
      .map(([name]) => `${tool.name}: input ${name} is not described`),
  ];
}

/** Flags that a command has besides its inputs. */
const theirFlags = ({
  local,
  effect,
}: Pick<SurfaceTool, 'local' | 'effect'>): readonly string[] => [
  ...['output', 'json', 'help'],
  ...(local ? [] : ['target', 'config']),
  ...(local && effect === 'read' ? [] : ['dry-run', 'yes', 'confirm']),
];

/** What the command line calls the inputs of a tool; `--no-x` and `--x` are one flag. */
const ownFlags = (
  tool: Tool,
  own: Readonly<Record<string, unknown>>,
  words: readonly string[],
): string[] =>
  Object.keys(own)
    .filter((input) => !words.includes(input))
    .map((input) => flagOf({ flags: tool.flags ?? {} }, input).replace(/^no-/, ''));

function fieldsOf(schema: SurfaceTool['listing']['outputSchema']): Set<string> {
  return new Set([
    ...Object.keys(schema.properties ?? {}),
    ...Object.keys(schema.properties?.['items']?.items?.properties ?? {}),
  ]);
}

const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];

/** Tests of tools that are in no group: a card that was written and never listed. */
function orphans(dir: string, cards: ReadonlyMap<string, Tool>): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => path.replace(/^.*\//, '').replace('.test.ts', '').replaceAll('-', '_'))
    .filter((name) => !cards.has(name))
    .map((name) => `${name}: it has a test and is in no group`);
}
