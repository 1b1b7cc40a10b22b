import type { Authorities } from '../authorities.js';
import { refuse } from '../call.js';
import type { Stage } from '../pipeline.js';
import { denial } from './permit.js';

/** rules.yaml: denials, windows, limits. Rules about the size of a change wait until `confirm` knows it. */
export const obey =
  (rules: Authorities['rules']): Stage =>
  async (call, next) => {
    const verdict = await rules.judge(call, 'before');
    const judged = { ...call, verdict };
    call.told?.(judged);
    return verdict.allowed ? next(judged) : refuse('rules', denial(verdict));
  };
