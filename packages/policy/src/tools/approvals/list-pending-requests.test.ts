import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';

test('shows what waits for somebody, and how far it has come', async () => {
  await using at = await labWithTools({
    rules: 'version: 1\ndefault: {write: permit, consent: {medium: human}}\n',
  });
  expect(await at.read('list_pending_requests')).toMatchObject({ items: [], hint: null });
  const how = { dryRun: false, ticket: 'CHG1' } as const;
  await at.call(at.tools.raiseCounter, { name: 'red', pin: '1234' }, how);
  const { items } = await at.read('list_pending_requests');
  expect(items).toMatchObject([
    {
      requester: userInfo().username,
      agent: 'test',
      skill: 'counters',
      tool: 'raise_counter',
      target: 'lab',
      ticket: 'CHG1',
      agreed: '0/1',
      summary: expect.stringContaining('Raise red'),
      requests: ['POST counter:red'],
    },
  ]);
  expect(JSON.stringify(items)).not.toContain('1234');
});
