import * as z from 'zod';
import { countsBy } from '../../audit/query.js';
import { defineTool } from '../define.js';

const counts = z.array(z.object({ name: z.string(), count: z.int() }));

export const getAuditStats = defineTool({
  name: 'get_audit_stats',
  usage: 'stats',
  summary: 'How many rows the audit log has, by status, skill, tool and user.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  examples: ['stats --days 1'],
  input: z.object({ days: z.int().min(1).max(3650).default(7).describe('Over how many days.') }),
  output: z.object({
    since: z.string(),
    total: z.int(),
    by_status: counts,
    by_skill: counts,
    by_tool: counts,
    by_user: counts,
  }),
}).run(async ({ days }, { home }) => {
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  const by_status = countsBy(home, 'status', since);
  return {
    since,
    total: by_status.reduce((sum, { count }) => sum + count, 0),
    by_status,
    by_skill: countsBy(home, 'skill', since),
    by_tool: countsBy(home, 'tool', since),
    by_user: countsBy(home, 'actor', since),
  };
});
