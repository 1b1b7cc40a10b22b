import { expect, test } from 'vitest';
import { change, read, vmOf, whenTaskStarts } from '../../../test/answer.js';
import { changesAt, lab } from '../../../test/lab.js';
import {
  expectOneVm,
  expectPrivileges,
  expectSteadyVm,
  expectStopped,
} from '../../../test/refusals.js';
import { getVmInfo } from './get-vm-info.js';
import { renameVm } from './rename-vm.js';

test('renames a VM and tells both names and the task', async () => {
  await using vc = await lab();
  const { id } = vmOf(vc.sim, 'web-01');
  expect(await change(vc, renameVm, { name: 'web-01', new_name: ' façade & <1> ' })).toEqual({
    id,
    name: 'façade & <1>',
    old_name: 'web-01',
    changed: true,
    task_id: 'task-1',
  });
  expect((await read(vc, getVmInfo, { name: id })).name).toBe('façade & <1>');
});

test('sends nothing when the VM has that name already', async () => {
  await using vc = await lab();
  expect(await change(vc, renameVm, { name: 'web-01', new_name: 'web-01' })).toMatchObject({
    changed: false,
    task_id: null,
  });
  expect(changesAt(vc.sim)).toEqual([]);
});

test('passes on DuplicateName with the name and the object that has it', async () => {
  await using vc = await lab();
  const outcome = await vc.change(renameVm, { name: 'web-01', new_name: 'web-02' });
  expect(outcome).toMatchObject({
    status: 'failed',
    code: 'DUPLICATE_NAME',
    message: expect.stringContaining("The name 'web-02' already exists."),
    details: {
      fault: 'DuplicateName',
      name: 'web-02',
      object: `VirtualMachine:${vmOf(vc.sim, 'web-02').id}`,
    },
  });
  expect(vmOf(vc.sim, 'web-01').name).toBe('web-01');
});

test.each(['', '  ', 'a/b', 'a\\b', '50%', 'a\u202eb', 'a\nb', 'x'.repeat(81)])(
  'refuses the name %j before anything is asked of the server',
  async (new_name) => {
    await using vc = await lab();
    await expectStopped(vc, renameVm, { name: 'web-01', new_name }, 'INVALID_INPUT');
    expect(vc.sim.requests).toEqual([]);
  },
);

test('renames the VM that was agreed to, though another has taken its old name meanwhile', async () => {
  await using vc = await lab();
  const [mine, other] = [vmOf(vc.sim, 'web-01'), vmOf(vc.sim, 'app-01')];
  const input = { name: mine.id, new_name: 'retired' };
  const preview = await vc.call(renameVm, input);
  whenTaskStarts(vc.sim, () => vc.sim.inventory.rename(other, 'web-01'));
  expect(await vc.agree(renameVm, input, preview)).toMatchObject({
    status: 'done',
    output: { id: mine.id },
  });
  expect([mine.name, other.name]).toEqual(['retired', 'web-01']);
});

test('needs one unmistakable VM', () => expectOneVm(renameVm, { new_name: 'x' }));
test('waits for no VM that asks or does not answer', () =>
  expectSteadyVm(renameVm, { name: 'web-01', new_name: 'x' }));
test('needs its privilege and no other', () =>
  expectPrivileges(renameVm, { name: 'web-01', new_name: 'x' }, 'VirtualMachine.Config.Rename'));
