import { type Command, InvalidArgumentError, Option } from 'commander';
import { type JsonSchema, ownInputs, type SurfaceTool } from '../surface.js';

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
    if (!words.includes(name)) command.addOption(optionFor(name, schema, required.has(name)));
}

/** The inputs a parsed command line gives, by the names the card uses. */
export function inputsFrom(command: Command, tool: SurfaceTool): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  positionals(tool).forEach((word, i) => {
    const value = command.processedArgs[i];
    if (value !== undefined) given[word] = value;
  });
  for (const name of Object.keys(ownInputs(tool))) {
    const value = command.getOptionValue(camel(name));
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function optionFor(name: string, schema: JsonSchema, mandatory: boolean): Option {
  const flag = `--${name.replaceAll('_', '-')}`;
  const description = schema.description ?? '';
  if (schema.type === 'boolean') {
    const off = schema.default === true;
    return new Option(off ? `--no-${flag.slice(2)}` : flag, description).default(
      undefined,
      off ? 'on' : undefined,
    );
  }
  const option = new Option(`${flag} <${placeholder(schema)}>`, description);
  if (mandatory) option.makeOptionMandatory();
  if (schema.enum) option.choices(schema.enum.map(String));
  else if (schema.type === 'integer' || schema.type === 'number') option.argParser(number);
  else if (schema.type === 'array') option.argParser(list(schema.items ?? {}));
  if (schema.default !== undefined) option.default(undefined, JSON.stringify(schema.default));
  return option;
}

const placeholder = ({ type }: JsonSchema): string =>
  type === 'integer' || type === 'number' ? 'n' : type === 'array' ? 'a,b' : 'value';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError('It is not a number.');
  return value;
}

const list =
  ({ enum: choices }: JsonSchema) =>
  (text: string): string[] => {
    const items = text.split(',').map((item) => item.trim());
    const wrong = choices && items.find((item) => !choices.includes(item));
    if (wrong !== undefined)
      throw new InvalidArgumentError(`"${wrong}" is none of ${choices?.join(', ')}.`);
    return items;
  };

/** What commander calls the value of `--new-name`. */
const camel = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, c: string) => c.toUpperCase());
