import { existsSync } from 'node:fs';
import { canonical, type Event } from '../../audit/event.js';
import { lastEvents } from '../../audit/query.js';
import type { Home } from '../../home.js';
import { keyedDigest } from '../../key-file.js';
import { namesOf, type ToolFacts } from '../../rules/question.js';
import type { Intent, PastCall } from '../../rules/replay.js';
import type { RuleSet } from '../../rules/rule-set.js';

export interface Past {
  readonly calls: readonly PastCall[];
  readonly intents: readonly Intent[];
  /** Decisions about tools that no installed package has. */
  readonly unknownTools: number;
}

/** A row is on disk this many milliseconds after it was ready, unless another process holds the lock of the log. */
const slack = 100;

/** The last decisions of the log, oldest first, with the intents that the rates of the rules count. */
export function pastCalls(
  home: Home,
  tools: readonly ToolFacts[],
  { rules }: RuleSet,
  { since, last }: { since: string | undefined; last: number },
): Past {
  const byName = new Map(tools.flatMap((tool) => namesOf(tool).map((name) => [name, tool])));
  const { rows, decided } = lastDecided(home, since, last);
  const durations = durationsOf(rows);
  const digest = existsSync(home.sealKey) ? keyedDigest(home) : () => '';
  return {
    calls: decided.flatMap((row) => {
      const tool = byName.get(row.tool);
      return tool ? [pastCall(row, tool, durations.get(row.op_id) ?? 0, digest)] : [];
    }),
    intents: intentsBefore(
      home,
      decided[0],
      Math.max(0, ...rules.map(({ rate }) => rate?.milliseconds ?? 0)),
    ),
    unknownTools: decided.filter(({ tool }) => !byName.has(tool)).length,
  };
}

/** Milliseconds that each call took, by operation: an intent does not say, and its outcome does. */
const durationsOf = (rows: readonly Event[]): ReadonlyMap<string, number> =>
  new Map(rows.map(({ op_id, duration_us }) => [op_id, Math.ceil(duration_us / 1_000)]));

/** Outcomes and the like stand between decisions, seldom more than one for each. */
function lastDecided(home: Home, since: string | undefined, last: number) {
  for (let looked = 2 * last + 100; ; looked *= 2) {
    const { rows, total } = lastEvents(home, { since }, looked);
    const decided = rows.filter(isDecided);
    if (decided.length >= last || rows.length >= total)
      return { rows, decided: decided.slice(-last) };
  }
}

interface Body {
  readonly args?: Readonly<Record<string, unknown>>;
  readonly plan?: { readonly total?: number };
  readonly blockers?: readonly string[];
  readonly unmeasured?: readonly string[];
  readonly by?: string;
}

/** The body of a row that went into an archive may have been dropped since. */
const bodyOf = ({ body }: Event): Body => (body === '' ? {} : (JSON.parse(body) as Body));

/** Where rules that could be read decided. What failed for another reason says nothing about them. */
function isDecided(row: Event): boolean {
  const { phase, decision, rule } = row;
  if (decision === '' || rule === 'rules_unavailable') return false;
  if (phase === 'denied') return ['rules', 'roles'].includes(bodyOf(row).by ?? '');
  return phase === 'intent' || phase === 'preview' || phase === 'read';
}

function pastCall(
  row: Event,
  tool: ToolFacts,
  duration: number,
  digest: (text: string) => string,
): PastCall {
  const body = bodyOf(row);
  const { args = {}, plan } = body;
  const end = Date.parse(row.ts);
  return {
    seq: row.seq,
    tool,
    target: { name: row.target, environment: row.environment },
    user: row.actor,
    agent: row.agent,
    args,
    exact: digest(canonical(args)) === row.args_sha,
    when: whenOf(row, body),
    ...(plan?.total === undefined ? {} : { size: plan.total }),
    from: new Date(end - duration - slack),
    to: new Date(end),
    was: { allowed: row.decision === 'allow', rule: row.rule },
  };
}

/** A plan that cannot go ahead ends the call before its size is judged; a denial does not say when it came. */
function whenOf(
  { phase }: Event,
  { plan, blockers = [], unmeasured = [] }: Body,
): PastCall['when'] {
  if (phase === 'read') return 'before';
  if (plan) return blockers.length + unmeasured.length > 0 ? 'before' : 'after';
  return phase === 'denied' ? 'either' : 'before';
}

const hour = 3_600_000;

/** Intents as far back as rates look from the start of the first call. */
function intentsBefore(home: Home, first: Event | undefined, milliseconds: number): Intent[] {
  if (!first || milliseconds === 0) return [];
  const since = new Date(Date.parse(first.ts) - milliseconds - hour).toISOString();
  return lastEvents(home, { since }, Number.MAX_SAFE_INTEGER)
    .rows.filter(({ phase }) => phase === 'intent')
    .map(({ seq, ts, actor, tool }) => ({ seq, at: Date.parse(ts), user: actor, tool }));
}
