import * as z from 'zod';
import { backup } from '../../audit/backup.js';
import { defineTool } from '../define.js';

export const backupAuditLog = defineTool({
  name: 'backup_audit_log',
  usage: 'backup <dir>',
  summary: 'Copies log, archives and checkpoints into a new folder, with the SHA-256 of each file.',
  effect: 'read',
  risk: 'medium',
  level: 'host_admin',
  local: true,
  cliOnly: true,
  timeout: 600_000,
  format: 'yaml',
  examples: ['backup /mnt/backup/audit-2026-11-28'],
  input: z.object({ dir: z.string().describe('A folder that does not exist yet, or is empty.') }),
  output: z.object({
    dir: z.string(),
    made_at: z.string(),
    last_seq: z.int(),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
  }),
}).run(async ({ dir }, { home }) => {
  const { made_at, last_seq, files } = await backup(home, dir);
  return {
    dir,
    made_at,
    last_seq,
    files: Object.entries(files).map(([name, facts]) => ({ name, ...facts })),
  };
});
