import * as z from 'zod';
import { eventsOf } from '../../audit/query.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';
import { eventRow, rowOf } from './event-row.js';

export const showAuditEvent = defineTool({
  name: 'show_audit_event',
  usage: 'show <operation>',
  summary: 'Every row of one operation, with its redacted arguments, plan and result.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  examples: ['show 41', 'show 019c0f3e-6a52-7c1b-9a3d-0f6f2b1c4d5e -o json'],
  format: 'yaml',
  input: z.object({ operation: z.string().max(64).describe('Operation id, or the seq of a row.') }),
  output: z.object({
    operation: z.string(),
    rows: z.array(
      eventRow.extend({ args_sha: z.string(), rules_sha: z.string(), body: z.unknown() }),
    ),
  }),
}).run(async ({ operation }, { home }) => {
  const rows = eventsOf(home, operation);
  const first = rows[0];
  if (!first)
    throw new Refusal(
      'NOT_FOUND',
      `No row has the operation or seq "${operation}".`,
      'Run `vmware-audit log -o wide` to see both.',
    );
  return {
    operation: first.op_id,
    rows: rows.map((event) => ({
      ...rowOf(event),
      args_sha: event.args_sha,
      rules_sha: event.rules_sha,
      body: JSON.parse(event.body) as unknown,
    })),
  };
});
