import * as z from 'zod';
import { endless, type Hold } from '../../audit/holds.js';

/** One legal hold as it is shown; without an end `to` is null. */
export const holdRow = z.object({
  name: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  reason: z.string(),
  placed_by_row: z.int(),
});

export const holdRowOf = (hold: Hold): z.input<typeof holdRow> => ({
  name: hold.name,
  from: hold.from_ts,
  to: hold.to_ts === endless ? null : hold.to_ts,
  reason: hold.reason,
  placed_by_row: hold.placed_seq,
});
