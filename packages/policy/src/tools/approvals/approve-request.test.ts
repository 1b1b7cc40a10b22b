import { expect, test } from 'vitest';
import { as } from '../../../test/lab.js';
import { labWithTools } from '../../../test/own-tools.js';

const rules = 'version: 1\ndefault: {write: permit, consent: {medium: human}}\n';
const go = { dryRun: false } as const;

test('a person at a terminal approves what an agent asked for, once, and it is in the log', async () => {
  await using at = await labWithTools({ rules });
  const call = () => at.call(at.tools.raiseCounter, { name: 'red' }, go);
  const { details, remedy } = as('refused', await call());
  const id = String(details?.['request']);
  expect(remedy).toContain(`vmware-audit approve ${id}`);

  expect(await at.ask('approve_request', { id })).toMatchObject({
    status: 'preview',
    plan: {
      summary: expect.stringContaining('Approve: Raise red'),
      changes: expect.arrayContaining([
        expect.stringContaining('with test, on lab (lab)'),
        'will send: POST counter:red',
      ]),
    },
  });
  expect(await at.agree('approve_request', { id, reason: 'agreed' })).toMatchObject({
    status: 'done',
    output: { decision: 'approved' },
  });
  expect(await call()).toMatchObject({ status: 'done' });
  expect(await call()).toMatchObject({ status: 'refused', code: 'AWAITING_APPROVAL' });
  expect(
    at
      .audit()
      .filter(({ tool }) => tool === 'approve_request')
      .map(({ phase }) => phase),
  ).toEqual(['preview', 'preview', 'intent', 'outcome']);
});

test('nobody is there: a script cannot approve', async () => {
  await using at = await labWithTools({ rules });
  const { details } = as('refused', await at.call(at.tools.raiseCounter, { name: 'red' }, go));
  expect(
    await at.ask(
      'approve_request',
      { id: details?.['request'] },
      { dryRun: false, confirmed: true },
    ),
  ).toMatchObject({ status: 'refused', code: 'NO_ONE_TO_ASK' });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' }, go)).toMatchObject({
    code: 'AWAITING_APPROVAL',
  });
});

test('a request that is not there, or was decided about, is said so', async () => {
  await using at = await labWithTools({ rules });
  expect(await at.agree('approve_request', { id: 'feedfeedfeedfeed' })).toMatchObject({
    status: 'failed',
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('vmware-audit pending'),
  });
  const { details } = as('refused', await at.call(at.tools.raiseCounter, { name: 'red' }, go));
  const id = String(details?.['request']);
  await at.agree('approve_request', { id });
  expect(await at.agree('reject_request', { id })).toMatchObject({
    plan: { blockers: ['You decided about this request already.'] },
  });
});
