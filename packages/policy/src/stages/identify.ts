import type { Authorities } from '../authorities.js';
import type { Stage } from '../pipeline.js';

/** Names the caller. It never refuses: an anonymous caller is still audited. */
export const identify =
  (whoami: Authorities['whoami']): Stage =>
  (call, next) =>
    next({ ...call, caller: whoami(call) });
