import * as z from 'zod';
import type { Archive } from '../../audit/archives.js';

/** One archive as it is shown. */
export const archiveRow = z.object({
  file: z.string(),
  from: z.int(),
  to: z.int(),
  oldest: z.string(),
  newest: z.string(),
  bytes: z.int(),
  sha256: z.string(),
});

export const archiveRowOf = (archive: Archive): z.input<typeof archiveRow> => ({
  file: archive.file,
  from: archive.from_seq,
  to: archive.to_seq,
  oldest: archive.oldest,
  newest: archive.newest,
  bytes: archive.bytes,
  sha256: archive.sha256,
});
