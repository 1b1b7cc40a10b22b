import * as z from 'zod';
import { lastEvents } from '../../audit/query.js';
import { pageOf } from '../../page.js';
import { defineTool } from '../define.js';
import { eventRow, filterInput, rowOf } from './event-row.js';
import { sinceOf, skillOf } from './since.js';

export const listAuditEvents = defineTool({
  name: 'list_audit_events',
  usage: 'log',
  summary: 'The last rows of the audit log, oldest first.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  columns: ['time', 'tool', 'target', 'status', 'user', 'rule', 'summary'],
  examples: ['log --last 50 --status denied', 'log --since 24h --tool delete_vm -o json'],
  input: z.object({
    last: z.int().min(1).max(10_000).default(20).describe('How many rows.'),
    ...filterInput,
  }),
  output: pageOf(eventRow),
}).run(async ({ last, since, skill, ...filter }, { home }) => {
  const { rows, total } = lastEvents(
    home,
    { ...filter, since: sinceOf(since), skill: skillOf(skill) },
    last,
  );
  const truncated = rows.length < total;
  return {
    items: rows.map(rowOf),
    returned: rows.length,
    limit: last,
    total,
    truncated,
    next_cursor: null,
    hint: truncated ? `The last ${rows.length} of ${total} rows. Raise --last for more.` : null,
  };
});
