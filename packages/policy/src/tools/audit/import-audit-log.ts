import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { importFamily, planImport } from '../../audit/import.js';
import { defineTool } from '../define.js';
import { recordPlan } from './record-plan.js';

export const importAuditLog = defineTool({
  name: 'import_audit_log',
  usage: 'import <file>',
  summary: "Copies the rows of the Python programs' audit.db into the audit log, each once.",
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  local: true,
  cliOnly: true,
  idempotent: true,
  timeout: 600_000,
  examples: ['import', 'import ~/.vmware/audit.20260101-000000.db --yes'],
  input: z.object({
    file: z
      .string()
      .default(join('~', '.vmware', 'audit.db'))
      .describe('The SQLite file with their table audit_log; it is only read.'),
  }),
  output: z.object({
    added: z.int(),
    known: z.int(),
    broken: z.int(),
    broken_rows: z.array(z.object({ id: z.string(), why: z.string() })),
  }),
})
  .plan(async ({ file }, { home }) => {
    const { added, known, broken } = planImport(home, pathOf(file));
    return recordPlan(
      home,
      `Import ${added} rows from ${file}`,
      [
        `${added} rows are added, each with its own time in its body`,
        `${known} are in the log already`,
        ...broken.slice(0, 20).map(({ id, why }) => `row ${id} cannot be read: ${why}`),
      ],
      { objects: [{ type: 'file', id: pathOf(file), name: file }] },
    );
  })
  .run(async ({ file }, { home }) => {
    const { added, known, broken } = await importFamily(home, pathOf(file));
    return { added, known, broken: broken.length, broken_rows: broken.slice(0, 1_000) };
  });

/** A shell does not expand a default. */
const pathOf = (file: string): string => file.replace(/^~(?=\/)/, homedir());
