import { expect, test } from 'vitest';
import { lab, story } from '../../test/lab.js';

const go = { dryRun: false } as const;

test('a read that is late has failed, and says how long it was waited for', async () => {
  await using at = await lab({ timeout: 1 });
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({
    status: 'failed',
    code: 'TIMEOUT',
    message: 'No answer within 0.001 s.',
    remedy: 'Run `vmware-counters doctor` to see whether the target answers.',
  });
  expect(at.audit()).toMatchObject([{ phase: 'read', status: 'failed' }]);
});

test('a change whose answer is late is unknown, never failed, and is not sent again', async () => {
  await using at = await lab({ timeout: 1_500 });
  at.target.mood = 'silent';
  const outcome = await at.call(at.tools.raiseCounter, { name: 'red' }, go);
  expect(outcome).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
    retryable: false,
    remedy: expect.stringContaining('vmware-audit show'),
  });
  expect(at.target.changes()).toHaveLength(1);
  expect(at.target.counters.get('red')?.value).toBe(1);
  expect(story(at.audit())).toEqual(['intent pending', 'outcome unknown']);
});

test('a plan that is late has failed: nothing was sent', async () => {
  await using at = await lab({ timeout: 1 });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    status: 'failed',
    code: 'TIMEOUT',
  });
  expect(at.target.changes()).toEqual([]);
  expect(story(at.audit())).toEqual(['preview failed']);
});

test('a read that its caller cancels ends at once as cancelled', async () => {
  await using at = await lab();
  expect(
    await at.call(at.tools.getCounter, { name: 'red' }, { signal: AbortSignal.abort() }),
  ).toMatchObject({
    status: 'failed',
    code: 'CANCELLED',
  });
});

test('a change that is cancelled before it is sent has failed and never arrives', async () => {
  await using at = await lab();
  expect(
    await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, signal: AbortSignal.abort() }),
  ).toMatchObject({ status: 'failed', code: 'CANCELLED' });
  expect(at.target.changes()).toEqual([]);
});

test('a change that is cancelled while its answer is awaited is unknown', async () => {
  await using at = await lab();
  at.target.mood = 'silent';
  const stop = new AbortController();
  at.target.arrived = () => setTimeout(() => stop.abort(), 50);
  expect(
    await at.call(at.tools.raiseCounter, { name: 'red' }, { ...go, signal: stop.signal }),
  ).toMatchObject({
    status: 'unknown',
    message: expect.stringContaining('cancelled'),
  });
  expect(at.target.changes()).toHaveLength(1);
});
