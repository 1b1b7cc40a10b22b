import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { capture } from '../../capture.js';
import { defineTool } from '../../define.js';
import { exclusionRestore } from '../../exclusions.js';
import { placeOf, quoted } from '../../objects.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { reconcile } from '../../reconcile.js';
import { wantedBy } from '../../restore.js';
import { nsxScope } from '../../schema.js';
import { readSnapshot } from '../../snapshot-file.js';
import { counted } from '../../words.js';

export const restoreDfw = defineTool({
  name: 'restore_dfw',
  usage: 'snapshot restore <snapshot>',
  summary:
    'Put policies, rules, groups, services and the exclude list back to what a snapshot has.',
  effect: 'destroy',
  risk: 'critical',
  level: 'host_admin',
  privileges: ['security_engineer'],
  timeout: 600_000,
  flags: { nsx_scope: 'scope' },
  examples: ['snapshot restore before-change --dry-run', 'snapshot restore before-change'],
  input: z.object({
    snapshot: z.string().min(1).max(500).describe('Name or path of a snapshot.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    snapshot: z.string(),
    taken_at: z.string(),
    changed: z.int(),
    removed: z.int(),
    differences_left: z.int(),
  }),
})
  .plan(async ({ snapshot: file, nsx_scope }, { nsx, target, directory }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const snapshot = readSnapshot(directory, file);
    if (snapshot.nsx_scope !== place.scope.name)
      throw new Refusal(
        'INVALID_INPUT',
        `The snapshot is of the scope ${snapshot.nsx_scope}, not of ${place.scope.name}.`,
        `Give nsx_scope ${snapshot.nsx_scope} (--scope ${snapshot.nsx_scope}).`,
      );
    const live = await capture(place, target, { inventory: false });
    const plan = reconcile(place, live, wantedBy(snapshot, live));
    const exclusion = await exclusionRestore(place, snapshot, live);
    const changes = [...plan.changes, ...(exclusion ? [exclusion.said] : [])];
    return {
      summary: `Restore the firewall of ${target.name} to ${file} of ${snapshot.taken_at}: ${counted(changes.length, 'difference')}`,
      changes: changes.length > 0 ? changes : ['nothing: it is as in the snapshot already'],
      // A group that goes must be off the list before, one that comes can only be on it afterwards.
      requests: (exclusion?.first
        ? [exclusion.change, plan.change]
        : [plan.change, exclusion?.change]
      ).flatMap((change) => (change ? [requestOf(change)] : [])),
      blast_radius: {
        total: Math.max(1, changes.length),
        objects: [{ type: 'Snapshot', id: file, name: file }, ...plan.touched.slice(0, 50)],
        reversible: changes.length === 0,
      },
      blockers: [...plan.blockers],
      unmeasured: [
        ...(snapshot.exclude_list === null ? ['the exclude list, which the snapshot lacks'] : []),
        ...(live.exclude_list === null ? ['the exclude list, which cannot be read now'] : []),
      ],
    };
  })
  .run(async ({ snapshot: file, nsx_scope }, { nsx, target, directory }, context) => {
    const check = checkIn(nsx_scope, `snapshot diff ${quoted(file)}`);
    await sendPlanned(nsx, context, check);
    const place = placeOf(nsx, nsx_scope, context);
    const { changes, requests } = context.plan;
    return lookBack(context, check, async () => {
      const snapshot = readSnapshot(directory, file);
      const now = await capture(place, target, { inventory: false });
      const left = reconcile(place, now, wantedBy(snapshot, now));
      const exclusion = await exclusionRestore(place, snapshot, now);
      return {
        snapshot: file,
        taken_at: snapshot.taken_at,
        changed: requests.length === 0 ? 0 : changes.length,
        removed: changes.filter((said) => said.startsWith('delete ')).length,
        differences_left: left.changes.length + (exclusion ? 1 : 0),
      };
    });
  });
