import * as z from 'zod';
import { lastEvents } from '../../audit/query.js';
import { pageOf } from '../../page.js';
import { defineTool } from '../define.js';
import { eventRow, filterInput, rowOf } from './event-row.js';
import { sinceOf, skillOf } from './since.js';

export const exportAuditLog = defineTool({
  name: 'export_audit_log',
  usage: 'export',
  summary: 'Rows of the audit log with hashes, as JSON lines or CSV, oldest first.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 600_000,
  format: 'jsonl',
  examples: ['export --since 7d > week.jsonl', 'export --skill vsphere -o csv > vsphere.csv'],
  input: z.object({
    ...filterInput,
    limit: z.int().min(1).max(10_000_000).default(1_000_000).describe('Newest rows at most.'),
  }),
  output: pageOf(
    eventRow.extend({
      args_sha: z.string(),
      rules_sha: z.string(),
      body: z.unknown(),
      hash: z.string(),
    }),
  ),
}).run(async ({ limit, since, skill, ...filter }, { home }) => {
  const { rows, total } = lastEvents(
    home,
    { ...filter, since: sinceOf(since), skill: skillOf(skill) },
    limit,
  );
  return {
    items: rows.map((event) => ({
      ...rowOf(event),
      args_sha: event.args_sha,
      rules_sha: event.rules_sha,
      body: JSON.parse(event.body) as unknown,
      hash: Buffer.from(event.hash).toString('hex'),
    })),
    returned: rows.length,
    limit,
    total,
    truncated: rows.length < total,
    next_cursor: null,
    hint: null,
  };
});
