import * as z from 'zod';
import { defineTool } from '../../define.js';
import { ownershipBlockers, policyBlockers } from '../../guards.js';
import { deletion, placeOf, quoted, readPolicy, readRule, rulePath } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { ruleSentence } from '../../rule-fields.js';
import { nsxScope, policyId, ruleId } from '../../schema.js';

export const deleteDfwRule = defineTool({
  name: 'delete_dfw_rule',
  usage: 'rule delete <policy_id> <rule_id>',
  summary: 'Delete a firewall rule; later rules judge what it matched.',
  effect: 'destroy',
  risk: 'high',
  level: 'host_admin',
  privileges: ['security_engineer'],
  flags: { nsx_scope: 'scope' },
  examples: [
    'rule delete shop old-ftp --dry-run',
    'rule delete shop old-ftp --yes --confirm old-ftp',
  ],
  input: z.object({ policy_id: policyId, rule_id: ruleId, nsx_scope: nsxScope }),
  output: z.object({
    policy_id: z.string(),
    id: z.string(),
    status: z.literal('deleted'),
    message: z.string(),
  }),
})
  .plan(async ({ policy_id, rule_id, nsx_scope }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await readPolicy(place, policy_id);
    const rule = await readRule(place, policy_id, rule_id);
    const name = rule.display_name ?? rule.id;
    return {
      summary: `Permanently delete the rule ${name} (${rule.id}) of the policy ${policy.display_name ?? policy.id}`,
      changes: [
        `delete ${ruleSentence(rule)}${rule.disabled ? ' (disabled)' : ''}`,
        ...(rule.disabled ? [] : ['what it matched is judged by the rules after it from then on']),
      ],
      requests: [requestOf(deletion(place, rulePath(place, policy_id, rule_id)))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Rule', id: rule.id, name }],
        reversible: false,
      },
      blockers: [
        ...policyBlockers(policy, place.scope),
        ...ownershipBlockers(rule, place.scope),
        ...(rule.is_default ? [`${name} is a default rule of NSX.`] : []),
      ],
      unmeasured: [],
    };
  })
  .run(async ({ policy_id, rule_id, nsx_scope }, { nsx }, context) => {
    await sendPlanned(nsx, context, checkIn(nsx_scope, `rule list ${quoted(policy_id)}`));
    return {
      policy_id,
      id: rule_id,
      status: 'deleted' as const,
      message: context.plan.summary,
    };
  });
