import * as z from 'zod';
import { endless, placeHold } from '../../audit/holds.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';
import { holdRow, holdRowOf } from './hold-row.js';
import { recordPlan } from './record-plan.js';
import { sinceOf } from './since.js';

export const placeLegalHold = defineTool({
  name: 'place_legal_hold',
  usage: 'hold place <name>',
  summary: 'Keeps the archives with rows of some days from being pruned until it is released.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  local: true,
  cliOnly: true,
  format: 'yaml',
  examples: ['hold place case-4711 --from 2026-01-01 --to 2026-04-01 --reason "Case 4711"'],
  input: z.object({
    name: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .describe('A name for it.'),
    from: z.string().describe('The first instant: an ISO time, or an age such as 90d.'),
    to: z.string().optional().describe('The last instant; without it, all that is to come too.'),
    reason: z.string().min(5).max(500).describe('Why; it is in the row that places the hold.'),
  }),
  output: holdRow,
})
  .plan(async (input, { home }) => {
    const { name, from, to, reason } = input;
    holdOf(input);
    // An age is said as it was given: its instant is another one by the time the plan is agreed to.
    const until = to === undefined ? 'on' : `to ${to}`;
    return recordPlan(
      home,
      `Place the legal hold ${name} on rows from ${from} ${until}`,
      [`archives with such rows cannot be pruned: ${reason}`],
      { objects: [{ type: 'legal hold', id: name, name }] },
    );
  })
  .run(async (input, { home }) => holdRowOf(await placeHold(home, holdOf(input))));

interface Wanted {
  readonly name: string;
  readonly from: string;
  readonly to?: string | undefined;
  readonly reason: string;
}

function holdOf({ name, from, to, reason }: Wanted) {
  const hold = { name, from_ts: sinceOf(from) ?? '', to_ts: sinceOf(to) ?? endless, reason };
  if (hold.from_ts <= hold.to_ts) return hold;
  throw new Refusal(
    'INVALID_INPUT',
    `The hold would end before it begins: ${hold.from_ts} to ${hold.to_ts}.`,
    'Write --from 2026-01-01 --to 2026-04-01.',
  );
}
