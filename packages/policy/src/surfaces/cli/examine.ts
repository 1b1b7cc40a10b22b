import { problemOf } from '../../stages/explain.js';
import type { Check, Finding } from './local.js';

/** Runs checks one after another; one that throws has failed, with what it said. */
export async function examine(checks: readonly Check[]): Promise<({ check: string } & Finding)[]> {
  const findings: ({ check: string } & Finding)[] = [];
  for (const { name, run } of checks) {
    try {
      findings.push({ check: name, ...(await run()) });
    } catch (error) {
      const { message, remedy } = problemOf(error);
      findings.push({ check: name, state: 'fail', detail: message, remedy });
    }
  }
  return findings;
}
