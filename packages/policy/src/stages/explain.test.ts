import { expect, test } from 'vitest';
import { lab } from '../../test/lab.js';
import { hidden } from '../../test/target.js';

test('an error with a remedy was written to be read, so its words pass', async () => {
  await using at = await lab();
  expect(await at.call(at.tools.getCounter, { name: 'black' })).toEqual({
    status: 'failed',
    code: 'NOT_FOUND',
    message: 'There is no counter black',
    remedy: 'Run `vmware-audit log` to see who else changes it.',
    retryable: true,
  });
});

test('an error without one says only its name, to the caller and in the log', async () => {
  await using at = await lab();
  at.target.mood = 'broken';
  const outcome = await at.call(at.tools.getCounter, { name: 'red' });
  expect(outcome).toMatchObject({
    status: 'failed',
    code: 'INTERNAL',
    message: 'RangeError in the tool.',
  });
  expect(JSON.stringify([outcome, at.audit()])).not.toContain(hidden);
});
