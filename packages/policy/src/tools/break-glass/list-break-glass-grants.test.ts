import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';
import { issueGrant } from '../../break-glass/grants.js';

test('lists grants with who agreed, and tells those that hold from those that are over', async () => {
  await using at = await labWithTools();
  const grant = {
    v: 1 as const,
    user: 'ann',
    tools: ['*'],
    targets: ['lab'],
    reason: 'INC-12',
    approved: [{ user: 'bob', at: '2026-01-01T00:00:00.000Z' }],
    issued_at: new Date(Date.now() - 60_000).toISOString(),
  };
  const later = (ms: number) => new Date(Date.now() + ms).toISOString();
  issueGrant(at.home, { ...grant, id: 'aaaaaaaaaaaa', expires_at: later(60_000) });
  issueGrant(at.home, { ...grant, id: 'bbbbbbbbbbbb', expires_at: later(-1) });
  expect(await at.read('list_break_glass_grants')).toMatchObject({
    items: [
      { id: 'aaaaaaaaaaaa', holds: true, approved_by: ['bob'] },
      { id: 'bbbbbbbbbbbb', holds: false },
    ],
    total: 2,
  });
});
