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

test.each(['ci-runner-01', 'build-cache'])('powers on %s and tells the task', async (name) => {
  await using vc = await lab();
  const { id } = vmOf(vc.sim, name);
  expect(await change(vc, powerOn, { name })).toEqual({
    id,
    name,
    changed: true,
    power_state: 'poweredOn',
    task_id: 'task-1',
  });
  expect(vmOf(vc.sim, name).power).toBe('poweredOn');
});

test('sends nothing to a VM that is on already', async () => {
  await using vc = await lab();
  expect(await change(vc, powerOn, { name: 'web-01' })).toMatchObject({
    changed: false,
    task_id: null,
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('answers to its older name', async () => {
  await using vc = await lab();
  const outcome = await vc.governed.answer(
    'power_on_vm',
    { name: 'ci-runner-01' },
    { surface: 'mcp', dryRun: false },
  );
  expect(outcome).toMatchObject({ status: 'done', output: { changed: true } });
});

test('does not power on a template', async () => {
  await using vc = await lab();
  const said = await expectStopped(vc, powerOn, { name: 'windows-2022' }, 'BLOCKED');
  expect(said.message).toContain('windows-2022 is a template');
});

test('passes on what vCenter says when somebody else powered it on first', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'ci-runner-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.setPower(vm, 'poweredOn', vc.sim.clock.now()));
  expect(await vc.change(powerOn, { name: vm.name })).toMatchObject({
    status: 'failed',
    code: 'INVALID_POWER_STATE',
    message: expect.stringContaining(
      'The attempted operation cannot be performed in the current state (Powered on)',
    ),
    details: { requestedState: 'poweredOn', existingState: 'poweredOn', task: 'task-1' },
  });
});

test('passes on what vCenter says of a host that does not respond', async () => {
  await using vc = await lab();
  const host = vc.sim.inventory.find('host', vmOf(vc.sim, 'ci-runner-01').host);
  if (host) vc.sim.inventory.change(host, { connection: 'notResponding' });
  expect(await vc.change(powerOn, { name: 'ci-runner-01' })).toMatchObject({
    status: 'failed',
    code: 'HOST_UNAVAILABLE',
    message: expect.stringContaining('Unable to communicate with the remote host'),
  });
});

test('passes on why a task failed, and the VM is as it was', async () => {
  await using vc = await lab();
  vc.sim.faults.add({
    match: { method: 'PowerOnVM_Task' },
    then: { taskError: 'InsufficientResourcesFault' },
  });
  expect(await vc.change(powerOn, { name: 'ci-runner-01' })).toMatchObject({
    status: 'failed',
    code: 'INSUFFICIENT_RESOURCES',
    message: expect.stringContaining('resources in the cluster are insufficient'),
    details: { fault: 'InsufficientResourcesFault', task: 'task-1' },
  });
  expect(vmOf(vc.sim, 'ci-runner-01').power).toBe('poweredOff');
});

test('says that it does not know when the answer was lost, and does not ask twice', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: { drop: 'after-acting' } });
  expect(await vc.change(powerOn, { name: 'ci-runner-01' })).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    remedy: expect.stringContaining('vmware-audit show'),
  });
  expect(changesAt(vc.sim)).toHaveLength(1);
  expect(vc.audit().at(-1)).toMatchObject({ status: 'unknown', tool: 'power_on' });
});

test('reports how far the task is', async () => {
  await using vc = await lab({ taskMilliseconds: 400 });
  const steps: number[] = [];
  await vc.change(powerOn, { name: 'ci-runner-01' }, { progress: ({ done }) => steps.push(done) });
  expect(steps).toContain(50);
});

test('needs one unmistakable VM', () => expectOneVm(powerOn));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(powerOn, { name: 'ci-runner-01' }));
test('needs its privilege and no other', () =>
  expectPrivileges(powerOn, { name: 'ci-runner-01' }, 'VirtualMachine.Interact.PowerOn'));
