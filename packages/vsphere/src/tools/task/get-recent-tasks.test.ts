import { expect, test, vi } from 'vitest';
import { change, hidden, read, requestsOf, vmOf } from '../../../test/answer.js';
import { lab } from '../../../test/lab.js';
import { expectStopped } from '../../../test/refusals.js';
import { powerOff } from '../power/power-off.js';
import { powerOn } from '../power/power-on.js';
import { createSnapshot } from '../snapshot/create-snapshot.js';
import { getRecentTasks } from './get-recent-tasks.js';

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

test('tells what was done to what, newest first', async () => {
  await using vc = await lab();
  await change(vc, powerOn, { name: 'ci-runner-01' });
  await change(vc, powerOff, { name: 'web-01' });
  const { items, ...envelope } = await read(vc, getRecentTasks, {});
  expect(items).toEqual([
    {
      id: 'task-2',
      name: 'PowerOffVM_Task',
      entity: 'web-01',
      entity_id: vmOf(vc.sim, 'web-01').id,
      state: 'success',
      progress: null,
      queued_time: time,
      start_time: time,
      complete_time: time,
      description: 'VirtualMachine.powerOff',
      error: null,
    },
    expect.objectContaining({ id: 'task-1', entity: 'ci-runner-01' }),
  ]);
  expect(envelope).toMatchObject({
    returned: 2,
    limit: 20,
    total: 2,
    truncated: false,
    hint: null,
  });
});

test("tells why a task failed in vCenter's words", async () => {
  await using vc = await lab();
  vc.sim.faults.add({
    match: { method: 'PowerOnVM_Task' },
    then: { taskError: 'InsufficientResourcesFault' },
  });
  await vc.change(powerOn, { name: 'ci-runner-01' });
  expect((await read(vc, getRecentTasks, {})).items).toMatchObject([
    { state: 'error', error: expect.stringContaining('insufficient'), complete_time: time },
  ]);
});

test('tells how far a running task is', async () => {
  await using vc = await lab();
  vc.sim.faults.add({ match: { method: 'PowerOnVM_Task' }, then: 'taskHangs' });
  const given = new AbortController();
  let running: Promise<unknown> | undefined;
  await new Promise<void>((halfWay) => {
    const progress = ({ done }: { done: number }) => (done === 50 ? halfWay() : undefined);
    running = vc.change(powerOn, { name: 'ci-runner-01' }, { signal: given.signal, progress });
  });
  const { items } = await read(vc, getRecentTasks, {});
  expect(items).toMatchObject([{ state: 'running', progress: 50, complete_time: null }]);
  given.abort();
  await running;
});

test('gives as many as asked for, and says how many there are', async () => {
  await using vc = await lab();
  for (const name of ['web-01', 'web-02', 'web-03']) await change(vc, powerOff, { name });
  expect(await read(vc, getRecentTasks, { count: 2 })).toMatchObject({
    items: [{ entity: 'web-03' }, { entity: 'web-02' }],
    returned: 2,
    total: 3,
    truncated: true,
    hint: expect.stringContaining('The newest 2 of 3'),
  });
  await expectStopped(vc, getRecentTasks, { count: 0 }, 'INVALID_INPUT');
});

test('lets the name of a hostile VM out clean', async () => {
  await using vc = await lab();
  const hostile = vc.sim.inventory.all('vm').find(({ name }) => hidden.test(name));
  await change(vc, createSnapshot, { name: hostile?.id ?? '', snapshot_name: 's' });
  const { items } = await read(vc, getRecentTasks, {});
  expect(items).toMatchObject([{ entity: expect.stringMatching(/^payroll/) }]);
  expect(JSON.stringify(items)).not.toMatch(hidden);
});

test('reads all tasks in one request, so that none can be forgotten between two', async () => {
  await using vc = await lab();
  for (const name of ['web-01', 'web-02', 'web-03']) await change(vc, powerOff, { name });
  const tidied = () =>
    vc.sim.requests.filter(({ method }) => method === 'DestroyPropertyCollector');
  await vi.waitFor(() => expect(tidied()).toHaveLength(3));
  const methods = await requestsOf(vc.sim, () => read(vc, getRecentTasks, {}));
  expect(methods).toEqual(['RetrievePropertiesEx']);
});
