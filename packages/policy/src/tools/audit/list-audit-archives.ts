import * as z from 'zod';
import { archivesIn } from '../../audit/archives.js';
import { holding, holdsIn } from '../../audit/holds.js';
import { readLog } from '../../audit/query.js';
import { page, pageInput, pageOf } from '../../page.js';
import { defineTool } from '../define.js';
import { archiveRow, archiveRowOf } from './archive-row.js';

export const listAuditArchives = defineTool({
  name: 'list_audit_archives',
  usage: 'archives',
  summary: 'The archives of the audit log, oldest first, with the legal hold that keeps each.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  examples: ['archives', 'archives -o json'],
  input: z.object(pageInput),
  output: pageOf(archiveRow.extend({ hold: z.string().nullable() })),
}).run(async (input, { home }) =>
  readLog(home, (db) => {
    const holds = holdsIn(db);
    const rows = archivesIn(db).map((archive) => ({
      ...archiveRowOf(archive),
      hold: holding(holds, archive)?.name ?? null,
    }));
    return page(rows, input, ({ file }) => file);
  }),
);
