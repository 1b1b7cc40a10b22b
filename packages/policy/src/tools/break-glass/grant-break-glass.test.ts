import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

const me = userInfo().username;
const freeze = (more: string) =>
  `version: 1\ndefault: {write: permit}\n${more}\nrules:\n  - {id: freeze, effect: forbid, tools: [raise_*]}\n`;
const asked = { tools: ['raise_*'], targets: ['lab'], for: '10m', reason: 'INC-12: stuck' };

test('who may break the glass gets a grant by agreeing at a terminal, and it is in the log', async () => {
  await using at = await labWithTools({
    rules: freeze(`break_glass: {users: [${me}], approvals: 0}`),
  });
  expect(await at.agree('grant_break_glass', asked)).toMatchObject({
    status: 'done',
    output: { id: expect.stringMatching(/^[a-f0-9]{12}$/) },
  });
  expect(await at.change(at.tools.raiseCounter, { name: 'red' })).toMatchObject({ status: 'done' });
  expect(
    at.audit().some(({ tool, phase }) => tool === 'grant_break_glass' && phase === 'intent'),
  ).toBe(true);
});

test('with approvals another person must agree first', async () => {
  await using at = await labWithTools({ rules: freeze(`break_glass: {users: [${me}]}`) });
  expect(await at.agree('grant_break_glass', asked)).toMatchObject({
    code: expect.stringMatching(/^(APPROVALS_UNSAFE|AWAITING_APPROVAL)$/),
  });
  expect(await at.call(at.tools.raiseCounter, { name: 'red' })).toMatchObject({ rule: 'freeze' });
});

test.each<[string, string, object, RegExp]>([
  ['nobody is named', '', {}, /names nobody who may break the glass/],
  [
    'somebody else is named',
    'break_glass: {users: [somebody]}',
    {},
    /lets somebody break the glass/,
  ],
  [
    'it is longer than allowed',
    `break_glass: {users: [${me}], longest: 5m}`,
    {},
    /allows 5m at most/,
  ],
  [
    'the tool is not among those allowed',
    `break_glass: {users: [${me}], tools: [power_on]}`,
    {},
    /for power_on, not raise_\*/,
  ],
])('no grant when %s', async (_what, more, input, message) => {
  await using at = await labWithTools({ rules: freeze(more) });
  const outcome = await at.agree('grant_break_glass', { ...asked, ...input });
  expect(JSON.stringify(outcome)).toMatch(message);
  expect(await at.read('list_break_glass_grants')).toMatchObject({ items: [] });
});
