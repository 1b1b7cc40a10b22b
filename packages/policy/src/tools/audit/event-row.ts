import * as z from 'zod';
import type { Event } from '../../audit/event.js';
import { longText } from '../../tool.js';

/** One row of the log as it is shown. */
export const eventRow = z.object({
  seq: z.int(),
  time: z.string(),
  skill: z.string(),
  tool: z.string(),
  target: z.string(),
  status: z.string(),
  user: z.string(),
  agent: z.string(),
  phase: z.string(),
  risk: z.string(),
  decision: z.string(),
  rule: z.string(),
  duration_ms: z.number(),
  operation: z.string(),
  environment: z.string(),
  summary: longText(),
});

export const rowOf = (event: Event): z.input<typeof eventRow> => ({
  seq: event.seq,
  time: event.ts,
  skill: event.skill,
  tool: event.tool,
  target: event.target,
  status: event.status,
  user: event.actor,
  agent: event.agent,
  phase: event.phase,
  risk: event.risk,
  decision: event.decision,
  rule: event.rule,
  duration_ms: event.duration_us / 1000,
  operation: event.op_id,
  environment: event.environment,
  summary: summaryOf(event.body),
});

interface Body {
  readonly error?: { readonly message?: string };
  readonly plan?: { readonly summary?: string };
  readonly args?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** The one thing worth reading in a row: the error, the plan, what was asked, or what came of it. */
function summaryOf(body: string): string {
  const { error, plan, args, result } = JSON.parse(body) as Body;
  if (error?.message) return error.message;
  if (plan?.summary) return plan.summary;
  if (args) return Object.keys(args).length > 0 ? JSON.stringify(args) : '';
  return result ? JSON.stringify(result) : '';
}

/** Filters that `log` and `export` share. */
export const filterInput = {
  since: z
    .string()
    .optional()
    .describe('Rows since an ISO time, or an age such as 30m, 24h or 7d.'),
  skill: z.string().optional().describe('Rows of one skill, such as vsphere.'),
  tool: z.string().optional().describe('Rows of one tool.'),
  status: z
    .string()
    .optional()
    .describe('ok, preview, denied, failed, unknown, pending, in_doubt.'),
  user: z.string().optional().describe('Rows of one user.'),
  target: z.string().optional().describe('Rows of one target.'),
};
