import { expect, test } from 'vitest';
import { change, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { powerOn } from './power-on.js';
import { suspendVm } from './suspend-vm.js';

test('suspends a VM, and power_on resumes it', async () => {
  await using vc = await lab();
  const { id } = vmOf(vc.sim, 'web-01');
  expect(await change(vc, suspendVm, { name: 'web-01' })).toEqual({
    id,
    name: 'web-01',
    changed: true,
    power_state: 'suspended',
    task_id: 'task-1',
  });
  await change(vc, powerOn, { name: 'web-01' });
  expect(vmOf(vc.sim, 'web-01').power).toBe('poweredOn');
});

test('sends nothing to a VM that is suspended already', async () => {
  await using vc = await lab();
  expect(await change(vc, suspendVm, { name: 'build-cache' })).toMatchObject({
    changed: false,
    task_id: null,
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test.each(['ci-runner-01', 'windows-2022'])('does not suspend %s, which is off', async (name) => {
  await using vc = await lab();
  const said = await expectStopped(vc, suspendVm, { name }, 'BLOCKED');
  expect(said.message).toContain(`${name} is powered off; only a running VM can be suspended.`);
});

test('passes on what vCenter says when somebody else powered it off first', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'web-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.setPower(vm, 'poweredOff', vc.sim.clock.now()));
  expect(await vc.change(suspendVm, { name: vm.name })).toMatchObject({
    status: 'failed',
    code: 'INVALID_POWER_STATE',
    message: expect.stringContaining('(Powered off)'),
  });
});

test('needs one unmistakable VM', () => expectOneVm(suspendVm));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(suspendVm, { name: 'web-01' }));
test('needs its privilege and no other', () =>
  expectPrivileges(suspendVm, { name: 'web-01' }, 'VirtualMachine.Interact.Suspend'));
