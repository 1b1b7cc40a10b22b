import { expect, test } from 'vitest';
import { type Lab, lab } from '../../test/vcenter.js';
import { findVm } from './find-vm.js';
import { awaitTask } from './task.js';
import type { Ref } from './types.js';

const start = async ({ vim }: Lab, method: string, name: string, args = {}) => {
  const { ref } = await findVm(vim, name);
  return vim.call<Ref>(method, ref, args);
};
const snapshot = { name: 's', memory: false, quiesce: false };

test('returns the result of a task, and its progress on the way', async () => {
  await using there = await lab({ taskMilliseconds: 60 });
  const steps: number[] = [];
  const task = await start(there, 'CreateSnapshot_Task', 'web-01', snapshot);
  const result = await awaitTask<Ref>(there.vim, task, {
    progress: ({ done }) => steps.push(done),
  });
  expect(result.type).toBe('VirtualMachineSnapshot');
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test('many tasks of one connection share one waiting loop', async () => {
  await using there = await lab({ taskMilliseconds: 50 });
  const names = ['web-01', 'web-02', 'web-03', 'web-04', 'app-01', 'app-02', 'app-03', 'app-04'];
  const tasks = await Promise.all(names.map((name) => start(there, 'PowerOffVM_Task', name)));
  await Promise.all(tasks.map((task) => awaitTask(there.vim, task)));
  for (const name of names)
    expect(there.vcenter.inventory.find('vm', name)?.power).toBe('poweredOff');
  expect(there.count('CreatePropertyCollector')).toBe(1);
  expect(there.count('CreateFilter')).toBe(names.length);
  await expect.poll(() => there.count('DestroyPropertyCollector')).toBe(1);
});

test('a task that joins while another hangs is not kept waiting', async () => {
  await using there = await lab();
  there.fail('PowerOffVM_Task', 'taskHangs');
  const stuck = awaitTask(there.vim, await start(there, 'PowerOffVM_Task', 'web-01'));
  stuck.catch(() => undefined);
  await new Promise((done) => setTimeout(done, 50));
  const quick = await start(there, 'PowerOffVM_Task', 'web-02');
  await awaitTask(there.vim, quick, { signal: AbortSignal.timeout(5_000) });
  expect(there.vcenter.inventory.find('vm', 'web-02')?.power).toBe('poweredOff');
  await there.vim.close();
  await expect(stuck).rejects.toMatchObject({ effect: 'unknown' });
});

test('a task that fails says why, in vCenter’s words, and did nothing', async () => {
  await using there = await lab();
  there.fail('PowerOnVM_Task', { taskError: 'InsufficientMemoryResourcesFault' });
  const task = await start(there, 'PowerOnVM_Task', 'ci-runner-01');
  await expect(awaitTask(there.vim, task)).rejects.toMatchObject({
    code: 'INSUFFICIENT_RESOURCES',
    effect: 'none',
    details: { fault: 'InsufficientMemoryResourcesFault', task: task.value },
  });
  const on = await start(there, 'PowerOnVM_Task', 'web-01')
    .then(
      (started) => awaitTask(there.vim, started),
      (error: unknown) => Promise.reject(error),
    )
    .catch((error: unknown) => error);
  expect(on).toMatchObject({
    code: 'INVALID_POWER_STATE',
    details: { existingState: 'poweredOn' },
  });
});

test('a task that never ends is left running when the caller stops waiting', async () => {
  await using there = await lab();
  there.fail('PowerOffVM_Task', 'taskHangs');
  const task = await start(there, 'PowerOffVM_Task', 'web-01');
  const signal = AbortSignal.timeout(100);
  await expect(awaitTask(there.vim, task, { signal })).rejects.toMatchObject({
    code: 'TIMEOUT',
    effect: 'unknown',
    message: expect.stringContaining(task.value),
    remedy: expect.stringContaining('vmware-vsphere task list'),
    details: { task: task.value },
  });
  expect(there.count('CancelTask')).toBe(0);
});

test('a session that expires during the wait is renewed and the wait goes on', async () => {
  await using there = await lab({ taskMilliseconds: 300 });
  const task = await start(there, 'PowerOffVM_Task', 'web-01');
  const waiting = awaitTask(there.vim, task);
  await new Promise((done) => setTimeout(done, 50));
  there.vcenter.sessions.expire();
  await waiting;
  expect(there.vcenter.inventory.find('vm', 'web-01')?.power).toBe('poweredOff');
  expect(there.vcenter.sessions.logins).toBe(2);
});

test('a connection that stays lost during the wait leaves the task unknown', async () => {
  await using there = await lab();
  const task = await start(there, 'PowerOffVM_Task', 'web-01');
  there.fail('WaitForUpdatesEx', { drop: 'before-acting' }, Number.POSITIVE_INFINITY);
  await expect(awaitTask(there.vim, task)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    effect: 'unknown',
    details: { task: task.value },
  });
});
