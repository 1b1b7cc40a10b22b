import { isJson, type Json, listAt } from '../object.js';
import { stamp } from '../store.js';

/** A condition to be: `True` when it is a boolean that holds. */
export interface Condition {
  readonly type: string;
  readonly status: boolean | 'Unknown';
  readonly reason: string;
  readonly message?: string;
}

const statusOf = ({ status }: Condition): string =>
  status === 'Unknown' ? 'Unknown' : status ? 'True' : 'False';

/** Conditions as Kubernetes has them; one that says what it said keeps its time. */
export function conditionsAt(
  wanted: readonly Condition[],
  before: Json | undefined,
  now: Date,
): Json[] {
  const earlier = new Map(listAt(before, 'conditions').map((old) => [old['type'], old]));
  return wanted.map((condition) => {
    const status = statusOf(condition);
    const old = earlier.get(condition.type);
    const since = isJson(old) && old['status'] === status ? old['lastTransitionTime'] : undefined;
    return {
      type: condition.type,
      status,
      reason: condition.reason,
      message: condition.message ?? '',
      lastTransitionTime: since ?? stamp(now),
    };
  });
}

/** Conditions as Cluster API had them before v1beta2: only what is not True says why. */
export function oldConditionsAt(
  wanted: readonly Condition[],
  before: Json | undefined,
  now: Date,
): Json[] {
  return conditionsAt(wanted, before, now).map(({ reason, message, ...condition }) =>
    condition['status'] === 'True'
      ? condition
      : { ...condition, severity: 'Info', reason, ...(message !== '' && { message }) },
  );
}
