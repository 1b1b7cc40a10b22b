import { type Command, InvalidArgumentError, Option } from 'commander';
import { ownInputs, type SurfaceTool } from '../surface.js';
import { camel, flagOf } from './flags.js';
import { formats } from './render.js';

/** The flag of every command that has targets. */
export const configOption = ['-c, --config <file>', 'config.yaml of the targets'] as const;

/** What every command has besides the inputs of its tool. */
export interface CallOptions {
  readonly target?: string;
  readonly output: string;
  /** Whether the format was asked for, or is the command's own. */
  readonly isAsked: boolean;
  readonly json: boolean;
  readonly headers: boolean;
  readonly quiet: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly watch: boolean;
  readonly follow: boolean;
  /** Seconds between two looks. */
  readonly interval: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly confirm?: string;
  readonly ticket?: string;
}

const defaultInterval = 2;

/** Adds the flags. An input of the tool whose flag has the same name takes its place: `tkc wait --timeout`. */
export function addCallOptions(command: Command, tool: SurfaceTool): void {
  const taken = new Set(command.options.map(({ long }) => long));
  const add = (option: Option) => {
    if (!taken.has(option.long)) command.addOption(option);
  };
  if (!tool.local) {
    add(new Option('-t, --target <name>', 'configured target'));
    add(new Option(...configOption));
  }
  if (tool.effect !== 'read') for (const option of consent(tool)) add(option);
  for (const option of outputOptions(tool.format)) add(option);
  add(new Option('--no-headers', 'no column headings in tables and CSV'));
  add(new Option('--timeout <s>', 'give up after so many seconds').argParser(positive));
  add(new Option('-q, --quiet', 'show no progress'));
  if (tool.effect !== 'read') return;
  if (tool.follows) add(new Option('-f, --follow', 'go on with what is new until Ctrl-C'));
  add(new Option('-w, --watch', 'look again and again until Ctrl-C'));
  add(
    new Option('--interval <s>', `seconds between two looks (default: ${defaultInterval})`)
      .argParser(atLeastOne)
      .implies({ watch: true }),
  );
}

/** The flags of a command that prints something but calls no tool. */
export const outputOptions = (format: string): Option[] => [
  new Option('-o, --output <format>', formats.join('|')).default(format).argParser(knownFormat),
  new Option('--json', 'same as -o json'),
];

function consent({ listing }: SurfaceTool): Option[] {
  const always = [
    new Option('--dry-run', 'show the plan and stop'),
    new Option('-y, --yes', 'agree to the plan without being asked'),
    // What the Python programs call it; what destroys still wants its name.
    new Option('--apply', 'the same as --yes').hideHelp(),
    new Option('--ticket <id>', 'the ticket that the change belongs to'),
  ];
  return listing.annotations.destructiveHint
    ? [...always, new Option('--confirm <name>', 'with --yes: the name of what may go')]
    : always;
}

/** What a parsed command line says of the call, as opposed to the inputs of its tool. */
export function callOptions(command: Command, tool: SurfaceTool): CallOptions {
  const own = new Set(Object.keys(ownInputs(tool)).map((name) => camel(flagOf(tool, name))));
  const said = (key: string) => (own.has(key) ? undefined : command.getOptionValue(key));
  const target: string | undefined = said('target');
  const confirm: string | undefined = said('confirm');
  const ticket: string | undefined = said('ticket');
  const seconds: number | undefined = said('timeout');
  return {
    output: said('output') ?? tool.format,
    isAsked: command.getOptionValueSource('output') !== 'default',
    json: said('json') ?? false,
    headers: said('headers') ?? true,
    quiet: said('quiet') ?? false,
    watch: said('watch') ?? false,
    follow: said('follow') ?? false,
    interval: said('interval') ?? defaultInterval,
    dryRun: said('dryRun') ?? false,
    yes: said('yes') ?? said('apply') ?? false,
    ...(target === undefined ? {} : { target }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(seconds === undefined ? {} : { timeout: seconds * 1000 }),
  };
}

/** A format nobody knows is refused before anything is asked of a target. */
function knownFormat(format: string): string {
  if (format.startsWith('jsonpath=') || (formats as readonly string[]).includes(format))
    return format;
  throw new InvalidArgumentError(`Use one of ${formats.join(', ')}.`);
}

function positive(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('It is not a number of seconds above 0.');
}

function atLeastOne(text: string): number {
  if (Number(text) >= 1) return positive(text);
  throw new InvalidArgumentError('It is not a number of seconds from 1 up.');
}
