import { createHash } from 'node:crypto';
import * as z from 'zod';
import { capture } from '../../capture.js';
import { defineTool } from '../../define.js';
import { placeOf } from '../../objects.js';
import { nsxScope } from '../../schema.js';
import { snapshotPath, writeSnapshot } from '../../snapshot-file.js';

export const snapshotDfw = defineTool({
  name: 'snapshot_dfw',
  usage: 'snapshot take <file>',
  summary:
    'Write the whole firewall configuration to a new file, to compare, analyze or restore later.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 300_000,
  flags: { nsx_scope: 'scope', inventory: 'inventory' },
  examples: ['snapshot take before-change', 'snapshot take /backup/dfw-2026-11.json'],
  input: z.object({
    file: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe('Name in ~/.vmware-nsx-security/snapshots, or a path.'),
    inventory: z.boolean().default(true).describe('VMs and ports too, for analyses.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    file: z.string(),
    sha256: z.string(),
    taken_at: z.string(),
    policies: z.int(),
    rules: z.int(),
    groups: z.int(),
    services: z.int(),
    virtual_machines: z.int().nullable(),
    unreadable: z.array(z.string()),
  }),
}).run(async ({ file, inventory, nsx_scope }, { nsx, target, directory }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const snapshot = await capture(place, target, { inventory });
  const path = snapshotPath(
    directory,
    file ?? `${target.name}-${snapshot.taken_at.replaceAll(/[:.]/g, '-')}`,
  );
  const text = writeSnapshot(path, snapshot);
  return {
    file: path,
    sha256: createHash('sha256').update(text).digest('hex'),
    taken_at: snapshot.taken_at,
    policies: snapshot.policies.length,
    rules: snapshot.policies.reduce((sum, { rules }) => sum + rules.length, 0),
    groups: snapshot.groups.length,
    services: snapshot.services.length,
    virtual_machines: snapshot.virtual_machines?.length ?? null,
    unreadable: Object.entries(snapshot).flatMap(([name, value]) => (value === null ? [name] : [])),
  };
});
