import { expect, test } from 'vitest';
import { change, read, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { createSnapshot } from './create-snapshot.js';
import { listSnapshots } from './list-snapshots.js';
import { revertToSnapshot } from './revert-to-snapshot.js';

const db = '/Lab/vm/prod/data/db-01';

test('goes back to a snapshot named by its path', async () => {
  await using vc = await lab();
  const [nightly] = (await read(vc, listSnapshots, { name: db })).items;
  expect(await change(vc, revertToSnapshot, { name: db, snapshot_name: 'nightly' })).toEqual({
    vm_id: vmOf(vc.sim, 'db-01').id,
    vm: 'db-01',
    id: nightly?.id,
    name: 'nightly',
    task_id: 'task-1',
  });
  expect(vmOf(vc.sim, 'db-01').power).toBe('poweredOff');
  expect((await read(vc, listSnapshots, { name: db })).items[0]).toMatchObject({
    is_current: true,
  });
});

test('says what is lost and which power state follows', async () => {
  await using vc = await lab();
  expect(
    await vc.call(revertToSnapshot, { name: db, snapshot_name: 'nightly/before patch' }),
  ).toMatchObject({
    plan: {
      changes: [
        expect.stringMatching(/^everything written to db-01 since \d{4}-.* is lost$/),
        expect.stringContaining('poweredOn → poweredOff'),
      ],
      blast_radius: {
        reversible: false,
        objects: [{ name: 'db-01' }, { name: 'nightly/before patch' }],
      },
    },
  });
});

test('lists the paths and ids of snapshots that share a name, and takes either', async () => {
  await using vc = await lab();
  for (let n = 0; n < 3; n += 1)
    await change(vc, createSnapshot, { name: 'web-01', snapshot_name: 'same' });
  const { items } = await read(vc, listSnapshots, { name: 'web-01' });
  const said = await expectStopped(
    vc,
    revertToSnapshot,
    { name: 'web-01', snapshot_name: 'same' },
    'AMBIGUOUS',
  );
  expect(said.message).toContain('web-01 has 3 snapshots named "same"');
  expect(said.details).toEqual({
    candidates: items.map(({ path, id, created }) => ({ path, id, created })),
  });
  for (const [at, snapshot_name] of [
    [1, 'same/same'],
    [2, items[2]?.id ?? ''],
  ] as const)
    expect(await change(vc, revertToSnapshot, { name: 'web-01', snapshot_name })).toMatchObject({
      id: items[at]?.id,
    });
});

test('names the snapshots there are when there is none of that name', async () => {
  await using vc = await lab();
  const said = await expectStopped(
    vc,
    revertToSnapshot,
    { name: db, snapshot_name: 'nigthly' },
    'NOT_FOUND',
  );
  expect(said.remedy).toContain('vmware-vsphere snapshot list');
  expect(said.details).toMatchObject({ candidates: [{ path: 'nightly' }, {}, {}] });
});

test('passes on what vCenter says when somebody else deleted it first', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'scratch-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.change(vm, { snapshots: [] }));
  expect(
    await vc.change(revertToSnapshot, { name: 'scratch-01', snapshot_name: 'clean' }),
  ).toMatchObject({
    status: 'failed',
    code: 'NOT_FOUND',
    message: expect.stringContaining('has already been deleted'),
  });
});

test('is not done by flags alone on a target of production', async () => {
  await using vc = await lab();
  const how = { target: 'prod', dryRun: false, confirmed: true };
  const outcome = await vc.call(
    revertToSnapshot,
    { name: 'scratch-01', snapshot_name: 'clean' },
    how,
  );
  expect(outcome).toMatchObject({ status: 'preview', consent: expect.any(String) });
  expect(changesAt(vc.sim)).toEqual([]);
});

const input = { name: 'scratch-01', snapshot_name: 'clean' };
test('needs one unmistakable VM', () =>
  expectOneVm(revertToSnapshot, { snapshot_name: 'nightly' }));
test('waits for no VM that asks or does not answer', () => expectSteadyVm(revertToSnapshot, input));
test('needs its privilege and no other', () =>
  expectPrivileges(revertToSnapshot, input, 'VirtualMachine.State.RevertToSnapshot'));
