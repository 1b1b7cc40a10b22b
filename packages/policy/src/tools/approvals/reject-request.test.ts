import { expect, test } from 'vitest';
import { as } from '../../../test/lab.js';
import { labWithTools } from '../../../test/own-tools.js';

test('a rejection ends the request, and its reason is told to whoever asks again', async () => {
  await using at = await labWithTools({
    rules: 'version: 1\ndefault: {write: permit, consent: {medium: human}}\n',
  });
  const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, { dryRun: false });
  const id = String(as('refused', await call()).details?.['request']);
  expect(await at.agree('reject_request', { id, reason: 'not now' })).toMatchObject({
    status: 'done',
    output: { decision: 'rejected' },
  });
  expect(await call()).toMatchObject({
    status: 'refused',
    code: 'REJECTED',
    message: expect.stringContaining('not now'),
  });
  expect(at.target.changes()).toEqual([]);
});
