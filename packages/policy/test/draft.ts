import type { Draft } from '../src/audit/event.js';
import { uuidv7 } from '../src/uuid.js';

/** A row as a writer says it. */
export const draft = (more: Partial<Draft> = {}): Draft => ({
  op_id: uuidv7(),
  phase: 'read',
  skill: 'counters',
  tool: 'get_counter',
  target: 'lab',
  environment: 'lab',
  actor: 'ann',
  agent: 'test/1',
  session: 'abcdef',
  risk: 'low',
  decision: 'allow',
  rule: 'default',
  rules_sha: '0'.repeat(64),
  args_sha: '1'.repeat(64),
  status: 'ok',
  duration_us: 1_234,
  body: { args: { name: 'red' } },
  ...more,
});
