import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { lab } from '../../test/lab.js';

test('every row names the OS user, the client, and one session for all calls of a program', async () => {
  await using at = await lab({ agent: 'claude/4' });
  await at.call(at.tools.getCounter, { name: 'red' });
  await at.call(at.tools.getCounter, { name: 'blue' }, { surface: 'cli' });
  const [first, second] = at.audit();
  expect(first).toMatchObject({ actor: userInfo().username, agent: 'claude/4' });
  expect(first?.session).toMatch(/^[0-9a-f]{12}$/);
  expect(second?.session).toBe(first?.session);
});
