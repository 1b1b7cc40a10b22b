import { existsSync } from 'node:fs';
import * as z from 'zod';
import { Refusal } from '../refusal.js';
import { cleanDeep } from '../sanitize/mark.js';
import { redactDeep } from '../sanitize/redact.js';
import { adminRow } from './admin.js';
import { openDatabase } from './driver.js';
import { canonical, type Draft, sha256Hex } from './event.js';

/** A row of the `audit_log` table that the Python programs write. The last three columns came later. */
const familyRow = z.object({
  id: z.int(),
  ts: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'it is no time'),
  skill: z.string(),
  tool: z.string(),
  params: z.string(),
  result: z.string(),
  status: z.string(),
  duration_ms: z.int(),
  agent: z.string(),
  workflow_id: z.string(),
  user: z.string(),
  risk_level: z.string(),
  rationale: z.string().default(''),
  approved_by: z.string().default(''),
  risk_tier: z.string().default(''),
});

export interface FamilyRow {
  readonly draft: Draft;
  /** Of the row as it was: the same row is the same digest in any copy of the file. */
  readonly digest: string;
}

export interface Broken {
  readonly id: string;
  readonly why: string;
}

/**
 * Every row of the Python programs' table, in their order, as a row of ours or as what is wrong with it. The file
 * is read only. Throws NOT_FOUND where there is no such table.
 */
export function* familyRows(file: string): Generator<FamilyRow | Broken> {
  if (!existsSync(file)) throw noTable(file);
  const { db } = openDatabase(file, { readonly: true });
  try {
    if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit_log'").get())
      throw noTable(file);
    for (const row of db.prepare('SELECT * FROM audit_log ORDER BY id').iterate())
      yield readRow(row);
  } finally {
    db.close();
  }
}

const noTable = (file: string) =>
  new Refusal(
    'NOT_FOUND',
    `${file} has no table audit_log of the Python programs.`,
    'Name the file that has it: `vmware-audit import` reads ~/.vmware/audit.db otherwise.',
  );

function readRow(row: unknown): FamilyRow | Broken {
  const { data, error } = familyRow.safeParse(row);
  if (!data) {
    const { id } = row as { id?: unknown };
    const why = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    return { id: String(id), why };
  }
  const { params, result, ...facts } = data;
  const imported = { ...facts, params: told(params), result: told(result) };
  return {
    digest: sha256Hex(canonical(row)),
    draft: {
      ...adminRow(data.tool, 'imported', cleanDeep(redactDeep({ imported })) as Draft['body']),
      skill: data.skill,
      actor: data.user,
      agent: data.agent,
      risk: data.risk_level,
      duration_us: data.duration_ms * 1000,
    },
  };
}

const longest = 8_192;

/** JSON as it is, text as text, and of what is too long its size and digest. */
function told(text: string): unknown {
  if (text.length > longest) return { bytes: Buffer.byteLength(text), sha256: sha256Hex(text) };
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
