import type { Outcome } from '../call.js';
import type { Stage } from '../pipeline.js';
import { longLimit } from '../sanitize/clean.js';
import { longNames } from '../sanitize/long.js';
import { cleanDeep } from '../sanitize/mark.js';

/** Nothing that came out of an inventory leaves as it was: output, plans, messages and progress alike. */
export const sanitize = (): Stage => async (call, next) => {
  const progress: typeof call.progress = (step) => call.progress(cleanDeep(step) as typeof step);
  const outcome = await next({ ...call, progress });
  const limits =
    outcome.status === 'preview' || outcome.status === 'question'
      ? new Map([['requests', call.surface === 'cli' ? wholeRequest : longLimit]])
      : longNames(call.tool);
  return cleanDeep(outcome, limits) as Outcome;
};

/** A person who asks what would be sent is shown all of it; a model is shown enough to recognise it. */
const wholeRequest = 1_000_000;
