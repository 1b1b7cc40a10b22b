import { listAt, textAt } from './field.js';

/** One condition of a Kubernetes object. */
export interface Condition {
  readonly type: string;
  /** True, False or Unknown. */
  readonly status: string;
  readonly reason: string | null;
  readonly message: string;
  readonly since: string | null;
}

/**
 * What an object says of itself. Of a v1beta1 object with newer conditions under `status.v1beta2`, those: the old
 * ones of the same type mean something else.
 */
export function conditionsOf(object: unknown): Condition[] {
  const newer = listAt(object, 'status', 'v1beta2', 'conditions');
  const list = newer.length > 0 ? newer : listAt(object, 'status', 'conditions');
  return list.flatMap((one) => {
    const type = textAt(one, 'type');
    if (type === undefined) return [];
    return {
      type,
      status: textAt(one, 'status') ?? 'Unknown',
      reason: textAt(one, 'reason') || null,
      message: textAt(one, 'message') ?? '',
      since: textAt(one, 'lastTransitionTime') ?? null,
    };
  });
}

/** Whether a condition is true; undefined when it is unknown or not there. */
export function isTrue(
  conditions: readonly Condition[],
  ...types: readonly string[]
): boolean | undefined {
  const found = types.flatMap((type) => conditions.find((one) => one.type === type) ?? [])[0];
  return found?.status === 'True' ? true : found?.status === 'False' ? false : undefined;
}

/** Conditions of Cluster API that are good when they are False. */
const goodWhenFalse = new Set([
  'Deleting',
  'Paused',
  'Remediating',
  'RollingOut',
  'ScalingDown',
  'ScalingUp',
]);

/** Conditions that say something is wrong or not finished, as sentences. */
export const complaints = (conditions: readonly Condition[]): string[] =>
  conditions.flatMap(({ type, status, reason, message }) =>
    status === (goodWhenFalse.has(type) ? 'True' : 'False')
      ? [`${type}: ${[reason, message].filter(Boolean).join(': ') || status}`]
      : [],
  );
