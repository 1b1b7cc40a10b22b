import * as z from 'zod';
import { prunable, prune, type Retention } from '../../audit/prune.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';
import { archiveRow, archiveRowOf } from './archive-row.js';
import { recordPlan } from './record-plan.js';
import { sinceOf } from './since.js';

export const pruneAuditArchives = defineTool({
  name: 'prune_audit_archives',
  usage: 'prune',
  summary: 'Removes the oldest archives of the audit log for good, unless a legal hold keeps them.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  timeout: 600_000,
  examples: ['prune --older-than 400d', 'prune --keep-size 10GB'],
  input: z.object({
    older_than: z.string().optional().describe('Archives with no row since: 400d, or an ISO time.'),
    keep_size: z.string().optional().describe('The oldest, until so much is left: 10GB, 500MB.'),
  }),
  output: z.object({ items: z.array(archiveRow) }),
})
  .plan(async (input, { home }) => {
    const { archives, held } = prunable(home, retentionOf(input));
    const [first, last] = [archives[0], archives.at(-1)];
    return recordPlan(
      home,
      first && last
        ? `Remove ${archives.length} archives for good: rows ${first.from_seq} to ${last.to_seq}, of ${first.oldest} to ${last.newest}`
        : 'Remove no archive: none is that old',
      archives.map(({ file, sha256 }) => `${file} is removed; its SHA-256 ${sha256} is recorded`),
      {
        objects: archives.map(({ file }) => ({ type: 'archive', id: file, name: file })),
        blockers: held.map(
          ({ archive, hold }) =>
            `${archive.file} is under the legal hold "${hold.name}": ${hold.reason}`,
        ),
      },
    );
  })
  .run(async (input, { home }, { plan }) => {
    const agreed = plan.blast_radius.objects.map(({ id }) => ({ file: id }));
    const { archives } = await prune(home, retentionOf(input), agreed);
    return { items: archives.map(archiveRowOf) };
  });

interface Wanted {
  readonly older_than?: string | undefined;
  readonly keep_size?: string | undefined;
}

function retentionOf({ older_than, keep_size }: Wanted): Retention {
  if (older_than === undefined && keep_size === undefined)
    throw new Refusal(
      'INVALID_INPUT',
      'Nothing says which archives may go.',
      'Run `vmware-audit prune --older-than 400d`, or with --keep-size 10GB.',
    );
  return { before: sinceOf(older_than), keepBytes: bytesOf(keep_size) };
}

const units: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([KMGT]B)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (units[unit] ?? 0);
  throw new Refusal('INVALID_INPUT', `"${text}" is no size.`, 'Write --keep-size 10GB, or 500MB.');
}
