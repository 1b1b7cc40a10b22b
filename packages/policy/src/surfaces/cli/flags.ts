import { type Command, InvalidArgumentError, Option } from 'commander';
import { type JsonSchema, ownInputs, type SurfaceTool } from '../surface.js';
import { didYouMean } from './near.js';

/** The positional inputs of a usage such as `vm rename <name> <new_name>`. */
export const positionals = ({ usage }: Pick<SurfaceTool, 'usage'>): string[] =>
  [...usage.matchAll(/<(\w+)>/g)].map((match) => match[1] ?? '');

/** Adds the arguments and flags of a tool's own inputs to its command. */
export function addInputs(command: Command, tool: SurfaceTool): void {
  const inputs = ownInputs(tool);
  const required = new Set(tool.listing.inputSchema.required ?? []);
  const words = positionals(tool);
  for (const word of words)
    command.argument(
      required.has(word) ? `<${word}>` : `[${word}]`,
      inputs[word]?.description ?? '',
    );
  for (const [name, schema] of Object.entries(inputs))
    if (!words.includes(name))
      for (const option of optionsFor(tool, name, schema, required.has(name)))
        command.addOption(option);
}

type Flagged = Pick<SurfaceTool, 'flags'>;

/** The flag of an input without its dashes: its own name, or the one that the card gives it, as in `n, namespace`. */
export const flagOf = ({ flags }: Flagged, name: string): string =>
  flags[name]?.replace(/^\w, /, '') ?? name.replaceAll('_', '-');

/** The letter that the card gives the flag besides: `-n, `, or nothing. */
const letterOf = ({ flags }: Flagged, name: string): string =>
  (/^\w, /.exec(flags[name] ?? '')?.[0] ?? '').replace(/^\w/, '-$&');

/** What commander calls the value of `--new-name`. */
export const camel = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, c: string) => c.toUpperCase());

/** The inputs a parsed command line gives, by the names the card uses. */
export function inputsFrom(command: Command, tool: SurfaceTool): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  positionals(tool).forEach((word, i) => {
    const value = command.processedArgs[i];
    if (value !== undefined) given[word] = value;
  });
  for (const name of Object.keys(ownInputs(tool))) {
    const value = command.getOptionValue(camel(flagOf(tool, name)));
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function optionsFor(tool: Flagged, name: string, schema: JsonSchema, mandatory: boolean): Option[] {
  const word = flagOf(tool, name);
  return schema.type === 'boolean'
    ? switchesFor(word, schema)
    : [optionFor(`${letterOf(tool, name)}--${word}`, schema, mandatory)];
}

/** One switch away from the default; both where leaving it out means leaving it as it is. */
function switchesFor(word: string, { default: otherwise, description = '' }: JsonSchema): Option[] {
  const on = () => new Option(`--${word}`, description).default(undefined);
  const off = (said: string) => new Option(`--no-${word}`, said).default(undefined);
  if (otherwise === true) return [off(`switch off: ${description}`)];
  return otherwise === false ? [on()] : [on(), off(`not --${word}`)];
}

function optionFor(flag: string, schema: JsonSchema, mandatory: boolean): Option {
  // commander shows the defaults it applies itself; these are applied by the call.
  const shown = schema.default === undefined ? '' : String(schema.default);
  const description = `${schema.description ?? ''}${shown && ` (default: ${shown})`}`;
  const option = new Option(`${flag} <${placeholder(schema)}>`, description);
  if (mandatory) option.makeOptionMandatory();
  if (schema.enum)
    option.choices(schema.enum.map(String)).argParser(oneOf(schema.enum.map(String)));
  else if (schema.type === 'integer' || schema.type === 'number') option.argParser(number);
  else if (isStructured(schema)) option.argParser(json);
  else if (schema.type === 'array') option.argParser(list(schema.items ?? {}));
  return option;
}

/** An object, or a list of objects: on a command line it is JSON. */
const isStructured = ({ type, items }: JsonSchema): boolean =>
  type === 'object' || (type === 'array' && items?.type === 'object');

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message}.`);
  }
}

function placeholder(schema: JsonSchema): string {
  if (isStructured(schema)) return 'json';
  if (schema.type === 'integer' || schema.type === 'number') return 'n';
  return schema.type === 'array' ? 'a,b' : 'value';
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It is not a number.');
  return value;
}

const oneOf =
  (choices: readonly string[]) =>
  (text: string): string => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(
      `Allowed choices are ${choices.join(', ')}.${didYouMean(text, choices)}`,
    );
  };

const list =
  ({ enum: choices }: JsonSchema) =>
  (text: string): string[] => {
    const items = text.split(',').map((item) => item.trim());
    const wrong = choices && items.find((item) => !choices.includes(item));
    if (wrong !== undefined)
      throw new InvalidArgumentError(
        `"${wrong}" is none of ${choices?.join(', ')}.${didYouMean(wrong, choices?.map(String) ?? [])}`,
      );
    return items;
  };
