import * as z from 'zod';
import { verifyLog } from '../../audit/verify.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';
import { told, verification, verifyExits } from './verification.js';

export const verifyAuditLog = defineTool({
  name: 'verify_audit_log',
  usage: 'verify',
  summary: 'Recomputes every hash and checks every signed checkpoint and archive of the audit log.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 600_000,
  exits: verifyExits,
  examples: ['verify', 'verify --anchor /mnt/auditor/audit.anchor', 'verify --from 90000 -o json'],
  input: z.object({
    from: z.int().min(1).optional().describe('First row to check; those before are trusted.'),
    anchor: z.string().optional().describe('An anchor file that was kept elsewhere.'),
    archive_dir: z.string().optional().describe('Where the archives are, if not beside the log.'),
  }),
  output: verification,
}).run(async ({ from, anchor, archive_dir }, { home }) => {
  const said = verifyLog(home, { from, anchor, archiveDir: archive_dir });
  if (from !== undefined && said.rows === 0 && said.verdict === 'intact')
    throw new Refusal(
      'INVALID_INPUT',
      `There is no row ${from}.`,
      'Run `vmware-audit tail` to see the last rows.',
    );
  return told(said);
});
