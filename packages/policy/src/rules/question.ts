import type { Call, Caller } from '../call.js';
import type { Effect, Level, Plan } from '../tool.js';
import { nfc } from './match.js';

/** What the rules need to know about a tool. `risk` is a string because an unknown one counts as critical. */
export interface ToolFacts {
  readonly name: string;
  readonly effect: Effect;
  readonly risk: string;
  readonly level: Level;
  /** Older names that still answer. A rule that names one means this tool. */
  readonly aliases?: readonly string[] | undefined;
  /** It acts on our own records, so what the file says of targets by default is not about it. */
  readonly local?: boolean | undefined;
}

type Named = Pick<ToolFacts, 'name' | 'aliases'>;
const names = new WeakMap<Named, readonly string[]>();

/** Every name by which rules may mean a tool, in NFC. Every rule asks, so they are kept. */
export function namesOf(tool: Named): readonly string[] {
  const known = names.get(tool);
  if (known) return known;
  const { name, aliases = [] } = tool;
  const found = [name, ...aliases].map(nfc);
  names.set(tool, found);
  return found;
}

/**
 * Which tools a rate counts when this one is called, or undefined when it is not about this one. Rows of the log
 * have a tool's present name, and a rule may know it by an older one.
 */
export function coverage(
  { covers }: { readonly covers: (tool: string) => boolean },
  tool: Named,
): ((tool: string) => boolean) | undefined {
  return namesOf(tool).some(covers) ? (name) => name === tool.name || covers(name) : undefined;
}

/** One call as the rules see it. An absent or empty attribute is missing, and never simply false. */
export interface Question {
  readonly tool: ToolFacts;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: { readonly name?: string; readonly environment?: string };
  /** Names of the roles the caller has; undefined when nobody is known to ask. */
  readonly roles: readonly string[] | undefined;
  /** `before` there is a plan, rules about its size are set aside; `after`, everything is judged. */
  readonly when: 'before' | 'after';
  /** How many objects the change touches. */
  readonly size?: number;
  /** Relative change of cpu and memory. A plan that names none of them changes none of them. */
  readonly change?: { readonly cpu?: number; readonly memory?: number };
  /** Recent calls per rule id, for rules with a rate. */
  readonly rates: ReadonlyMap<string, number>;
}

/** How often one caller recently used the tools of one rule, this call not counted. */
export interface RateQuestion {
  readonly caller: Caller;
  /** Whether calls of this tool count. */
  readonly covers: (tool: string) => boolean;
  readonly since: Date;
}

export type Rate = (question: RateQuestion) => number | Promise<number>;

/** The question a call asks. An unmeasured size is missing, not zero. */
export function questionOf(
  call: Call,
  roles: readonly string[] | undefined,
  when: Question['when'],
  rates: ReadonlyMap<string, number>,
): Question {
  const { plan } = call;
  const measured = plan !== undefined && plan.unmeasured.length === 0;
  const total = plan?.blast_radius.total;
  const change = plan && changeOf(plan);
  return {
    tool: call.tool,
    input: call.input,
    target: call.target,
    roles,
    when,
    ...(measured && Number.isFinite(total) && total !== undefined ? { size: total } : {}),
    ...(change ? { change } : {}),
    rates,
  };
}

/** `change_pct: {cpu?, memory?}` of a plan, in percent of the present value. */
function changeOf(plan: Plan): Question['change'] {
  const said: unknown = Reflect.get(plan, 'change_pct');
  if (typeof said !== 'object' || said === null) return undefined;
  const percent = (key: string) => {
    const value: unknown = Reflect.get(said, key);
    return value === undefined ? {} : { [key]: Number(value) };
  };
  return { ...percent('cpu'), ...percent('memory') };
}
