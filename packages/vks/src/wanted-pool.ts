import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { autoscaler } from './cluster-view.js';

const count = z.int().min(0).max(1000);
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label');

/** A disk that every machine of a pool, or of the cluster, has besides. */
export const volume = z.strictObject({
  name,
  mount_path: z.string().regex(/^\/[^\s]{0,254}$/, 'must be an absolute path'),
  capacity_gib: z.int().min(1).max(65_536),
  storage_class: z.string().max(253).optional(),
});
export type Volume = z.output<typeof volume>;

/** A pool of workers to be made. */
export const wantedPool = z.strictObject({
  name,
  replicas: count.optional(),
  autoscale: z.strictObject({ min: count, max: count }).optional(),
  class: z.string().max(253).optional(),
  vm_class: z.string().max(253).optional(),
  storage_class: z.string().max(253).optional(),
  volumes: z.array(volume).max(16).optional(),
});
export type WantedPool = z.output<typeof wantedPool>;

/** Refuses what makes no sense whatever the cluster is like. Throws INVALID_INPUT. */
export function checkPool({ name: pool, replicas, autoscale }: WantedPool): void {
  const refuse = (message: string) =>
    new Refusal(
      'INVALID_INPUT',
      `Pool ${pool}: ${message}`,
      'Give replicas, or autoscale with min and max.',
    );
  if ((replicas === undefined) === (autoscale === undefined))
    throw refuse('it needs replicas or autoscale, and not both.');
  if (autoscale && autoscale.min > autoscale.max)
    throw refuse(`autoscale.min ${autoscale.min} is more than autoscale.max ${autoscale.max}.`);
}

/** How a volume is written in the variables of a class, newer and older ones. */
export const volumeValue = (
  { name: called, mount_path, capacity_gib, storage_class }: Volume,
  usual: string,
  form: 'volumes' | 'nodePoolVolumes',
) => ({
  name: called,
  mountPath: mount_path,
  capacity: form === 'volumes' ? `${capacity_gib}Gi` : { storage: `${capacity_gib}Gi` },
  storageClass: storage_class ?? usual,
});

/** Where a class takes the disks of its machines from. */
export const volumeForm = (
  variables: readonly string[],
): 'volumes' | 'nodePoolVolumes' | undefined =>
  (['volumes', 'nodePoolVolumes'] as const).find((one) => variables.includes(one));

/** An entry of `workers.machineDeployments`, the same in v1beta1 and v1beta2. */
export function machineDeployment(
  pool: WantedPool,
  {
    workerClass,
    storageClass,
    variables,
  }: {
    readonly workerClass: string;
    readonly storageClass: string;
    readonly variables: readonly string[];
  },
): Readonly<Record<string, unknown>> {
  const { autoscale, replicas, volumes = [] } = pool;
  const form = volumeForm(variables);
  const overrides = [
    ...(pool.vm_class === undefined ? [] : [{ name: 'vmClass', value: pool.vm_class }]),
    ...(pool.storage_class === undefined
      ? []
      : [{ name: 'storageClass', value: pool.storage_class }]),
    ...(volumes.length > 0 && form
      ? [
          {
            name: form,
            value: volumes.map((one) => volumeValue(one, pool.storage_class ?? storageClass, form)),
          },
        ]
      : []),
  ];
  return {
    class: pool.class ?? workerClass,
    name: pool.name,
    ...(autoscale ? { metadata: { annotations: boundsOf(autoscale) } } : { replicas }),
    ...(overrides.length > 0 && { variables: { overrides } }),
  };
}

export const boundsOf = ({ min, max }: { readonly min: number; readonly max: number }) => ({
  [autoscaler.min]: String(min),
  [autoscaler.max]: String(max),
});

/** What a pool comes to, for people: `workers: 3 × best-effort-medium`. */
export const poolWords = ({ name: pool, replicas, autoscale, vm_class }: WantedPool): string =>
  `pool ${pool}: ${autoscale ? `${autoscale.min} to ${autoscale.max}, as an autoscaler decides` : (replicas ?? 0)}${vm_class ? ` of ${vm_class}` : ''}`;

/** Machines that a pool may come to. */
export const mostOf = ({
  replicas,
  autoscale,
}: Pick<WantedPool, 'replicas' | 'autoscale'>): number => autoscale?.max ?? replicas ?? 0;
