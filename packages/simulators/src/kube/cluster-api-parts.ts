import { durationOf, secondsOf } from './duration.js';
import { isJson, type Json, objectAt, present } from './object.js';

// What kinds of Cluster API have in common, between v1beta2, as 1.11 keeps its objects, and v1beta1.

const timeouts = ['nodeDrainTimeout', 'nodeVolumeDetachTimeout', 'nodeDeletionTimeout'] as const;

/** Undefined instead of an object without fields. */
export const filled = (fields: Json): Json | undefined => {
  const kept = present(fields);
  return Object.keys(kept).length > 0 ? kept : undefined;
};

/** What v1beta2 moved into `deletion`, `healthCheck` and `rollout`, where v1beta1 has it. */
export function machinesDown({ deletion, healthCheck, rollout, ...rest }: Json): Json {
  const seconds = timeouts.map((name) => [name, objectAt(deletion)[`${name}Seconds`]] as const);
  const strategy = objectAt(rollout, 'strategy');
  const order = objectAt(deletion)['order'];
  const rolling = filled({ ...objectAt(strategy, 'rollingUpdate'), deletePolicy: order });
  return present({
    ...rest,
    ...Object.fromEntries(
      seconds.flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, durationOf(value)]] : [],
      ),
    ),
    machineHealthCheck:
      isJson(healthCheck) && 'enabled' in healthCheck
        ? { enable: healthCheck['enabled'] }
        : undefined,
    strategy: filled({ type: strategy['type'], rollingUpdate: rolling }),
  });
}

export function machinesUp(machines: Json): Json {
  const { machineHealthCheck, strategy, metadata, variables, ...others } = machines;
  const rest: Record<string, unknown> = { ...others };
  const deletion: Record<string, unknown> = {
    order: objectAt(strategy, 'rollingUpdate')['deletePolicy'],
  };
  for (const name of timeouts) {
    const text = rest[name];
    delete rest[name];
    if (typeof text === 'string') deletion[`${name}Seconds`] = secondsOf(text);
  }
  const { deletePolicy: _, ...rolling } = objectAt(strategy, 'rollingUpdate');
  const type = objectAt(strategy)['type'];
  return present({
    ...rest,
    metadata: filled(objectAt(metadata)),
    variables: filled(objectAt(variables)),
    deletion: filled(deletion),
    healthCheck: filled({ enabled: objectAt(machineHealthCheck)['enable'] }),
    rollout: filled({
      strategy: type ? { type, ...present({ rollingUpdate: filled(rolling) }) } : undefined,
    }),
  });
}

/** Conditions of both kinds at their places in v1beta1. */
export function conditionsDown(status: Json): Json {
  const { conditions, deprecated, ...rest } = status;
  return present({
    ...rest,
    conditions: objectAt(deprecated, 'v1beta1')['conditions'],
    v1beta2: filled({ conditions }),
  });
}

export function conditionsUp(status: Json): Json {
  const { conditions, v1beta2, ...rest } = status;
  return present({
    ...rest,
    conditions: objectAt(v1beta2)['conditions'],
    deprecated: filled({ v1beta1: filled({ conditions }) }),
  });
}

/** `{apiGroup, kind, name}` as v1beta1 has it, which names a version and a namespace. */
export const refDown = (ref: unknown, namespace: string | undefined): Json | undefined =>
  isJson(ref)
    ? present({
        apiVersion: `${ref['apiGroup']}/v1beta1`,
        kind: ref['kind'],
        name: ref['name'],
        namespace,
      })
    : undefined;

export const refUp = (ref: unknown): Json | undefined =>
  isJson(ref)
    ? present({
        apiGroup: String(ref['apiVersion'] ?? '').split('/')[0],
        kind: ref['kind'],
        name: ref['name'],
      })
    : undefined;
