import { expect, test } from 'vitest';
import { labWithTools } from '../../../test/own-tools.js';
import { grants, issueGrant } from '../../break-glass/grants.js';

test('takes a grant back, and says when there is none of that id', async () => {
  await using at = await labWithTools();
  issueGrant(at.home, {
    v: 1,
    id: 'aaaaaaaaaaaa',
    user: 'ann',
    tools: ['*'],
    targets: ['*'],
    reason: 'INC-12',
    approved: [],
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  });
  expect(await at.agree('revoke_break_glass', { id: 'aaaaaaaaaaaa' })).toMatchObject({
    status: 'done',
    output: { revoked: true },
  });
  expect(grants(at.home)).toEqual([]);
  expect(await at.agree('revoke_break_glass', { id: '../audit' })).toMatchObject({
    status: 'failed',
    code: 'NOT_FOUND',
    remedy: expect.stringContaining('vmware-audit break-glass list'),
  });
});
