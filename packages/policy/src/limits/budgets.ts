import type { Rules } from '../authorities.js';
import type { Call, Verdict } from '../call.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { Budget, Budgets } from '../rules/settings.js';
import { isChange } from '../toolset.js';

/** What a caller has used up in a span of time, in every process of theirs. */
export interface Used {
  readonly calls: number;
  readonly changes: number;
  /** Objects that those changes touch. */
  readonly objects: number;
  readonly seconds: number;
}

/** What the audit log knows of a caller's calls. Either throws AUDIT_UNAVAILABLE. */
export interface Usage {
  used(user: string, since: Date): Used;
  /** How often this very call was made: same tool, target and input. */
  repeats(call: Call, user: string, since: Date): number;
}

interface BudgetOptions {
  readonly usage: Usage;
  readonly rules: () => Promise<RuleSet>;
  readonly env: NodeJS.ProcessEnv;
  /** How often the same call may be repeated where the rules do not say. */
  readonly runaway?: Budget | undefined;
  readonly now?: () => number;
}

/** A loop of an agent that has lost its way; nobody needs the same answer so often. */
export const packagedRunaway: Budget = { max: 25, milliseconds: 120_000 };

/**
 * The rules, and beyond them what a caller may use up: budgets of rules.yaml, the family's variables where they
 * are tighter, and a breaker for a call that is made again and again. Counted in the audit log, so that a new
 * process does not begin anew.
 */
export function rulesWithinBudgets(
  rules: Rules,
  {
    usage,
    rules: current,
    env,
    runaway: packaged = packagedRunaway,
    now = Date.now,
  }: BudgetOptions,
): Rules {
  const over = async (call: Call, when: 'before' | 'after'): Promise<Verdict | undefined> => {
    const user = call.caller?.user ?? '';
    const since = ({ milliseconds }: Budget) => new Date(now() - milliseconds);
    const { budgets = {}, runaway } = await current();
    if (when === 'before' && !call.watched)
      for (const limit of both(runaway ?? packaged, runawayOf(env))) {
        const repeats = usage.repeats(call, user, since(limit));
        if (repeats >= limit.max) return runsAway(call, repeats, limit);
      }
    for (const [what, budget] of limitsAt(when, call, budgets, env)) {
      const used = usage.used(user, since(budget))[what];
      if (used + needOf(call, what) > budget.max) return spent(call, what, used, budget);
    }
    return undefined;
  };
  return {
    async judge(call, when) {
      const verdict = await rules.judge(call, when);
      if (!verdict.allowed || call.tool.diagnostic) return verdict;
      const refusal = await over(call, when);
      return refusal ? { ...verdict, ...refusal } : verdict;
    },
  };
}

type Kind = keyof Used;

/** What this call would use at least. How long it takes nobody knows before: a microsecond, as the log counts. */
function needOf({ plan }: Call, what: Kind): number {
  if (what === 'seconds') return 1e-6;
  return what === 'objects' ? (plan?.blast_radius.total ?? 0) : 1;
}

/** The budgets to look at: calls and time before anything is asked, changes and objects when the plan is known. */
function limitsAt(
  when: 'before' | 'after',
  call: Call,
  { calls, changes, objects, seconds }: Budgets,
  env: NodeJS.ProcessEnv,
): [Kind, Budget][] {
  const of = (kind: Kind, ...budgets: (Budget | undefined)[]) =>
    both(...budgets).map((budget): [Kind, Budget] => [kind, budget]);
  if (when === 'before')
    return [
      ...of('calls', calls, fromEnvironment(env, 'MAX_TOOL_CALLS')),
      ...of('seconds', seconds, fromEnvironment(env, 'MAX_TOOL_SECONDS')),
    ];
  const isPreview = call.dryRun || !isChange(call.tool);
  return isPreview ? [] : [...of('changes', changes), ...of('objects', objects)];
}

/** Every limit that there is holds: of two with other spans neither is always the tighter. */
const both = (...limits: (Budget | undefined)[]): Budget[] =>
  limits.filter((limit) => limit !== undefined);

const day = 86_400_000;

/** `VMWARE_MAX_TOOL_CALLS=200`, or `OPS_…` as the Python family also has it: for a day. It only narrows. */
function fromEnvironment(env: NodeJS.ProcessEnv, name: string): Budget | undefined {
  const max = numberIn(env, name);
  return max === undefined ? undefined : { max, milliseconds: day };
}

/** The family's variables for the breaker. 0, which switched it off there, is not heard. */
function runawayOf(env: NodeJS.ProcessEnv): Budget | undefined {
  const max = numberIn(env, 'RUNAWAY_MAX');
  const seconds = numberIn(env, 'RUNAWAY_WINDOW_SEC') ?? packagedRunaway.milliseconds / 1000;
  return max === undefined || max < 2 ? undefined : { max, milliseconds: seconds * 1000 };
}

function numberIn(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const value = Number(env[`OPS_${name}`] ?? env[`VMWARE_${name}`] ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

const span = ({ milliseconds }: Budget): string => {
  const units: readonly [number, string][] = [
    [day, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  const [size, name] = units.find(([size]) => milliseconds % size === 0) ?? [1, 'ms'];
  return `${milliseconds / size} ${name}`;
};

const spent = (call: Call, what: Kind, used: number, budget: Budget): Verdict => ({
  allowed: false,
  rule: `budget.${what}`,
  code: 'BUDGET_SPENT',
  reason: `${call.caller?.user ?? 'The caller'} may use ${budget.max} ${what} in ${span(budget)}, and has used ${Math.round(used)}. Nothing was sent.`,
  remedy:
    'Run `vmware-audit stats` to see what used it up; a budget of rules.yaml can be raised there.',
  details: {
    budget: what,
    used: Math.round(used),
    max: budget.max,
    per_seconds: budget.milliseconds / 1000,
  },
});

const runsAway = (call: Call, repeats: number, limit: Budget): Verdict => ({
  allowed: false,
  rule: 'runaway',
  code: 'RUNAWAY',
  reason: `${call.tool.name} was called with the same input ${repeats} times in ${span(limit)}: that looks like a loop. Nothing was sent.`,
  remedy: `Stop repeating it and use what it answered; it is allowed again when fewer than ${limit.max} calls are younger than ${span(limit)}.`,
  details: { repeats, max: limit.max, per_seconds: limit.milliseconds / 1000 },
});
