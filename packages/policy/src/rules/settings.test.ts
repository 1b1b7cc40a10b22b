import { expect, test } from 'vitest';
import { loadRules } from './load.js';
import { spanOf } from './settings.js';

test.each([
  ['1s', 1_000],
  ['30s', 30_000],
  ['10m', 600_000],
  ['2h', 7_200_000],
  ['9999d', 863_913_600_000],
])('%s is %i milliseconds', (span, wanted) => expect(spanOf(span)).toBe(wanted));

const settings = async (text: string) => {
  const { approvals, breakGlass, budgets, runaway } = await loadRules(
    Buffer.from(`version: 1\n${text}`),
  );
  return { approvals, breakGlass, budgets, runaway };
};

test('a file that says nothing of them has no settings', async () =>
  expect(await settings('')).toEqual({
    approvals: undefined,
    breakGlass: undefined,
    budgets: undefined,
    runaway: undefined,
  }));

test('settings are what the file says, spans in milliseconds', async () =>
  expect(
    await settings(`approvals: {directory: /srv/x, from: [bob], minutes: 5}
break_glass: {users: [ann], tools: ["*"], longest: 1h, approvals: 1}
budgets: {calls: {max: 3, per: 1h}, seconds: {max: 5, per: 2m}}
runaway: {max: 4, per: 30s}
`),
  ).toEqual({
    approvals: { directory: '/srv/x', from: ['bob'], minutes: 5 },
    breakGlass: { users: ['ann'], tools: ['*'], longest: '1h', approvals: 1 },
    budgets: {
      calls: { max: 3, milliseconds: 3_600_000 },
      seconds: { max: 5, milliseconds: 120_000 },
    },
    runaway: { max: 4, milliseconds: 30_000 },
  }));
