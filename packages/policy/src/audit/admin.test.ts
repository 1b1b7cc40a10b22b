import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { adminRow } from './admin.js';

test('a row about the log is of the user of this machine, and of no target, session or rule', () => {
  const { op_id, ...row } = adminRow('rotate_audit_log', 'sealed', { from: 1 });
  expect(op_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(row).toEqual({
    phase: 'admin',
    skill: 'audit',
    tool: 'rotate_audit_log',
    target: '',
    environment: '',
    actor: userInfo().username,
    agent: 'vmware-audit',
    session: '',
    risk: '',
    decision: '',
    rule: '',
    rules_sha: '',
    args_sha: '',
    status: 'sealed',
    duration_us: 0,
    body: { from: 1 },
  });
});
