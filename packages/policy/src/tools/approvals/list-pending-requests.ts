import * as z from 'zod';
import { nameOf } from '../../approvals/people.js';
import { pageOf } from '../../page.js';
import { longText } from '../../tool.js';
import { defineTool } from '../define.js';
import { spoolOf } from './spool-of.js';

export const listPendingRequests = defineTool({
  name: 'list_pending_requests',
  usage: 'pending',
  summary: 'Changes that wait for somebody to agree, with what they would do.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  columns: ['id', 'requester', 'tool', 'target', 'agreed', 'expires_at', 'summary'],
  examples: ['pending', 'pending -o json'],
  input: z.object({}),
  output: pageOf(
    z.object({
      id: z.string(),
      requester: z.string(),
      agent: z.string(),
      skill: z.string(),
      tool: z.string(),
      target: z.string(),
      environment: z.string(),
      ticket: z.string().nullable(),
      agreed: z.string(),
      expires_at: z.string(),
      summary: z.string(),
      changes: z.array(longText()),
      requests: z.array(longText()),
    }),
  ),
}).run(async (_input, { home }) => {
  const spool = await spoolOf(home);
  const now = Date.now();
  const items = spool
    .requests()
    .filter(({ value }) => Date.parse(value.expires_at) > now)
    .map(({ value: { id, subject, expires_at }, uid, sha }) => {
      const decisions = spool
        .decisions(id)
        .filter(({ value, uid: by }) => value.request_sha === sha && by !== uid);
      const agreed = decisions.filter(({ value }) => value.decision === 'approved').length;
      const isRejected = decisions.some(({ value }) => value.decision === 'rejected');
      return {
        id,
        requester: nameOf(uid),
        agent: subject.agent,
        skill: subject.skill,
        tool: subject.tool,
        target: subject.target,
        environment: subject.environment,
        ticket: subject.ticket,
        agreed: isRejected ? 'rejected' : `${agreed}/${subject.people}`,
        expires_at,
        summary: subject.plan.summary,
        changes: [...subject.plan.changes],
        requests: [...subject.plan.requests],
      };
    });
  return {
    items,
    returned: items.length,
    limit: items.length,
    total: items.length,
    truncated: false,
    next_cursor: null,
    hint:
      items.length > 0
        ? 'Decide with `vmware-audit approve <id>` or `vmware-audit reject <id>`.'
        : null,
  };
});
