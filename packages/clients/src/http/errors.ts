import { hushed, hushedDeep } from './secrets.js';

export interface ApiErrorOptions {
  readonly remedy: string;
  /** Sending the same request later may work. */
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  /** What became of a change: `none`, it did not happen; `unknown`, its answer was lost. */
  readonly effect?: 'none' | 'unknown';
  readonly cause?: unknown;
}

/**
 * A request that failed, written to be read: what happened where, and what to do about it. It repeats no secret
 * that is in use, even when the server did.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly effect: 'none' | 'unknown';

  constructor(code: string, message: string, options: ApiErrorOptions) {
    super(hushed(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.retryable = options.retryable ?? false;
    this.effect = options.effect ?? 'none';
    if (options.details) this.details = hushedDeep(options.details);
  }
}

/** Node's error code of a failed connection or file, `error` when it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'error';

/** The caller's signal fired: its deadline passed, or somebody cancelled. */
export function stopped(
  signal: AbortSignal,
  where: string,
  effect: 'none' | 'unknown' = 'none',
): ApiError {
  const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return new ApiError(
    late ? 'TIMEOUT' : 'CANCELLED',
    `${where} ${late ? 'did not answer before the deadline' : 'was given up: the call was cancelled'}${
      effect === 'unknown' ? '; the change had been sent and may have happened' : ''
    }`,
    {
      remedy:
        effect === 'unknown'
          ? 'Look at the object before trying again.'
          : 'Try again, with a narrower request if it was a large one.',
      retryable: effect === 'none',
      effect,
    },
  );
}
