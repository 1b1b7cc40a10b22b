/** An error written to be read: what is wrong, and the one thing to do about it. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  constructor(
    code: string,
    message: string,
    remedy: string,
    details?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    this.details = details;
  }
}

/** No audit, no call. */
export const auditUnavailable = (why: string): Refusal =>
  new Refusal(
    'AUDIT_UNAVAILABLE',
    `The audit log cannot be written: ${why}`,
    'Run `vmware-audit verify` and mend what it names; calls are refused until a row can be written.',
  );
