import type { Problem } from '../../call.js';

/** `{remedy, code, message, retryable, ...}`: what to do comes first. */
export const errorOf = (problem: Problem & { rule?: string; where?: string }) => ({
  remedy: problem.remedy,
  code: problem.code,
  message: problem.message,
  retryable: problem.retryable ?? false,
  ...(problem.rule ? { rule: problem.rule } : {}),
  ...(problem.where ? { where: problem.where } : {}),
  ...(problem.details === undefined ? {} : { details: problem.details }),
});
