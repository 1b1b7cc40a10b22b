import type { Outcome } from '../call.js';
import type { Stage } from '../pipeline.js';
import { longNames } from '../sanitize/long.js';
import { cleanDeep } from '../sanitize/mark.js';

/** Nothing that came out of an inventory leaves as it was: output, plans, messages and progress alike. */
export const sanitize = (): Stage => async (call, next) => {
  const progress: typeof call.progress = (step) => call.progress(cleanDeep(step) as typeof step);
  const outcome = await next({ ...call, progress });
  return cleanDeep(outcome, longNames(call.tool)) as Outcome;
};
