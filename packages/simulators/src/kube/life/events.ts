import { createHash } from 'node:crypto';
import type { KubeObject } from '../object.js';
import { stamp } from '../store.js';
import { plant, type World } from '../world.js';

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly source?: string;
}

/** Letters that look random and are the same in every run. */
export const letters = (seed: string, length = 5): string => {
  let text = '';
  for (const byte of createHash('sha256').update(seed).digest().subarray(0, length))
    text += 'bcdfghjklmnpqrstvwxz2456789'[byte % 27];
  return text;
};

/** Records an event about an object, once for the same words. */
export function record(
  world: Pick<World, 'kinds' | 'store'>,
  about: KubeObject,
  { type, reason, message, count = 1, source = 'cluster-controller' }: Happening,
  now: Date,
): void {
  const { namespace = 'default', name, uid } = about.metadata;
  const id = `${name}.${letters(`${uid}${reason}${message}`, 16)}`;
  if (world.store.get(world.kinds.named('events'), namespace, id)) return;
  plant(
    world,
    ['events'],
    { name: id, namespace, creationTimestamp: stamp(now) },
    {
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
      type,
      reason,
      message,
      count,
      source: { component: source },
      firstTimestamp: stamp(now),
      lastTimestamp: stamp(now),
    },
  );
}
