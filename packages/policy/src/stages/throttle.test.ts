import { expect, test } from 'vitest';
import { lab } from '../../test/lab.js';
import { openLimits } from '../limits/buckets.js';

test('a call over the limit is refused before the target is asked, and is a row', async () => {
  await using at = await lab({ limits: openLimits({ perCaller: { perMinute: 0.001, burst: 2 } }) });
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({ status: 'done' });
  expect(await at.call(at.tools.getCounter, { name: 'red' })).toMatchObject({ status: 'done' });
  const third = await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  expect(third).toMatchObject({
    status: 'refused',
    by: 'limits',
    code: 'THROTTLED',
    rule: 'throttle.caller',
  });
  expect(third).toMatchObject({ remedy: expect.stringMatching(/^Wait \d+ s/) });
  expect(at.target.changes()).toEqual([]);
  expect(at.audit().at(-1)).toMatchObject({ phase: 'denied', status: 'denied' });
});

test('a place is given back when a call ends, however it ends', async () => {
  await using at = await lab({ limits: openLimits({ inFlight: 1 }) });
  const ends = ['done', 'failed', 'done'];
  for (const [i, name] of ['red', 'no-such', 'blue'].entries())
    expect(await at.call(at.tools.getCounter, { name })).toMatchObject({ status: ends[i] });
});

test('while a call is under way the place it took is taken', async () => {
  await using at = await lab({ timeout: 1_500, limits: openLimits({ inFlight: 1 }) });
  at.target.mood = 'silent';
  const second = new Promise((resolve) => {
    at.target.arrived = () => resolve(at.call(at.tools.getCounter, { name: 'blue' }));
  });
  const first = at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  expect(await second).toMatchObject({
    status: 'refused',
    code: 'THROTTLED',
    rule: 'throttle.in_flight',
  });
  expect(await first).toMatchObject({ status: 'unknown' });
});
