import * as z from 'zod';
import { watch } from '../../audit/watch.js';
import { defineTool } from '../define.js';
import { told, verification, verifyExits } from './verification.js';

export const watchAuditLog = defineTool({
  name: 'watch_audit_log',
  usage: 'watch',
  summary: 'Verifies the audit log against what an auditor noted of it before, and notes it anew.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  cliOnly: true,
  timeout: 600_000,
  exits: verifyExits,
  examples: ['watch --state /mnt/auditor/host-7.json'],
  input: z.object({
    state: z.string().describe('What the auditor keeps, out of reach of whoever owns the log.'),
  }),
  output: verification.extend({ known: z.int().nullable() }),
}).run(async ({ state }, { home }) => {
  const { verification: said, known } = watch(home, state);
  return { ...told(said), known };
});
