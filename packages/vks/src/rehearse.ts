import { ApiError } from '@vmware/clients/http';
import type { Kube, Change as KubeChange } from '@vmware/clients/kube';

/** What the server says against a change that it looked at and did not make. */
export interface Rehearsal {
  readonly blockers: string[];
  /** Warnings it sent along. */
  readonly warnings: string[];
}

const refusals = new Set([
  'INVALID_ARGUMENT',
  'ADMISSION_DENIED',
  'QUOTA_EXCEEDED',
  'ALREADY_EXISTS',
  'BLOCKED',
]);

/**
 * Has the server check a change, admission webhooks and quotas included, without making it. What it refuses is a
 * blocker, in its words; every other error is thrown, CONFLICT for an object that changed meanwhile.
 */
export async function rehearse(
  kube: Kube,
  change: KubeChange,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const warnings: string[] = [];
  try {
    await kube.dryRun(change, { signal, onWarning: (text) => warnings.push(text) });
    return { blockers: [], warnings };
  } catch (error) {
    if (!(error instanceof ApiError) || !refusals.has(error.code)) throw error;
    const { causes, message } = (error.details ?? {}) as { causes?: unknown; message?: unknown };
    const said = Array.isArray(causes) && causes.length > 0 ? causes.join('; ') : message;
    return {
      blockers: [`${kube.label} would refuse it (${error.code}): ${String(said ?? error.message)}`],
      warnings,
    };
  }
}
