import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { capture } from '../../capture.js';
import { defineTool, type NsxClients } from '../../define.js';
import { diffSnapshots } from '../../dfw/index.js';
import type { Snapshot } from '../../dfw/snapshot.js';
import { placeOf } from '../../objects.js';
import { listInput, rowsPage } from '../../rows.js';
import { nsxScope } from '../../schema.js';
import { readSnapshot } from '../../snapshot-file.js';

const difference = z.object({
  change: z.string(),
  type: z.string(),
  display_name: z.string(),
  path: z.string(),
  fields: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
});

const end = z.string().min(1).max(500);

export const diffDfw = defineTool({
  name: 'diff_dfw',
  usage: 'snapshot diff <before> <after>',
  summary:
    'Differences between two snapshots, between a snapshot and now, or between two managers.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  timeout: 300_000,
  columns: ['change', 'type', 'display_name', 'path'],
  flags: { nsx_scope: 'scope' },
  offline: ['before', 'after'],
  examples: [
    'snapshot diff before-change',
    'snapshot diff before.json after.json -o yaml',
    'snapshot diff --other-target dr',
  ],
  input: z.object({
    before: end.optional().describe('Snapshot; absent with other_target.'),
    after: end.optional().describe('Snapshot; what is there now if absent.'),
    other_target: z.string().max(64).optional().describe('Compare with this target instead.'),
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(difference).extend({
    before: z.string(),
    after: z.string(),
    not_compared: z.array(z.string()),
  }),
}).run(async ({ before, after, other_target, nsx_scope, ...wanted }, clients, context) => {
  const read = (file: string) => readSnapshot(clients.directory, file);
  const live = (from: Pick<NsxClients, 'nsx' | 'target'>) =>
    capture(placeOf(from.nsx, nsx_scope, context), from.target, { inventory: false });
  const [a, b] = await Promise.all([
    before === undefined ? live(clients) : read(before),
    after !== undefined
      ? read(after)
      : other_target === undefined
        ? live(clients)
        : otherTarget(clients, other_target).then(live),
  ]);
  const { changes, not_compared } = diffSnapshots(a, b);
  const { items, ...envelope } = rowsPage(
    changes,
    wanted,
    ({ type, path }) => `${type}\u0000${path}`,
  );
  return {
    ...envelope,
    items: items.map(({ fields, ...one }) => ({
      ...one,
      fields: fields.map((field) => ({
        field: field.field,
        before: JSON.stringify(field.before) ?? 'null',
        after: JSON.stringify(field.after) ?? 'null',
      })),
    })),
    before: named(a, before),
    after: named(b, after),
    not_compared: [...not_compared],
  };
});

async function otherTarget(clients: NsxClients, name: string) {
  const nsx = await clients.another(name);
  return { nsx, target: { name, host: nsx.endpoint.host, username: '' } };
}

const named = ({ manager, taken_at }: Snapshot, file: string | undefined): string =>
  `${file ?? manager.name} (${taken_at})`;
