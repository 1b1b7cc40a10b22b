import * as z from 'zod';
import { holdNamed, holds, releaseHold } from '../../audit/holds.js';
import { defineTool } from '../define.js';
import { holdRow, holdRowOf } from './hold-row.js';
import { recordPlan } from './record-plan.js';

export const releaseLegalHold = defineTool({
  name: 'release_legal_hold',
  usage: 'hold release <name>',
  summary: 'Ends a legal hold: archives that it kept can be pruned from then on.',
  effect: 'write',
  risk: 'high',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  format: 'yaml',
  examples: ['hold release case-4711 --reason "Case closed on 2026-11-02"'],
  input: z.object({
    name: z.string().describe('Its name: see `vmware-audit hold list`.'),
    reason: z.string().min(5).max(500).describe('Why; it is in the row that ends the hold.'),
  }),
  output: holdRow,
})
  .plan(async ({ name, reason }, { home }) => {
    const hold = holdNamed(holds(home), name);
    return recordPlan(
      home,
      `Release the legal hold ${name} that row ${hold.placed_seq} placed`,
      [`archives from ${hold.from_ts} on can be pruned: ${reason}`],
      { objects: [{ type: 'legal hold', id: name, name }] },
    );
  })
  .run(async ({ name, reason }, { home }) => holdRowOf(await releaseHold(home, name, reason)));
