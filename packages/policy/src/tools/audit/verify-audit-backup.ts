import * as z from 'zod';
import { checkingKey } from '../../audit/anchor.js';
import { verifyBackup } from '../../audit/backup.js';
import { defineTool } from '../define.js';
import { told, verification, verifyExits } from './verification.js';

export const verifyAuditBackup = defineTool({
  name: 'verify_audit_backup',
  usage: 'backup verify <dir>',
  summary: 'Holds a backup of the audit log against its manifest, its hashes and its checkpoints.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 600_000,
  exits: verifyExits,
  examples: ['backup verify /mnt/backup/audit-2026-11-28'],
  input: z.object({ dir: z.string().describe('A folder that `vmware-audit backup` made.') }),
  output: verification,
}).run(async ({ dir }, { home }) => told(verifyBackup(dir, { key: checkingKey(home) })));
