import type { Kind } from '../kinds.js';
import { type Cause, invalid, KubeError } from '../kube-error.js';

/** What the API server makes of a refusal by a webhook: the same code, reason and details, and who said it. */
export const deniedBy = (
  webhook: string,
  { code, reason, message, details }: KubeError,
): KubeError =>
  new KubeError(
    code,
    reason,
    `admission webhook "${webhook}" denied the request: ${message}`,
    details,
  );

/** Throws 422 as a webhook does when it found faults. */
export function denyFaults(
  webhook: string,
  kind: Kind,
  name: string,
  causes: readonly Cause[],
): void {
  if (causes.length > 0) throw deniedBy(webhook, invalid(kind, name, causes));
}

/** Throws 403 as a webhook does that says no in a sentence. */
export function deny(webhook: string, why: string): never {
  throw deniedBy(webhook, new KubeError(403, 'Forbidden', why));
}
