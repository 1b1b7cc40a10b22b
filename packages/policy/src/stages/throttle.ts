import type { Authorities } from '../authorities.js';
import { refuse } from '../call.js';
import type { Stage } from '../pipeline.js';
import { denial } from './permit.js';

/** Limits per caller and target. Before anyone is asked, so that nobody approves in vain. */
export const throttle =
  (limits: Authorities['limits']): Stage =>
  async (call, next) => {
    const verdict = limits.take(call);
    if (!verdict.allowed) return refuse('limits', denial(verdict));
    try {
      return await next(call);
    } finally {
      verdict.release?.();
    }
  };
