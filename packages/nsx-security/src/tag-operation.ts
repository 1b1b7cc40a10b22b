import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@vmware/clients/http';
import type { Place } from './objects.js';

interface ResourceStatus {
  readonly resource_id?: string;
  readonly tag_status?: string;
  readonly details?: string;
}
interface TypeStatus {
  readonly resource_tag_status?: readonly ResourceStatus[];
}
interface OperationStatus {
  readonly status?: string;
  readonly apply_to?: readonly TypeStatus[];
  readonly remove_from?: readonly TypeStatus[];
}

export interface TagOutcome {
  readonly operation_id: string;
  readonly status: string;
  readonly tagged: number;
  readonly untagged: number;
  readonly failed: { readonly vm_id: string; readonly message: string }[];
}

/**
 * Waits until NSX has carried out a tag operation (GET …/tag-operations/{id}/status). One that still runs when
 * the call's time is over ends as unknown, as any change does.
 */
export async function awaitTagOperation(
  { nsx, signal }: Place,
  target: string,
): Promise<TagOutcome> {
  for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
    const now = await nsx.get<OperationStatus>(`${target}/status`, { signal });
    const status = (now.status ?? 'UNKNOWN').toUpperCase();
    if (status !== 'RUNNING' && status !== 'PENDING') return outcomeOf(target, status, now);
    await sleep(pause, undefined, { signal }).catch(() => {
      throw new ApiError('TIMEOUT', 'NSX still carries the tag operation out', {
        remedy: 'Look at the tags of the VMs before trying again.',
        effect: 'unknown',
      });
    });
  }
}

function outcomeOf(target: string, status: string, now: OperationStatus): TagOutcome {
  const all = (kinds: readonly TypeStatus[] = []) =>
    kinds.flatMap(({ resource_tag_status = [] }) => resource_tag_status);
  const isDone = ({ tag_status = '' }: ResourceStatus) => /^success$/i.test(tag_status);
  const applied = all(now.apply_to);
  const removed = all(now.remove_from);
  return {
    operation_id: target.slice(target.lastIndexOf('/') + 1),
    status,
    tagged: applied.filter(isDone).length,
    untagged: removed.filter(isDone).length,
    failed: [...applied, ...removed]
      .filter((one) => !isDone(one))
      .map(({ resource_id = '', details, tag_status }) => ({
        vm_id: resource_id,
        message: details ?? tag_status ?? 'unknown',
      })),
  };
}
