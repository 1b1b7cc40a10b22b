import { expect, test } from 'vitest';
import { change, hidden, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import { expectOneVm, expectPrivileges, expectSteadyVm } from '../../../test/refusals.js';
import { powerOff } from './power-off.js';

test('powers off a VM and tells the task', async () => {
  await using vc = await lab();
  const { id } = vmOf(vc.sim, 'web-01');
  expect(await change(vc, powerOff, { name: 'web-01' })).toEqual({
    id,
    name: 'web-01',
    changed: true,
    power_state: 'poweredOff',
    task_id: 'task-1',
  });
});

test.each(['ci-runner-01', 'windows-2022'])(
  'sends nothing to %s, which is off already',
  async (name) => {
    await using vc = await lab();
    expect(await change(vc, powerOff, { name })).toMatchObject({
      changed: false,
      power_state: 'poweredOff',
    });
    expect(changesAt(vc.sim)).toEqual([]);
  },
);

test('says in its plan that the guest is not asked', async () => {
  await using vc = await lab();
  expect(await vc.call(powerOff, { name: 'web-01' })).toMatchObject({
    plan: {
      changes: [
        'web-01: poweredOn → poweredOff; its guest is not shut down, and what is in its memory is lost',
      ],
    },
  });
});

test('shows the preview again without confirmed=true', async () => {
  await using vc = await lab();
  const outcome = await vc.call(powerOff, { name: 'web-01' }, { dryRun: false });
  expect(outcome).toMatchObject({
    status: 'preview',
    hint: expect.stringContaining('confirmed=true'),
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('passes on what vCenter says when somebody else suspended it first', async () => {
  await using vc = await lab();
  const vm = vmOf(vc.sim, 'web-01');
  whenTaskStarts(vc.sim, () => vc.sim.inventory.setPower(vm, 'suspended', vc.sim.clock.now()));
  expect(await vc.change(powerOff, { name: vm.name })).toMatchObject({
    status: 'failed',
    code: 'INVALID_POWER_STATE',
    message: expect.stringContaining('(Suspended)'),
  });
});

test('says whose turn it is when another task holds the VM', async () => {
  await using vc = await lab({ taskMilliseconds: 300 });
  const preview = await vc.call(powerOff, { name: 'web-01' });
  const [first, second] = await Promise.all([
    vc.agree(powerOff, { name: 'web-01' }, preview),
    vc.change(powerOff, { name: 'web-01' }),
  ]);
  const codes = [first, second].map((outcome) =>
    'code' in outcome ? outcome.code : outcome.status,
  );
  expect(codes.sort()).toEqual(['BUSY', 'done']);
});

test('powers off a VM with a hostile name by its id and answers clean', async () => {
  await using vc = await lab();
  const hostile = vc.sim.inventory.all('vm').find(({ name }) => hidden.test(name));
  if (hostile) vc.sim.inventory.setPower(hostile, 'poweredOn', vc.sim.clock.now());
  const answer = await change(vc, powerOff, { name: hostile?.id ?? '' });
  expect(answer).toMatchObject({ changed: true, name: expect.stringMatching(/^payroll/) });
  expect(JSON.stringify(answer)).not.toMatch(hidden);
});

test('needs one unmistakable VM', () => expectOneVm(powerOff));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(powerOff, { name: 'web-01' }));
test('needs its privilege and no other', () =>
  expectPrivileges(powerOff, { name: 'web-01' }, 'VirtualMachine.Interact.PowerOff'));
