import { expect, test } from 'vitest';
import { lab, story } from '../../test/lab.js';

test('the output schema is an allow-list: what it does not name does not leave', async () => {
  await using at = await lab();
  const outcome = await at.call(at.tools.getCounter, { name: 'red' });
  expect(outcome).toEqual({ status: 'done', output: { name: 'red', value: 0, note: '' } });
  expect(JSON.stringify(await at.call(at.tools.listCounters, {}))).not.toContain('root@esx07');
});

test('a change whose connection is cut is unknown and is sent once', async () => {
  await using at = await lab();
  at.target.mood = 'cut';
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
    status: 'unknown',
    code: 'UNKNOWN_OUTCOME',
  });
  expect(at.target.changes()).toHaveLength(1);
  expect(story(at.audit())).toEqual(['intent pending', 'outcome unknown']);
});

test('a change that the target refuses in words for a reader has failed', async () => {
  await using at = await lab();
  at.target.mood = 'conflict';
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
    status: 'failed',
    code: 'CONFLICT',
    message: 'red is being changed by somebody else',
    retryable: true,
  });
  expect(story(at.audit())).toEqual(['intent pending', 'outcome failed']);
});

test('a change whose answer is not what its card promises is unknown: it was carried out', async () => {
  await using at = await lab();
  at.target.arrived = ({ name }) =>
    at.target.counters.set(name, { value: 0.5, note: '', locked: false });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false })).toMatchObject({
    status: 'unknown',
  });
  expect(at.target.changes()).toHaveLength(1);
});
