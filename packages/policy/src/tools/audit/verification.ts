import * as z from 'zod';
import { type Verification, verdicts } from '../../audit/verify.js';

/** What verifying a log, a backup or a watched log answers. */
export const verification = z.object({
  verdict: z.enum(verdicts),
  first_bad_row: z.int().nullable(),
  problem: z.string().nullable(),
  remedy: z.string().nullable(),
  rows: z.int(),
  archives: z.int(),
  checkpoints: z.int(),
  in_doubt: z.int(),
  lost: z.array(z.object({ from: z.int(), to: z.int(), why: z.enum(['pruned', 'restored']) })),
  head: z.string().nullable(),
});

/** A command that verifies ends with its verdict. */
export const verifyExits = {
  field: 'verdict',
  codes: { intact: 0, tampered: 1, incomplete: 2, unreadable: 3 },
} as const;

export const told = (said: Verification): z.input<typeof verification> => ({
  ...said,
  lost: [...said.lost],
});
