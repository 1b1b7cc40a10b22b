import type * as z from 'zod';
import type { Call, Caller, Consent, Problem, Progress, Target } from './call.js';
import type { Refusal } from './refusal.js';
import { clean } from './sanitize/clean.js';
import { defuse } from './sanitize/mark.js';
import { isLocal, type Tool } from './tool.js';
import type { Targets } from './toolset.js';
import { uuidv7 } from './uuid.js';

/** The inputs that every tool has and none declares, and what a surface knows about the caller. */
export interface How {
  readonly target?: string | undefined;
  readonly dryRun?: boolean;
  readonly confirmed?: boolean;
  readonly consent?: Consent | undefined;
  readonly ticket?: string | undefined;
  readonly surface: Caller['surface'];
  readonly canAsk?: boolean;
  readonly declined?: boolean;
  /** Milliseconds at most; it shortens the tool's own deadline and never lengthens it. */
  readonly timeout?: number | undefined;
  /** A person watches the answer of a read being repeated. */
  readonly watched?: boolean;
  /** The operation that this call takes back. */
  readonly undoes?: string;
  /** What of several like calls only one may do. */
  readonly once?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (step: Progress) => void;
}

/** Says which call a request is. It never throws: a request that makes no sense is a call with a problem. */
export async function callFor(
  program: string,
  found: { tool: Tool; group: string },
  raw: unknown,
  how: How,
  targets: () => Promise<Targets>,
  connect: (target: Target) => Promise<unknown>,
): Promise<Call> {
  const problems: Problem[] = [];
  const input = parse(found.tool, raw, program, problems);
  const target = await aim(targets, how.target, found.tool, input, problems);
  const problem = problems[0];
  return {
    id: uuidv7(),
    program,
    tool: found.tool,
    group: found.group,
    input,
    target,
    connect: () => connect(target),
    surface: how.surface,
    dryRun: how.dryRun ?? true,
    confirmed: how.confirmed ?? false,
    canAsk: how.canAsk ?? false,
    declined: how.declined ?? false,
    signal: how.signal ?? new AbortController().signal,
    progress: how.progress ?? (() => {}),
    ...(how.ticket === undefined ? {} : { ticket: how.ticket }),
    ...(how.timeout === undefined ? {} : { timeout: how.timeout }),
    ...(how.watched ? { watched: true } : {}),
    ...(how.undoes === undefined ? {} : { undoes: how.undoes }),
    ...(how.once === undefined ? {} : { once: how.once }),
    ...(how.consent === undefined ? {} : { consent: how.consent }),
    ...(problem === undefined ? {} : { problem }),
  };
}

const strict = new WeakMap<object, z.ZodObject>();

function parse(
  tool: Tool,
  raw: unknown,
  program: string,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  const schema = strict.get(tool) ?? tool.input.strict();
  strict.set(tool, schema);
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return Object.freeze(parsed.data);
  const said = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  const command = tool.usage.split(' ').filter((word) => !word.startsWith('<'));
  problems.push({
    code: 'INVALID_INPUT',
    message: `${tool.name}: ${said.join('; ')}`,
    remedy: `See \`${program} ${command.join(' ')} --help\` for its inputs.`,
  });
  return Object.freeze(typeof raw === 'object' && raw !== null ? { ...raw } : {});
}

const nowhere: Target = { name: '', environment: '' };

/** Tools that read our own records, and calls that read files in a target's place, need no target. */
async function aim(
  targets: () => Promise<Targets>,
  name: string | undefined,
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Promise<Target> {
  if (isLocal(tool) || tool.offline?.every((name) => input[name] !== undefined)) return nowhere;
  try {
    const { name: found, environment } = (await targets()).find(name);
    return { name: found, environment };
  } catch (error) {
    if (!(error instanceof Error && 'remedy' in error)) throw error;
    const { code, remedy, details } = error as Error & Partial<Refusal>;
    problems.push({
      code: code ?? 'UNKNOWN_TARGET',
      message: error.message,
      remedy: remedy ?? '',
      ...(details === undefined ? {} : { details }),
    });
    return { name: defuse(clean(name ?? '')), environment: '' };
  }
}
