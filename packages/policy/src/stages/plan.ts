import type { Call, Outcome } from '../call.js';
import { refuse } from '../call.js';
import type { Stage } from '../pipeline.js';
import { bodyOf, type Plan } from '../tool.js';
import { isChange } from '../toolset.js';
import { inTime } from './deadline.js';

/** Asks the tool what it would do, by looking only. A read has no plan; what is blocked or unmeasured ends here. */
export const plan = (): Stage => async (call, next) => {
  if (!isChange(call.tool)) return next(call);
  const described = await inTime(call, async (signal) => {
    const clients = await call.connect();
    const body = bodyOf(call.tool);
    if (!body.plan) throw new TypeError(`${call.tool.name} changes things and has no plan`);
    return body.plan(call.input, clients, {
      signal,
      progress: call.progress,
      plan: undefined,
      approved: [],
    });
  });
  const planned = { ...call, plan: described };
  call.told?.(planned);
  return isPossible(described) ? next(planned) : impossible(planned, described);
};

const isPossible = ({ blockers, unmeasured }: Plan): boolean =>
  blockers.length === 0 && unmeasured.length === 0;

function impossible(call: Call, { summary, blockers, unmeasured }: Plan): Outcome {
  const why = [...blockers, ...unmeasured.map((what) => `Unknown: ${what}`)];
  if (call.dryRun && call.plan)
    return {
      status: 'preview',
      plan: call.plan,
      hint: 'Nothing was changed, and this cannot go ahead: see blockers and unmeasured.',
    };
  return refuse('plan', {
    code: blockers.length > 0 ? 'BLOCKED' : 'UNMEASURED',
    message: `${summary}: ${why.join(' ')}`,
    remedy: 'Resolve what the message names, then preview again with dry_run=true.',
    details: { blockers, unmeasured },
  });
}
