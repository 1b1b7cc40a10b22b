import { expect, test } from 'vitest';
import { change, read, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { createSnapshot } from './create-snapshot.js';
import { deleteSnapshot } from './delete-snapshot.js';
import { listSnapshots } from './list-snapshots.js';

const db = '/Lab/vm/prod/data/db-01';

test('deletes one snapshot, and those below it move up', async () => {
  await using vc = await lab();
  const [nightly] = (await read(vc, listSnapshots, { name: db })).items;
  expect(await change(vc, deleteSnapshot, { name: db, snapshot_name: 'nightly' })).toEqual({
    vm_id: vmOf(vc.sim, 'db-01').id,
    vm: 'db-01',
    id: nightly?.id,
    name: 'nightly',
    deleted: 1,
    task_id: 'task-1',
  });
  const { items } = await read(vc, listSnapshots, { name: db });
  expect(items.map(({ path }) => path)).toEqual(['before patch', 'abandoned']);
});

test('deletes those below it too when told to, and counts them', async () => {
  await using vc = await lab();
  const input = { name: db, snapshot_name: 'nightly', remove_children: true };
  expect(await vc.call(deleteSnapshot, input)).toMatchObject({
    plan: {
      summary: 'Delete snapshot nightly of db-01 and 2 below it',
      blast_radius: { total: 3, reversible: false },
    },
  });
  expect(await change(vc, deleteSnapshot, input)).toMatchObject({ deleted: 3 });
  expect((await read(vc, listSnapshots, { name: db })).items).toEqual([]);
});

test('deletes the one of several that was meant, by path', async () => {
  await using vc = await lab();
  for (let n = 0; n < 3; n += 1)
    await change(vc, createSnapshot, { name: 'web-01', snapshot_name: 'same' });
  const { items } = await read(vc, listSnapshots, { name: 'web-01' });
  await expectStopped(vc, deleteSnapshot, { name: 'web-01', snapshot_name: 'same' }, 'AMBIGUOUS');
  await change(vc, deleteSnapshot, { name: 'web-01', snapshot_name: 'same/same/same' });
  const left = (await read(vc, listSnapshots, { name: 'web-01' })).items.map(({ id }) => id);
  expect(left).toEqual(items.slice(0, 2).map(({ id }) => id));
});

test('shows a new plan when the tree has grown since the preview', async () => {
  await using vc = await lab();
  const input = { name: 'scratch-01', snapshot_name: 'clean', remove_children: true };
  const preview = await vc.call(deleteSnapshot, input);
  await change(vc, createSnapshot, { name: 'scratch-01', snapshot_name: 'new' });
  expect(await vc.agree(deleteSnapshot, input, preview)).toMatchObject({
    status: 'preview',
    plan: { blast_radius: { total: 2 } },
  });
  expect((await read(vc, listSnapshots, { name: 'scratch-01' })).total).toBe(2);
});

test('passes on what vCenter says when somebody else deleted it first', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'scratch-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.change(vm, { snapshots: [] }));
  expect(
    await vc.change(deleteSnapshot, { name: 'scratch-01', snapshot_name: 'clean' }),
  ).toMatchObject({
    status: 'failed',
    code: 'NOT_FOUND',
    message: expect.stringContaining('has already been deleted'),
  });
});

const input = { name: 'scratch-01', snapshot_name: 'clean' };
test('needs one unmistakable VM', () => expectOneVm(deleteSnapshot, { snapshot_name: 'nightly' }));
test('waits for no VM that asks or does not answer', () => expectSteadyVm(deleteSnapshot, input));
test('needs its privilege and no other', () =>
  expectPrivileges(deleteSnapshot, input, 'VirtualMachine.State.RemoveSnapshot'));
