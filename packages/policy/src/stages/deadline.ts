import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Outcome } from '../call.js';
import type { Stage } from '../pipeline.js';
import { Refusal } from '../refusal.js';
import { redactDeep } from '../sanitize/redact.js';
import { scrub } from '../sanitize/scrub.js';
import { isChange } from '../toolset.js';

const defaultLimit = 60_000;

/** The tool's own time, not the person's. A change that is late may have happened. */
export const deadline = (): Stage => async (call, next) => {
  let work: Promise<Outcome> | undefined;
  try {
    return await inTime(call, (signal) => {
      work = next({ ...call, signal });
      return work;
    });
  } catch (error) {
    if (!(error instanceof Late) || !isChange(call.tool)) throw error;
    return lost(call, error.message, await lastWords(work));
  }
};

/** Milliseconds that a tool gets, once it is cut, to say how its change can be looked at. */
const grace = 100;

async function lastWords(work: Promise<Outcome> | undefined) {
  const outcome = await Promise.race([
    work?.catch(() => undefined),
    sleep(grace, undefined, { ref: false }),
  ]);
  return outcome?.status === 'unknown' ? outcome.details : undefined;
}

/** Runs work with a signal that ends at the deadline or with the caller; it is left behind when it does not listen. */
export async function inTime<T>(call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (call.signal.aborted) throw cancelled(Refusal);
  const own = call.tool.timeout ?? defaultLimit;
  const limit = Math.min(own, call.timeout ?? own);
  const cut = new AbortController();
  // Every request under way listens; Node would warn on stderr of more than ten.
  setMaxListeners(0, cut.signal);
  const late = () =>
    new Late(
      'TIMEOUT',
      `No answer within ${limit / 1000} s.`,
      `Run \`${call.program} doctor\` to see whether the target answers.`,
    );
  let end: (error: Late) => void = () => {};
  const over = new Promise<never>((_, reject) => {
    end = reject;
  });
  const stop = (error: Late) => {
    end(error);
    cut.abort(error);
  };
  const timer = setTimeout(() => stop(late()), limit);
  const abort = () => stop(cancelled(Late));
  call.signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([over, work(cut.signal)]);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', abort);
  }
}

class Late extends Refusal {}

/** As `Late` when work was under way, as a plain refusal when it never began. */
const cancelled = (Kind: typeof Refusal): Refusal =>
  new Kind('CANCELLED', 'The caller cancelled the call.', 'Call again.');

/** What is said of a change whose answer did not arrive. `details.check` is the command that shows what became of it. */
export function lost(
  call: Call,
  what: string,
  details?: Readonly<Record<string, unknown>>,
): Outcome {
  const told = details && (redactDeep(details) as typeof details);
  const look =
    typeof told?.['check'] === 'string'
      ? `Run \`${told['check']} -t ${call.target.name}\` to see whether it happened`
      : 'Look at the object';
  return {
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    message: `The change was sent and its outcome is not known. ${scrub(what)}`,
    remedy: `${look} before repeating it; \`vmware-audit show ${call.id}\` has what was sent.`,
    retryable: false,
    ...(told && { details: told }),
  };
}
