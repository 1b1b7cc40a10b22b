import * as z from 'zod';
import { rotate } from '../../audit/rotate.js';
import { defineTool } from '../define.js';
import { archiveRow, archiveRowOf } from './archive-row.js';
import { recordPlan } from './record-plan.js';
import { sinceOf } from './since.js';

export const rotateAuditLog = defineTool({
  name: 'rotate_audit_log',
  usage: 'rotate',
  summary: 'Moves the oldest rows of audit.db into sealed archives; nothing is lost.',
  effect: 'write',
  risk: 'medium',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  timeout: 600_000,
  examples: ['rotate --keep 10000 --yes', 'rotate --before 90d'],
  input: z.object({
    keep: z.int().min(0).default(0).describe('The newest rows that stay in audit.db.'),
    before: z.string().optional().describe('Rows before an ISO time or an age such as 90d only.'),
  }),
  output: z.object({ items: z.array(archiveRow) }),
})
  .plan(async ({ keep, before }, { home }) => {
    sinceOf(before);
    return recordPlan(home, 'Move the oldest rows of the audit log into archives', [
      `the newest ${keep} rows stay, and those of changes under way`,
      // As it was given: the instant of an age is another one by the time the plan is agreed to.
      ...(before === undefined ? [] : [`of the others, those that are not before ${before} stay`]),
      'each archive is sealed by a signed row with its SHA-256',
    ]);
  })
  .run(async ({ keep, before }, { home }) => ({
    items: (await rotate(home, { rows: keep, since: sinceOf(before) })).map(archiveRowOf),
  }));
