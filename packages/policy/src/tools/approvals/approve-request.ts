import * as z from 'zod';
import { defineTool } from '../define.js';
import { decide, planToDecide, spoolOf, standing } from './spool-of.js';

export const approveRequest = defineTool({
  name: 'approve_request',
  usage: 'approve <id>',
  summary: "Agrees to another person's change as its request shows it, once.",
  effect: 'write',
  risk: 'high',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  examples: ['approve 3f9c2a7be01d5c44', 'approve 3f9c2a7be01d5c44 --reason "agreed by phone"'],
  input: z.object({
    id: z.string().max(64).describe('Of the request: see `vmware-audit pending`.'),
    reason: z.string().max(500).default('').describe('Kept with the decision.'),
  }),
  output: z.object({ id: z.string(), decision: z.string(), file: z.string() }),
})
  .plan(async ({ id }, { home }) => {
    const spool = await spoolOf(home);
    return planToDecide(spool, standing(spool, id), 'approved');
  })
  .run(async ({ id, reason }, { home }) => decide(await spoolOf(home), id, 'approved', reason));
