/** A mistake in what the user configured: where it is, and the command or file that mends it. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code: string;
  readonly remedy: string;
  readonly retryable = false;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    remedy: string,
    details?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    if (details) this.details = details;
  }
}
