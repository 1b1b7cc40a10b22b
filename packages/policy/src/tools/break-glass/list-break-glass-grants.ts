import * as z from 'zod';
import { grants, holdsAt } from '../../break-glass/grants.js';
import { pageOf } from '../../page.js';
import { defineTool } from '../define.js';

export const listBreakGlassGrants = defineTool({
  name: 'list_break_glass_grants',
  usage: 'break-glass list',
  summary: 'Grants that set aside what rules forbid: whose, for what, why, until when.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  columns: ['id', 'holds', 'user', 'tools', 'targets', 'expires_at', 'reason'],
  examples: ['break-glass list'],
  input: z.object({}),
  output: pageOf(
    z.object({
      id: z.string(),
      holds: z.boolean(),
      user: z.string(),
      tools: z.array(z.string()),
      targets: z.array(z.string()),
      approved_by: z.array(z.string()),
      issued_at: z.string(),
      expires_at: z.string(),
      reason: z.string(),
    }),
  ),
}).run(async (_input, { home }) => {
  const now = Date.now();
  const items = grants(home).map((grant) => ({
    id: grant.id,
    holds: holdsAt(grant, now),
    user: grant.user,
    tools: [...grant.tools],
    targets: [...grant.targets],
    approved_by: grant.approved.map(({ user }) => user),
    issued_at: grant.issued_at,
    expires_at: grant.expires_at,
    reason: grant.reason,
  }));
  return {
    items,
    returned: items.length,
    limit: items.length,
    total: items.length,
    truncated: false,
    next_cursor: null,
    hint: null,
  };
});
