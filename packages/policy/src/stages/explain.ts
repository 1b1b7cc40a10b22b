import type { Outcome, Problem } from '../call.js';
import type { Stage } from '../pipeline.js';
import { redactDeep } from '../sanitize/redact.js';
import { scrub } from '../sanitize/scrub.js';

/**
 * Turns a throw into an outcome. An error with a `remedy` was written to be read, so its words pass. Any
 * other error was written for a stack trace and may quote hosts or response bodies, so only its name does.
 */
export const explain = (): Stage => async (call, next) => {
  try {
    return await next(call);
  } catch (error) {
    return { status: 'failed', ...problemOf(error) } satisfies Outcome;
  }
};

/** What may be told of an error: its words, without credentials that a target said back. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string') {
    const { code, retryable, details } = error as Error & Partial<Problem>;
    return {
      code: code ?? 'FAILED',
      message: scrub(error.message),
      remedy: scrub(error.remedy),
      ...(retryable === undefined ? {} : { retryable }),
      ...(details === undefined ? {} : { details: redactDeep(details) as typeof details }),
    };
  }
  const name = error instanceof Error ? error.name : 'UnknownError';
  return {
    code: 'INTERNAL',
    message: `${scrub(name)} in the tool.`,
    remedy:
      'This is a fault of ours: report it with the row that `vmware-audit log --last 1 -o json` shows.',
  };
}
