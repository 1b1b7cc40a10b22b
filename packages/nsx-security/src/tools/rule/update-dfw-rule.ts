import type { Rule } from '@vmware/clients/nsx';
import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { fieldChanges } from '../../field-changes.js';
import { ownershipBlockers, policyBlockers } from '../../guards.js';
import { placeOf, quoted, readPolicy, readRule, replacement } from '../../objects.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { ruleBlockers, ruleLists } from '../../rule-fields.js';
import { rowOf, ruleRow } from '../../rule-row.js';
import {
  action,
  description,
  direction,
  displayName,
  endpoints,
  ipProtocol,
  nsxScope,
  policyId,
  ruleId,
  sequenceNumber,
  serviceNames,
} from '../../schema.js';
import { backToRule } from '../../undo/rules.js';

export const updateDfwRule = defineTool({
  name: 'update_dfw_rule',
  usage: 'rule update <policy_id> <rule_id>',
  summary: 'Change fields of a distributed firewall rule; what is not given stays as it is.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', sequence_number: 'seq', scope: 'applied-to', nsx_scope: 'scope' },
  examples: ['rule update shop web-in --logged', 'rule update shop old-ftp --disabled --dry-run'],
  input: z.object({
    policy_id: policyId,
    rule_id: ruleId,
    display_name: displayName.optional().describe('Name people see.'),
    action: action.optional().describe('What to do with what matches.'),
    sources: endpoints.optional().describe('All of them anew: groups, addresses, or ANY.'),
    destinations: endpoints.optional().describe('Like sources.'),
    services: serviceNames.optional().describe('All of them anew, or ANY.'),
    scope: endpoints.optional().describe('Groups it is applied to, or ANY.'),
    direction: direction.optional().describe('Seen from the VM.'),
    ip_protocol: ipProtocol.optional().describe('IP version.'),
    logged: z.boolean().optional().describe('Log matches.'),
    disabled: z.boolean().optional().describe('Switch it off.'),
    sequence_number: sequenceNumber.optional().describe('Order within the policy.'),
    description: description.optional().describe('What it is for.'),
    nsx_scope: nsxScope,
  }),
  output: ruleRow,
})
  .plan(async (input, { nsx }, context) => {
    const { policy_id, rule_id, nsx_scope, ...given } = input;
    const { sources, destinations, services, scope, ...fields } = given;
    if (Object.values(given).every((value) => value === undefined))
      throw new Refusal(
        'INVALID_INPUT',
        'Nothing to change was given.',
        'Give at least one field, such as action, sources, logged or sequence_number.',
      );
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await readPolicy(place, policy_id);
    const rule = await readRule(place, policy_id, rule_id);
    const lists = await ruleLists(place, { sources, destinations, services, scope });
    const differing = fieldChanges(rule, { ...fields, ...lists });
    const { changes, values } = differing;
    const which = { policy_id, rule_id: rule.id, nsx_scope };
    const undo = changes.length > 0 ? backToRule(which, rule, differing) : undefined;
    const name = rule.display_name ?? rule.id;
    return {
      summary: `Update the rule ${name} (${rule.id}) of the policy ${policy.display_name ?? policy.id}`,
      changes: changes.length > 0 ? changes : ['nothing: every field has this value already'],
      requests: changes.length > 0 ? [requestOf(replacement(place, rule, values))] : [],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Rule', id: rule.id, name }],
        reversible: undo !== undefined || changes.length === 0,
      },
      blockers: [
        ...policyBlockers(policy, place.scope),
        ...ownershipBlockers(rule, place.scope),
        ...ruleBlockers(
          {
            action: fields.action ?? rule.action,
            ...(fields.ip_protocol && { ip_protocol: fields.ip_protocol }),
          },
          policy,
        ),
      ],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ policy_id, rule_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `rule list ${quoted(policy_id)}`);
    const written = await sendPlanned<Rule | undefined>(nsx, context, check);
    const place = placeOf(nsx, nsx_scope, context);
    return rowOf(
      written ?? (await lookBack(context, check, () => readRule(place, policy_id, rule_id))),
    );
  });
