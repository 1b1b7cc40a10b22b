import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('rows are counted by status, skill, tool and user', async () => {
  await using at = await labWithTools();
  expect(await at.read('get_audit_stats')).toMatchObject({
    total: 3,
    by_status: [
      { name: 'denied', count: 1 },
      { name: 'ok', count: 1 },
      { name: 'preview', count: 1 },
    ],
    by_skill: [{ name: 'counters', count: 3 }],
    by_tool: [
      { name: 'get_counter', count: 2 },
      { name: 'raise_counter', count: 1 },
    ],
    by_user: [{ name: userInfo().username, count: 3 }],
  });
});

test('rows from before are not counted', async () => {
  await using at = await labWithTools();
  at.tamper("UPDATE event SET ts = '2020-01-01T00:00:00.000Z' WHERE seq = 1");
  expect(await at.read('get_audit_stats', { days: 30 })).toMatchObject({ total: 2 });
});
