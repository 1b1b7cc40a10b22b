import type { AuditLog } from '../authorities.js';
import type { Call, Outcome, Problem } from '../call.js';
import { refuse } from '../call.js';
import type { Stage } from '../pipeline.js';
import { isChange } from '../toolset.js';

/**
 * One attempt, one row at its end; the intent of a change is written later, by `confirm`. A log that cannot
 * be written refuses the call before anything is asked of the target, and withholds an answer it cannot record.
 */
export const audit =
  (log: AuditLog): Stage =>
  async (call, next) => {
    if (call.tool.diagnostic) return next(call);
    try {
      await log.ready();
    } catch (error) {
      return refuse('audit', problemIn(error));
    }
    const started = performance.now();
    let seen: Call = call;
    const outcome = await next({
      ...call,
      told: (fuller) => {
        seen = fuller;
      },
    });
    try {
      await log.conclude(seen, outcome, performance.now() - started);
      return outcome;
    } catch (error) {
      return unrecorded(call, outcome, problemIn(error));
    }
  };

/** A change that happened and could not be recorded is not undone by saying that it failed. */
const unrecorded = ({ tool }: Call, outcome: Outcome, why: Problem): Outcome =>
  isChange(tool) && (outcome.status === 'done' || outcome.status === 'unknown')
    ? {
        status: 'unknown',
        ...why,
        message: `The call was carried out, but its outcome could not be recorded. ${why.message}`,
      }
    : refuse('audit', why);

const problemIn = (error: unknown): Problem => {
  const { code, message, remedy } = error as Partial<Problem>;
  return {
    code: code ?? 'AUDIT_UNAVAILABLE',
    message: remedy ? (message ?? '') : 'The audit log cannot be written.',
    remedy: remedy ?? 'Run `vmware-audit verify` and mend what it names.',
  };
};
