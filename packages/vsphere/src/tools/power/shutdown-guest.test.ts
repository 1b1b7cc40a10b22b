import { expect, test, vi } from 'vitest';
import { change, vmOf } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { shutdownGuest } from './shutdown-guest.js';

test('asks the guest to shut down, and the guest does', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'web-01');
  expect(await change(vc, shutdownGuest, { name: 'web-01' })).toEqual({
    id: vm.id,
    name: 'web-01',
    changed: true,
    state: 'initiated',
  });
  await vi.waitFor(() => expect(vm.power).toBe('poweredOff'));
});

test('sends nothing to a VM that is off already', async () => {
  await using vc = await lab();
  const answer = await change(vc, shutdownGuest, { name: 'ci-runner-01' });
  expect(answer).toMatchObject({ changed: false, state: 'off_already' });
  expect(changesAt(vc.sim)).toEqual([]);
});

test.each(['appliance-01', 'dns-01'])(
  'does not ask %s, where VMware Tools does not run',
  async (name) => {
    await using vc = await lab();
    const said = await expectStopped(vc, shutdownGuest, { name }, 'BLOCKED');
    expect(said.message).toContain(
      `VMware Tools does not run in ${name}; power_off cuts its power instead.`,
    );
  },
);

test('does not ask a suspended VM', async () => {
  await using vc = await lab();
  const said = await expectStopped(vc, shutdownGuest, { name: 'build-cache' }, 'BLOCKED');
  expect(said.message).toContain('build-cache is suspended; power it on first.');
});

test('passes on what vCenter says when Tools stopped after the plan', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'ShutdownGuest' }, then: { fault: 'ToolsUnavailable' } });
  expect(await vc.change(shutdownGuest, { name: 'web-01' })).toMatchObject({
    status: 'failed',
    code: 'TOOLS_UNAVAILABLE',
    message: expect.stringContaining('VMware Tools is not running in this virtual machine'),
  });
  expect(vmOf(vc.sim, 'web-01').power).toBe('poweredOn');
});

test('needs one unmistakable VM', () => expectOneVm(shutdownGuest));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(shutdownGuest, { name: 'web-01' }));
test('needs its privilege and no other', () =>
  expectPrivileges(shutdownGuest, { name: 'web-01' }, 'VirtualMachine.Interact.PowerOff'));
