import * as z from 'zod';
import { capture } from '../../capture.js';
import { defineTool } from '../../define.js';
import { desiredBy } from '../../desired.js';
import { placeOf, quoted } from '../../objects.js';
import { readPlan } from '../../plan-file.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { reconcile } from '../../reconcile.js';
import { nsxScope } from '../../schema.js';
import { counted } from '../../words.js';

export const applyDfwPlan = defineTool({
  name: 'apply_dfw_plan',
  usage: 'plan apply <file>',
  summary:
    'Make policies, rules, groups and services as a YAML file declares them, all or nothing.',
  effect: 'destroy',
  risk: 'critical',
  level: 'host_admin',
  privileges: ['security_engineer'],
  idempotent: true,
  timeout: 300_000,
  flags: { nsx_scope: 'scope' },
  examples: ['plan apply shop.yaml --dry-run', 'plan apply shop.yaml --scope project:web'],
  input: z.object({
    file: z.string().min(1).max(500).describe('YAML of policies, groups and services.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    file: z.string(),
    changed: z.int(),
    removed: z.int(),
    differences_left: z.int(),
  }),
})
  .plan(async ({ file, nsx_scope }, { nsx, target }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const plan = await readPlan(file);
    const live = await capture(place, target, { inventory: false });
    const { change, changes, touched, removed, blockers } = reconcile(
      place,
      live,
      desiredBy(plan, live, place.scope),
    );
    return {
      summary: `Apply ${file}: ${counted(changes.length, 'change')}${removed > 0 ? `, ${counted(removed, 'deletion')} among them` : ''}`,
      changes: changes.length > 0 ? [...changes] : ['nothing: everything is as declared already'],
      requests: change ? [requestOf(change)] : [],
      blast_radius: {
        total: Math.max(1, touched.length),
        objects: [{ type: 'Plan', id: file, name: file }, ...touched.slice(0, 50)],
        reversible: changes.length === 0,
      },
      blockers: [...blockers],
      unmeasured: [],
    };
  })
  .run(async ({ file, nsx_scope }, { nsx, target }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const check = checkIn(nsx_scope, `plan apply ${quoted(file)} --dry-run`);
    await sendPlanned(nsx, context, check);
    const left = await lookBack(context, check, async () => {
      const live = await capture(place, target, { inventory: false });
      return reconcile(place, live, desiredBy(await readPlan(file), live, place.scope));
    });
    const { changes, requests } = context.plan;
    return {
      file,
      changed: requests.length === 0 ? 0 : changes.length,
      removed: changes.filter((said) => said.startsWith('delete ')).length,
      differences_left: left.changes.length,
    };
  });
