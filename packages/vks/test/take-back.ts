import { takeBack } from '@vmware/policy/testing';
import type { VksSimulation } from '@vmware/simulators';
import { expect } from 'vitest';
import type { AnyTool, Input } from './changes.js';
import type { Lab } from './lab.js';

const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).toSorted();

/** What namespaces are configured to be and clusters are asked to be; lists whose order says nothing sorted. */
export const stateOf = ({ world, supervisors }: VksSimulation): unknown => ({
  namespaces: [...world.namespaces.values()]
    .filter(({ configStatus }) => configStatus !== 'REMOVING')
    .map(({ configStatus: _, stats: __, messages: ___, ...one }) => ({
      ...one,
      accessList: sorted(one.accessList),
      storageSpecs: sorted(one.storageSpecs),
      vmClasses: sorted(one.vmClasses),
      contentLibraries: sorted(one.contentLibraries),
    })),
  clusters: supervisors.flatMap(({ world: { kinds, store } }) =>
    store
      .list(clusterKind(kinds))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata: { namespace, name }, spec }) => ({ namespace, name, spec })),
  ),
});

type Inside = VksSimulation['supervisors'][number]['world'];

function clusterKind(kinds: Inside['kinds']) {
  const kind = kinds.named('clusters', 'cluster.x-k8s.io');
  if (!kind) throw new Error('The Supervisor serves no clusters');
  return kind;
}

function clusterIn({ sim }: Lab, name: string) {
  const { kinds, store } = sim.supervisors[0]?.world ?? {};
  const kind = kinds && clusterKind(kinds);
  const object = kind && store?.get(kind, 'dev', name);
  if (!store || !object) throw new Error(`The lab has no cluster ${name}`);
  return { kind, store, object };
}

/** Somebody else changes what a cluster of the namespace dev is asked to be: a part of its spec, as JSON. */
export function changeCluster(at: Lab, name: string, part: string, by: string): void {
  const { kind, store, object } = clusterIn(at, name);
  const before = JSON.stringify(object['spec']);
  expect(before).toContain(part);
  store.replace(kind, { ...object, spec: JSON.parse(before.replace(part, by)) });
}

/** Somebody else deletes a cluster of the namespace dev and makes the same one again, later. */
export function makeAnew(at: Lab, name: string): void {
  const { kind, store, object } = clusterIn(at, name);
  store.remove(kind, object);
  at.sim.vcenter.clock.advance(60_000);
  const { uid: _, creationTimestamp: __, ...metadata } = object.metadata;
  store.add(kind, { ...object, metadata });
}

/** Whether a change can be undone; when it can, it is, and everything is as it was before. */
export async function thereAndBack(at: Lab, tool: AnyTool, input: Input): Promise<boolean> {
  const before = stateOf(at.sim);
  const taken = await takeBack(at, tool, input as never, () =>
    expect(stateOf(at.sim)).not.toEqual(before),
  );
  if (!taken) return false;
  expect(taken.undone).toMatchObject({ status: 'done' });
  expect(stateOf(at.sim)).toEqual(before);
  return true;
}
