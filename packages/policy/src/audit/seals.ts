import * as z from 'zod';
import { adminRow } from './admin.js';
import type { Draft, Event } from './event.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const range = z.object({
  archive: z.string(),
  from: z.int(),
  to: z.int(),
  sha256,
  last_hash: sha256,
});

/** Rows that were moved to an archive: which, the file, its SHA-256, and the hash of the last of them. */
export type Range = z.output<typeof range>;

/** A range, and the row that says so. */
export interface Seal extends Range {
  readonly seq: number;
}

export const sealRow = (sealed: Range): Draft => ({
  ...adminRow('rotate_audit_log', 'sealed', sealed),
  phase: 'seal',
});

export const prunedRow = (pruned: readonly Range[]): Draft =>
  adminRow('prune_audit_archives', 'pruned', { pruned });

/** What a seal row says; undefined when it says nothing that can be read. */
export function sealIn({ seq, body }: Event): Seal | undefined {
  const said = read(range, body);
  return said && { ...said, seq };
}

const pruning = z.object({ pruned: z.array(range) });

export function prunedIn({ seq, status, body }: Event): Seal[] {
  if (status !== 'pruned') return [];
  return (read(pruning, body)?.pruned ?? []).map((one) => ({ ...one, seq }));
}

function read<Said>(schema: z.ZodType<Said>, body: string): Said | undefined {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
