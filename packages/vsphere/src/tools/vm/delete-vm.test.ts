import { expect, test } from 'vitest';
import { change, hidden, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { expectOneVm, expectPrivileges, expectSteadyVm } from '../../../test/refusals.js';
import { deleteVm } from './delete-vm.js';

test('powers a running VM off, then deletes it', async () => {
  await using vc = await lab();
  const { id } = vmOf(vc.sim, 'web-01');
  expect(await change(vc, deleteVm, { name: 'web-01' })).toEqual({
    id,
    name: 'web-01',
    state: 'deleted',
    powered_off: true,
    task_id: 'task-2',
  });
  expect(vc.sim.inventory.get(id)).toBeUndefined();
});

test.each(['ci-runner-01', 'build-cache', 'windows-2022'])(
  'deletes %s, which does not run, in one request',
  async (name) => {
    await using vc = await lab();
    const { id } = vmOf(vc.sim, name);
    expect(await change(vc, deleteVm, { name })).toMatchObject({
      powered_off: false,
      state: 'deleted',
    });
    expect(changesAt(vc.sim)).toEqual([`Destroy_Task VirtualMachine:${id}`]);
  },
);

test('tells what is lost with it', async () => {
  await using vc = await lab();
  const preview = await vc.call(deleteVm, { name: '/Lab/vm/prod/data/db-01' });
  expect(preview).toMatchObject({
    plan: {
      changes: [
        expect.stringContaining('power off'),
        expect.stringContaining('delete db-01'),
        '2 disks, 560 GB, are lost',
        '3 snapshots are lost',
      ],
      blast_radius: { total: 1, reversible: false },
    },
  });
});

test('is not done by flags alone: it takes the seal of its preview', async () => {
  await using vc = await lab();
  const outcome = await vc.call(deleteVm, { name: 'web-01' }, { dryRun: false, confirmed: true });
  expect(outcome).toMatchObject({ status: 'preview', consent: expect.any(String) });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('shows a new plan when somebody powered it off after the preview', async () => {
  await using vc = await lab();
  const preview = await vc.call(deleteVm, { name: 'web-01' });
  vc.sim.inventory.setPower(vmOf(vc.sim, 'web-01'), 'poweredOff', vc.sim.clock.now());
  expect(await vc.agree(deleteVm, { name: 'web-01' }, preview)).toMatchObject({
    status: 'preview',
    plan: { requests: [expect.stringMatching(/^Destroy_Task/)] },
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('does not touch a VM of the same name that took the place of the one that was shown', async () => {
  await using vc = await lab();
  const shown = vmOf(vc.sim, 'ci-runner-01');
  const preview = await vc.call(deleteVm, { name: 'ci-runner-01' });
  vc.sim.inventory.rename(vmOf(vc.sim, 'ci-runner-02'), 'aside');
  vc.sim.inventory.rename(shown, 'ci-runner-02');
  vc.sim.inventory.rename(vmOf(vc.sim, 'aside'), 'ci-runner-01');
  expect(await vc.agree(deleteVm, { name: 'ci-runner-01' }, preview)).toMatchObject({
    status: 'preview',
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('passes on what vCenter says when it was powered on meanwhile', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'ci-runner-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.setPower(vm, 'poweredOn', vc.sim.clock.now()));
  expect(await vc.change(deleteVm, { name: 'ci-runner-01' })).toMatchObject({
    status: 'failed',
    code: 'INVALID_POWER_STATE',
    message: expect.stringContaining('cannot be performed in the current state (Powered on)'),
  });
  expect(vc.sim.inventory.get(vm.id)).toBe(vm);
});

test('says that the VM was powered off when only the deletion failed', async () => {
  await using vc = await lab({
    users: [
      { username: 'operator', password: 'x', privileges: ['VirtualMachine.Interact.PowerOff'] },
    ],
  });
  const outcome = await vc.change(deleteVm, { name: 'web-01' });
  expect(outcome).toMatchObject({
    status: 'failed',
    code: 'NO_PERMISSION',
    message: expect.stringMatching(/web-01 was powered off.*VirtualMachine\.Inventory\.Delete/),
  });
  expect(vmOf(vc.sim, 'web-01').power).toBe('poweredOff');
});

test('leaves the outcome open when the answer to the deletion was lost, and does not ask twice', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'Destroy_Task' }, then: { drop: 'after-acting' } });
  expect(await vc.change(deleteVm, { name: 'web-01' })).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    message: expect.stringContaining('web-01 was powered off'),
  });
  expect(changesAt(vc.sim).filter((request) => request.startsWith('Destroy_Task'))).toHaveLength(1);
});

test('shows a hostile name clean in its plan', async () => {
  await using vc = await lab();
  const hostile = vc.sim.inventory.all('vm').find(({ name }) => hidden.test(name));
  const preview = await vc.call(deleteVm, { name: hostile?.id ?? '' });
  expect(preview).toMatchObject({
    status: 'preview',
    plan: { summary: expect.stringContaining('payroll') },
  });
  expect(JSON.stringify(preview)).not.toMatch(hidden);
});

test('needs one unmistakable VM', () => expectOneVm(deleteVm));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(deleteVm, { name: 'web-01' }));
test('needs its privileges and no other', () =>
  expectPrivileges(deleteVm, { name: 'ci-runner-01' }, 'VirtualMachine.Inventory.Delete'));
test('needs the privilege to power off only for a VM that runs', () =>
  expectPrivileges(deleteVm, { name: 'web-01' }, 'VirtualMachine.Interact.PowerOff'));
