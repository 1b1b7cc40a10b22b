import type { SnapshotSeed } from '@vmware/simulators';
import { expect, test } from 'vitest';
import { change, read, vmOf } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { createSnapshot } from './create-snapshot.js';
import { listSnapshots } from './list-snapshots.js';

test('takes a snapshot with its memory and tells VM, snapshot and task', async () => {
  await using vc = await lab();
  const answer = await change(vc, createSnapshot, {
    name: 'web-01',
    snapshot_name: 'before upgrade',
    description: 'kernel 6.12',
  });
  expect(answer).toEqual({
    vm_id: vmOf(vc.sim, 'web-01').id,
    vm: 'web-01',
    id: expect.stringMatching(/^snapshot-\d+$/),
    name: 'before upgrade',
    task_id: 'task-1',
  });
  expect((await read(vc, listSnapshots, { name: 'web-01' })).items).toMatchObject([
    {
      id: answer.id,
      description: 'kernel 6.12',
      state: 'poweredOn',
      quiesced: false,
      is_current: true,
    },
  ]);
});

test('leaves the memory out and quiesces when told to', async () => {
  await using vc = await lab();
  const input = { name: 'web-01', snapshot_name: 'nightly', memory: false, quiesce: true };
  expect(await vc.call(createSnapshot, input)).toMatchObject({
    plan: { changes: ['web-01: snapshot 1, without memory, quiesced'] },
  });
  await change(vc, createSnapshot, input);
  expect((await read(vc, listSnapshots, { name: 'web-01' })).items).toMatchObject([
    { state: 'poweredOff', quiesced: true },
  ]);
});

test('says that a name is taken already, and takes it all the same', async () => {
  await using vc = await lab();
  await change(vc, createSnapshot, { name: 'web-01', snapshot_name: 'twice' });
  const preview = await vc.call(createSnapshot, { name: 'web-01', snapshot_name: 'twice' });
  expect(preview).toMatchObject({
    plan: { changes: [expect.anything(), '1 snapshot has this name already'] },
  });
  expect(
    await vc.agree(createSnapshot, { name: 'web-01', snapshot_name: 'twice' }, preview),
  ).toMatchObject({
    status: 'done',
  });
});

test('takes none of a template', async () => {
  await using vc = await lab();
  const said = await expectStopped(
    vc,
    createSnapshot,
    { name: 'windows-2022', snapshot_name: 's' },
    'BLOCKED',
  );
  expect(said.message).toContain('templates take no snapshots');
});

test('cannot quiesce a guest without VMware Tools', async () => {
  await using vc = await lab();
  const input = { name: 'appliance-01', snapshot_name: 's', quiesce: true };
  const said = await expectStopped(vc, createSnapshot, input, 'BLOCKED');
  expect(said.message).toContain('VMware Tools does not run in appliance-01');
  expect(await vc.change(createSnapshot, { ...input, quiesce: false })).toMatchObject({
    status: 'done',
  });
});

test('passes on that the tree is too deep', async () => {
  const deep = (levels: number): SnapshotSeed =>
    levels === 1
      ? { name: 'last', current: true }
      : { name: `s${levels}`, children: [deep(levels - 1)] };
  await using vc = await lab({ seed: { vms: [{ name: 'web-01', snapshots: [deep(32)] }] } });
  expect(
    await vc.change(createSnapshot, { name: 'web-01', snapshot_name: 'one more' }),
  ).toMatchObject({
    status: 'failed',
    code: 'SNAPSHOT_FAILED',
    message: expect.stringContaining('Snapshot hierarchy is too deep'),
  });
});

test('refuses a name of blanks and a description that is too long', async () => {
  await using vc = await lab();
  await expectStopped(vc, createSnapshot, { name: 'web-01', snapshot_name: ' ' }, 'INVALID_INPUT');
  const long = { name: 'web-01', snapshot_name: 's', description: 'x'.repeat(1001) };
  await expectStopped(vc, createSnapshot, long, 'INVALID_INPUT');
});

test('says that it does not know when the task was given up while it ran', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'CreateSnapshot_Task' }, then: 'taskHangs' });
  const given = new AbortController();
  const preview = await vc.call(createSnapshot, { name: 'web-01', snapshot_name: 's' });
  const outcome = vc.agree(createSnapshot, { name: 'web-01', snapshot_name: 's' }, preview, {
    signal: given.signal,
    progress: () => given.abort(),
  });
  expect(await outcome).toMatchObject({ status: 'unknown', code: 'UNKNOWN_OUTCOME' });
  expect(changesAt(vc.sim)).toHaveLength(1);
});

const input = { name: 'web-01', snapshot_name: 's' };
test('needs one unmistakable VM', () => expectOneVm(createSnapshot, { snapshot_name: 's' }));
test('waits for no VM that asks or does not answer', () => expectSteadyVm(createSnapshot, input));
test('needs its privilege and no other', () =>
  expectPrivileges(createSnapshot, input, 'VirtualMachine.State.CreateSnapshot'));
