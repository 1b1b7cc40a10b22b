import { ApiError } from '@vmware/clients/http';
import type { Kube } from '@vmware/clients/kube';
import type { Supervisor, Supervisors } from '@vmware/clients/wcp';

export interface Unseen {
  readonly supervisor: string;
  readonly why: string;
}

/**
 * Reads the same of every Supervisor at once, or of the one that a namespace is on. What could not be read is named;
 * when nothing could, its error is thrown.
 */
export async function everySupervisor<Row>(
  supervisors: Supervisors,
  namespace: string | undefined,
  signal: AbortSignal,
  read: (kube: Kube, on: Supervisor) => Promise<Row[]>,
): Promise<{ rows: Row[]; unseen: Unseen[] }> {
  if (namespace !== undefined) {
    const on = await supervisors.of(namespace, { signal });
    return { rows: await read(supervisors.kube(on), on), unseen: [] };
  }
  const all = await supervisors.list({ signal });
  if (all.length === 0) await supervisors.find(undefined, { signal }); // says that Workload Management is off
  const answers = await Promise.all(
    all.map(async (on) => {
      try {
        return { rows: await read(supervisors.kube(on), on) };
      } catch (error) {
        if (!(error instanceof ApiError) || signal.aborted) throw error;
        return { error, unseen: { supervisor: on.name, why: error.message } };
      }
    }),
  );
  const failed = answers.flatMap((one) => (one.error ? [one] : []));
  const [first] = failed;
  if (first?.error && failed.length === answers.length) throw first.error;
  return {
    rows: answers.flatMap(({ rows = [] }) => rows),
    unseen: failed.map(({ unseen }) => unseen),
  };
}
