import type { Authorities } from '../authorities.js';
import { refuse, type Verdict } from '../call.js';
import type { Stage } from '../pipeline.js';

/** A request that makes no sense is refused to everybody; one that does, to callers without its level. */
export const permit =
  (roles: Authorities['roles']): Stage =>
  async (call, next) => {
    if (call.problem) return refuse('input', call.problem);
    const verdict = await roles.allow(call);
    if (verdict.allowed) return next(call);
    call.told?.({ ...call, verdict });
    return refuse('roles', denial(verdict));
  };

/** A verdict's words as a refusal. */
export const denial = ({ code, rule, where, reason, remedy, details }: Verdict) => ({
  code: code ?? 'DENIED',
  message: reason,
  remedy,
  rule,
  ...(where === undefined ? {} : { where }),
  ...(details === undefined ? {} : { details }),
});
