import * as z from 'zod';
import { defineTool } from '../../define.js';
import { policyBlockers } from '../../guards.js';
import { deletion, placeOf, policyPath, quoted, readPolicy, readRules } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { nsxScope, policyId } from '../../schema.js';

export const deleteDfwPolicy = defineTool({
  name: 'delete_dfw_policy',
  usage: 'policy delete <policy_id>',
  summary: 'Delete a distributed firewall policy that has no rules; refuses one that has.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['security_engineer'],
  flags: { nsx_scope: 'scope' },
  examples: ['policy delete old-shop --dry-run', 'policy delete old-shop --yes --confirm old-shop'],
  input: z.object({ policy_id: policyId, nsx_scope: nsxScope }),
  output: z.object({ id: z.string(), status: z.literal('deleted'), message: z.string() }),
})
  .plan(async ({ policy_id, nsx_scope }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await readPolicy(place, policy_id);
    const rules = await readRules(place, policy_id);
    const name = policy.display_name ?? policy.id;
    const ids = rules.slice(0, 20).map(({ id }) => id);
    return {
      summary: `Permanently delete the policy ${name} (${policy.id})`,
      changes: [`delete ${policy.path}`],
      requests: [requestOf(deletion(place, policyPath(place, policy_id)))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'SecurityPolicy', id: policy.id, name }],
        reversible: false,
      },
      blockers: [
        ...policyBlockers(policy, place.scope),
        ...(policy.is_default ? [`${name} is a default policy of NSX.`] : []),
        ...(rules.length > 0
          ? [
              `It has ${rules.length} rule${rules.length === 1 ? '' : 's'}: ${ids.join(', ')}${rules.length > ids.length ? ', …' : ''}. Delete them first.`,
            ]
          : []),
      ],
      unmeasured: [],
    };
  })
  .run(async ({ policy_id, nsx_scope }, { nsx }, context) => {
    await sendPlanned(nsx, context, checkIn(nsx_scope, `policy get ${quoted(policy_id)}`));
    return { id: policy_id, status: 'deleted' as const, message: context.plan.summary };
  });
