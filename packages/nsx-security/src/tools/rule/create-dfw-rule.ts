import type { Rule } from '@vmware/clients/nsx';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { policyBlockers } from '../../guards.js';
import { creation, existing, placeOf, quoted, readPolicy, rulePath } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { ruleBlockers, ruleLists, ruleSentence } from '../../rule-fields.js';
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
import { withoutRule } from '../../undo/rules.js';

const any = ['ANY'];

export const createDfwRule = defineTool({
  name: 'create_dfw_rule',
  usage: 'rule create <policy_id> <rule_id>',
  summary: 'Create a distributed firewall rule in a policy; refuses an id that exists.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', sequence_number: 'seq', scope: 'applied-to', nsx_scope: 'scope' },
  examples: [
    'rule create shop web-to-app --name "Web to app" --sources web-servers --destinations app-servers --services shop-app',
    'rule create shop deny-rest --name Rest --action DROP --destinations shop --logged --seq 90 --dry-run',
  ],
  input: z.object({
    policy_id: policyId,
    rule_id: ruleId,
    display_name: displayName.describe('Name people see.'),
    action: action.default('ALLOW').describe('What to do with what matches.'),
    sources: endpoints.optional().describe('Groups, addresses, prefixes, ranges; all if absent.'),
    destinations: endpoints.optional().describe('Like sources.'),
    services: serviceNames.optional().describe('Services; all if absent.'),
    scope: endpoints.optional().describe('Groups it is applied to; the whole DFW if absent.'),
    direction: direction.default('IN_OUT').describe('Seen from the VM.'),
    ip_protocol: ipProtocol.optional().describe('IPV4_IPV6 if absent.'),
    logged: z.boolean().default(false).describe('Log matches.'),
    disabled: z.boolean().default(false).describe('Create it switched off.'),
    sequence_number: sequenceNumber.default(10).describe('Order within the policy.'),
    description: description.default('').describe('What it is for.'),
    nsx_scope: nsxScope,
  }),
  output: ruleRow,
})
  .plan(async (input, { nsx }, context) => {
    const { policy_id, rule_id, nsx_scope, description, ip_protocol, ...rest } = input;
    const { sources = any, destinations = any, services = any, scope = any, ...fields } = rest;
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await readPolicy(place, policy_id);
    const path = rulePath(place, policy_id, rule_id);
    const there = await existing(place, path);
    const lists = await ruleLists(place, { sources, destinations, services, scope });
    const body = {
      resource_type: 'Rule',
      ...fields,
      ...lists,
      ...(policy.category === 'Ethernet' ? {} : { ip_protocol: ip_protocol ?? 'IPV4_IPV6' }),
      ...(description !== '' && { description }),
    };
    const undo = withoutRule({ policy_id, rule_id, nsx_scope }, body);
    return {
      summary: `Create the rule ${fields.display_name} (${rule_id}) in the policy ${policy.display_name ?? policy.id}`,
      changes: [ruleSentence(body as unknown as Rule)],
      requests: [requestOf(creation(place, path, body))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Rule', id: rule_id, name: fields.display_name }],
        reversible: undo !== undefined,
      },
      blockers: [
        ...(there === undefined ? [] : [there]),
        ...policyBlockers(policy, place.scope),
        ...ruleBlockers({ action: fields.action, ...(ip_protocol && { ip_protocol }) }, policy),
      ],
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ policy_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `rule list ${quoted(policy_id)}`);
    return rowOf(await sendPlanned<Rule>(nsx, context, check));
  });
