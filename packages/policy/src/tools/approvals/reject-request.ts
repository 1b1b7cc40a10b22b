import * as z from 'zod';
import { defineTool } from '../define.js';
import { decide, planToDecide, spoolOf, standing } from './spool-of.js';

export const rejectRequest = defineTool({
  name: 'reject_request',
  usage: 'reject <id>',
  summary: "Refuses another person's change; one rejection ends the request.",
  effect: 'write',
  risk: 'medium',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  examples: ['reject 3f9c2a7be01d5c44 --reason "not during the freeze"'],
  input: z.object({
    id: z.string().max(64).describe('Of the request: see `vmware-audit pending`.'),
    reason: z.string().max(500).default('').describe('Told to the requester.'),
  }),
  output: z.object({ id: z.string(), decision: z.string(), file: z.string() }),
})
  .plan(async ({ id }, { home }) => {
    const spool = await spoolOf(home);
    return planToDecide(spool, standing(spool, id), 'rejected');
  })
  .run(async ({ id, reason }, { home }) => decide(await spoolOf(home), id, 'rejected', reason));
