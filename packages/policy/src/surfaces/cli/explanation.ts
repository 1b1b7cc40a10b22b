import { userInfo } from 'node:os';
import { type Home, homeOf } from '../../home.js';
import { explain } from '../../rules/explain.js';
import { rulesText } from '../../tools/rules/rules-file.js';
import { type JsonSchema, ownInputs, type SurfaceTool } from '../surface.js';
import { flagOf, positionals } from './flags.js';

/** What a command needs and does. `null` is what is not known or does not apply. */
export interface Explanation {
  readonly command: string;
  readonly tool: string;
  readonly summary: string;
  readonly effect: string;
  readonly risk: string;
  readonly level: string;
  /** Of the target's account, as the target names them. */
  readonly privileges: readonly string[];
  readonly inputs: readonly Input[];
  readonly outputs: readonly { readonly field: string; readonly type: string }[];
  readonly rules: InForce;
  readonly examples: readonly string[];
}

interface Input {
  /** As it is written: `<name>`, `--power-state`. */
  readonly written: string;
  readonly input: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: unknown;
  readonly choices: readonly unknown[] | null;
  readonly description: string;
}

/** What the rules that hold now say of the command before there is a plan: rules about its size come later. */
interface InForce {
  readonly source: string;
  readonly environment: string | null;
  readonly allowed: boolean;
  readonly rule: string;
  readonly reason: string;
  /** The least consent a change needs; a plan may need more. */
  readonly consent: string | null;
}

/** Explains a tool to the user of this machine, on targets with this environment label. */
export async function explanationOf(
  program: string,
  tool: SurfaceTool,
  environment: string | undefined,
  home: Home = homeOf(),
): Promise<Explanation> {
  const { listing, usage, effect, risk, level, privileges, examples } = tool;
  return {
    command: `${program} ${usage}`,
    tool: listing.name,
    summary: listing.description,
    effect,
    risk,
    level,
    privileges,
    inputs: inputsOf(tool),
    outputs: outputsOf(listing.outputSchema),
    rules: await inForce(tool, environment, home),
    examples: examples.map((line) => `${program} ${line}`),
  };
}

function inputsOf(tool: SurfaceTool): Input[] {
  const words = positionals(tool);
  const required = new Set(tool.listing.inputSchema.required ?? []);
  return Object.entries(ownInputs(tool))
    .map(([name, schema]) => ({
      written: words.includes(name) ? `<${name}>` : `--${flagOf(tool, name)}`,
      input: name,
      type: typeOf(schema),
      required: required.has(name),
      default: schema.default ?? null,
      choices: schema.enum ?? schema.items?.enum ?? null,
      description: schema.description ?? '',
    }))
    .toSorted((a, b) => Number(words.includes(b.input)) - Number(words.includes(a.input)));
}

/** What only a preview answers. */
const ofPreview = new Set(['action', 'plan', 'consent', 'expires_at', 'hint']);

function outputsOf({ properties = {} }: JsonSchema): { field: string; type: string }[] {
  const items = properties['items']?.items?.properties;
  return Object.entries(items ?? properties)
    .filter(([field]) => items || !ofPreview.has(field))
    .map(([field, schema]) => ({ field, type: typeOf(schema) }));
}

function typeOf({ type, items, enum: choices }: JsonSchema): string {
  if (type === 'array') return `list of ${items ? typeOf(items) : 'anything'}`;
  if (Array.isArray(type)) return type.join(' or ');
  return type ?? (choices ? 'string' : 'anything');
}

async function inForce(
  tool: SurfaceTool,
  environment: string | undefined,
  home: Home,
): Promise<InForce> {
  const { source, set } = await rulesText(home, undefined);
  const { listing, effect, risk, level, aliases } = tool;
  const { allowed, rule, reason, decision } = explain(
    await set(),
    {
      tool: { name: listing.name, effect, risk, level, aliases },
      as: { user: userInfo().username },
      target: environment === undefined ? {} : { environment },
    },
    new Date(),
  );
  return {
    source,
    environment: environment ?? null,
    allowed,
    rule,
    reason,
    consent: effect === 'read' ? null : decision.consent,
  };
}

/** The explanation as a person reads it. */
export function explained(all: Explanation): string {
  const { inputs, outputs, rules, privileges, examples } = all;
  const where = rules.environment ? ` on ${rules.environment}` : '';
  return sections([
    ['COMMAND', [all.command]],
    ['TOOL', [`${all.tool}: ${all.summary}`]],
    ['EFFECT', [`${all.effect}, risk ${all.risk}, for the level ${all.level} and above`]],
    ['PRIVILEGES', privileges],
    ['INPUTS', aligned(inputs.map((one) => [one.written, kindOf(one), meaningOf(one)]))],
    ['OUTPUT', aligned(outputs.map(({ field, type }) => [field, type]))],
    [
      'RULES',
      [
        `${rules.allowed ? 'allowed' : 'denied'}${where} by ${rules.rule} (${rules.source}): ${rules.reason}`,
        ...(rules.consent === null ? [] : [`consent: ${rules.consent}`]),
      ],
    ],
    ['EXAMPLES', examples],
  ]);
}

const kindOf = ({ type, required, default: otherwise }: Input): string => {
  if (required) return `${type}, required`;
  return otherwise === null ? type : `${type} = ${JSON.stringify(otherwise)}`;
};

const meaningOf = ({ description, choices }: Input): string =>
  choices ? `${description} One of ${choices.join(', ')}.`.trim() : description;

const sections = (all: readonly [string, readonly string[]][]): string =>
  all
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => `${heading}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n');

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
