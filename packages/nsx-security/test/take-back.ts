import { takeBack } from '@vmware/policy/testing';
import type { NsxSimulation, PolicyObject } from '@vmware/simulators';
import { expect } from 'vitest';
import type { AnyTool, Input, OnSim } from './changes.js';

/** What only the manager writes, anew with every change. */
const written = /^_(revision|create_|last_modified_)|^internal_sequence_number$/;

/** A move need not give back the number that a rule had, only its place. */
const isLeftOut = (field: string, { resource_type }: PolicyObject) =>
  written.test(field) || (resource_type === 'Rule' && field === 'sequence_number');

const place = ({ parent_path, sequence_number, id }: PolicyObject): string =>
  `${parent_path} ${String(sequence_number ?? 0).padStart(9, '0')} ${id}`;

/** Lists whose order says nothing. */
const asSet = (field: string, value: unknown): unknown =>
  Array.isArray(value) && ['members', 'ip_addresses'].includes(field)
    ? value.map(String).toSorted()
    : value;

/** Every object with its fields, those of one parent in order, and the tags of the VMs. */
export const stateOf = ({ world }: NsxSimulation) => ({
  objects: [...world.objects.all()]
    .filter(({ resource_type }) => resource_type !== 'TagBulkOperation')
    .toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
    .map((object) =>
      Object.fromEntries(
        Object.entries(object)
          .filter(([field]) => !isLeftOut(field, object))
          .map(([field, value]) => [field, asSet(field, value)]),
      ),
    ),
  tags: world.fabric.vms().map(({ external_id, tags = [] }) => ({
    external_id,
    tags: tags.map(({ scope, tag }) => `${scope}|${tag}`).toSorted(),
  })),
});

/** Whether a change can be undone; when it can, it is, and everything is as it was before. */
export async function thereAndBack(nsx: OnSim, tool: AnyTool, input: Input): Promise<boolean> {
  const before = stateOf(nsx.sim);
  const taken = await takeBack(nsx, tool, input as never, () =>
    expect(stateOf(nsx.sim)).not.toEqual(before),
  );
  if (!taken) return false;
  expect(taken.undone).toMatchObject({ status: 'done' });
  expect(stateOf(nsx.sim)).toEqual(before);
  return true;
}
