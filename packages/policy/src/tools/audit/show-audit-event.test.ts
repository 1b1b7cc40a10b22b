import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('an operation is found by its id and by the seq of a row, with its whole story', async () => {
  await using at = await labWithTools();
  await at.call(at.tools.raiseCounter, { name: 'red', pin: '1234' }, { dryRun: false });
  const intent = at.audit()[3];
  const bySeq = await at.read('show_audit_event', { operation: '5' });
  expect(bySeq).toEqual(await at.read('show_audit_event', { operation: intent?.op_id }));
  expect(bySeq).toMatchObject({
    operation: intent?.op_id,
    rows: [
      {
        seq: 4,
        phase: 'intent',
        body: { args: { name: 'red', pin: '***' }, plan: { requests: ['POST counter:red'] } },
      },
      { seq: 5, phase: 'outcome', status: 'ok', body: { result: { value: 1 } } },
    ],
  });
});

test('what is not there is not found', async () => {
  await using at = await labWithTools();
  for (const operation of ['99', 'no-such', ''])
    expect(await at.ask('show_audit_event', { operation })).toMatchObject({
      status: 'failed',
      code: 'NOT_FOUND',
    });
});
