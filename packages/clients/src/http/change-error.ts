import { ApiError } from './errors.js';

/** Where in a series of changes an error came, and the command that shows whether the change happened. */
export interface InSeries {
  readonly done: number;
  readonly total: number;
  readonly check: string;
}

/** The same error of a change, with what had been done before it and how to look. Any other error is as it was. */
export function changeError(error: unknown, { done, total, check }: InSeries): unknown {
  if (!(error instanceof ApiError)) return error;
  const { code, message, remedy, retryable, effect, details } = error;
  const before = done === 0 ? '' : `${done} of ${total} requests were carried out, then: `;
  return new ApiError(code, `${before}${message}`, {
    remedy: effect === 'unknown' ? `Run \`${check}\` to see whether it happened.` : remedy,
    retryable: retryable && done === 0,
    effect,
    cause: error,
    details: {
      ...details,
      ...(done > 0 && { done, total }),
      ...(effect === 'unknown' && { check }),
    },
  });
}
