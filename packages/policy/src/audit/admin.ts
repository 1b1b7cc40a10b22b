import { userInfo } from 'node:os';
import { uuidv7 } from '../uuid.js';
import type { Draft } from './event.js';

/** A row about the log itself, by the user of this machine. */
export const adminRow = (
  tool: string,
  status: string,
  body: Readonly<Record<string, unknown>>,
): Draft => ({
  op_id: uuidv7(),
  phase: 'admin',
  skill: 'audit',
  tool,
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
  status,
  duration_us: 0,
  body,
});
