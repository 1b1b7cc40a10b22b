import * as z from 'zod';
import { verifyLog } from '../../audit/verify.js';
import { Refusal } from '../../refusal.js';
import { defineTool } from '../define.js';

export const verifyAuditLog = defineTool({
  name: 'verify_audit_log',
  usage: 'verify',
  summary: 'Recomputes every hash and checks every signed checkpoint of the audit log.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  diagnostic: true,
  timeout: 600_000,
  input: z.object({}),
  output: z.object({
    verdict: z.enum(['intact', 'incomplete']),
    rows: z.int(),
    checkpoints: z.int(),
    in_doubt: z.int(),
    head: z.string().nullable(),
  }),
}).run(async (_input, { home }) => {
  const { verdict, first_bad_row, problem, ...facts } = verifyLog(home);
  if (verdict === 'tampered')
    throw new Refusal(
      'TAMPERED',
      `${home.auditDb} was tampered with. ${problem}`,
      `Keep a copy of ${home.dir}, restore audit.db from a backup, and run \`vmware-audit verify\` again.`,
      { first_bad_row, rows_intact: facts.rows },
    );
  return { verdict, ...facts };
});
