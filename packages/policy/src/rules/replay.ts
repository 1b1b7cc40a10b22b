import { type Explanation, explain } from './explain.js';
import { anyGlob } from './match.js';
import { coverage, namesOf, type ToolFacts } from './question.js';
import type { Rule, RuleSet } from './rule-set.js';

/** A decision of the past, with as much of its question as was written down. */
export interface PastCall {
  readonly seq: number;
  readonly tool: ToolFacts;
  readonly target: { readonly name: string; readonly environment: string };
  readonly user: string;
  readonly agent: string;
  /** Arguments as written down. `exact` is false when something was redacted or cut before. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly exact: boolean;
  /** `either`: it is not known whether there was a plan. */
  readonly when: 'before' | 'after' | 'either';
  /** Objects that the plan touched, where that was written down. */
  readonly size?: number;
  /** It was decided between these two. */
  readonly from: Date;
  readonly to: Date;
  readonly was: { readonly allowed: boolean; readonly rule: string };
}

/** A change that was intended, for rules with a rate. */
export interface Intent {
  readonly seq: number;
  readonly at: number;
  readonly user: string;
  readonly tool: string;
}

export interface Replayed {
  readonly past: PastCall;
  readonly becomes: Pick<Explanation, 'allowed' | 'rule' | 'where'>;
  /** What was written down does not settle the decision. */
  readonly unsure: boolean;
}

/** Judges a past call anew. `intents` are those of the log as far back as any rate of the rules looks. */
export function replay(set: RuleSet, past: PastCall, intents: readonly Intent[]): Replayed {
  const { args, target, user, agent, tool, from, to, was } = past;
  const [early, late] = ratesOf(set, past, intents);
  const answers = sizesOf(set, past).flatMap((blast_radius) =>
    [
      { now: from, rates: early },
      { now: to, rates: late },
    ].map(({ now, rates }) =>
      explain(
        set,
        {
          tool,
          with: args,
          target,
          as: { user },
          agent,
          // The log knows the agent and not the surface; a terminal calls itself so.
          surface: agent === 'cli' ? 'cli' : 'mcp',
          ...(blast_radius === undefined ? {} : { blast_radius }),
          rates,
        },
        now,
      ),
    ),
  );
  const [first, ...rest] = answers;
  if (!first) throw new TypeError('A call has at least one size, known or not');
  // Where more than one answer may be right, what was said then is.
  const again = answers.find((one) => one.allowed === was.allowed && one.rule === was.rule);
  const { allowed, rule, where } = overruled(past, again ?? first);
  return {
    past,
    becomes: { allowed, rule, ...(where === undefined ? {} : { where }) },
    unsure: rest.some((other) => other.allowed !== first.allowed) || isAskedOfLost(set, past),
  };
}

/** A grant sets aside what rules forbid, whichever rules those are, and no missing level. */
function overruled({ was }: PastCall, said: Explanation): Replayed['becomes'] {
  const isGranted = was.allowed && was.rule.startsWith('break-glass:');
  return isGranted && !said.allowed && said.rule !== 'roles'
    ? { allowed: true, rule: was.rule }
    : said;
}

/**
 * The sizes to try: undefined is before there is a plan, NaN one that is not known. Between them every size
 * decides alike if they do. How far cpu and memory changed is never written down.
 */
function sizesOf(
  { rules }: RuleSet,
  { when, size = Number.NaN }: PastCall,
): (number | undefined)[] {
  if (when === 'before') return [undefined];
  const asksForChange = rules.some((rule) => rule.when?.change || rule.unless?.change);
  return when === 'either' || asksForChange ? [undefined, size] : [size];
}

/** Fewest and most calls that may have counted for each rule with a rate. */
function ratesOf(
  { rules }: RuleSet,
  { seq, user, tool, from, to }: PastCall,
  intents: readonly Intent[],
) {
  const early = new Map<string, number>();
  const late = new Map<string, number>();
  for (const { id, rate } of rules) {
    const covers = rate && coverage(rate, tool);
    if (!covers) continue;
    const counted = intents.filter((one) => one.seq < seq && one.user === user && covers(one.tool));
    const within = (since: number, until: number) =>
      counted.filter(({ at }) => since <= at && at <= until).length;
    early.set(id, within(to.getTime() - rate.milliseconds, from.getTime()));
    late.set(id, within(from.getTime() - rate.milliseconds, to.getTime()));
  }
  return [early, late] as const;
}

/** Whether a rule that may mean this tool asks for an argument that was redacted, or may have been changed. */
function isAskedOfLost({ rules }: RuleSet, { tool, args, exact }: PastCall): boolean {
  if (exact) return false;
  const isStarred = (value: unknown) => JSON.stringify(value)?.includes('***') ?? false;
  const anyStars = isStarred(args);
  return rules.some(
    (rule) =>
      namesOf(tool).some(anyGlob(rule.tools ?? ['*'])) &&
      askedBy(rule).some((name) => !anyStars || isStarred(args[name])),
  );
}

/** The arguments that a rule asks for, without the fields in them. */
const askedBy = ({ when, unless }: Rule): string[] =>
  [when, unless].flatMap((part) =>
    Object.keys(part?.args ?? {}).map((path) => path.split('.')[0] ?? path),
  );
