import * as z from 'zod';
import { eventsAfter, lastEvents } from '../../audit/query.js';
import { pageOf } from '../../page.js';
import { defineTool } from '../define.js';
import { eventRow, rowOf } from './event-row.js';

export const tailAuditLog = defineTool({
  name: 'tail_audit_log',
  usage: 'tail',
  summary: 'The newest rows of the audit log, or those after a row, oldest first.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  columns: ['seq', 'time', 'tool', 'target', 'status', 'user', 'summary'],
  follows: { input: 'after', field: 'next_after' },
  examples: ['tail --last 50', 'tail --follow', 'tail --after 4711 -o jsonl'],
  input: z.object({
    last: z.int().min(1).max(10_000).default(10).describe('How many rows at most.'),
    after: z.int().min(0).optional().describe('The row to go on after: next_after of an answer.'),
  }),
  output: pageOf(eventRow).extend({ next_after: z.int() }),
}).run(async ({ last, after }, { home }) => {
  const rows =
    after === undefined ? lastEvents(home, {}, last).rows : eventsAfter(home, after, last);
  const truncated = after !== undefined && rows.length === last;
  return {
    items: rows.map(rowOf),
    returned: rows.length,
    limit: last,
    total: null,
    truncated,
    next_cursor: null,
    hint: truncated ? 'There may be more: pass next_after as after.' : null,
    next_after: rows.at(-1)?.seq ?? after ?? 0,
  };
});
