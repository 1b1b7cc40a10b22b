import { Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { fieldChanges } from '../../field-changes.js';
import { policyBlockers } from '../../guards.js';
import { childOf, hierarchical } from '../../hierarchy.js';
import { placeOf, quoted, readPolicy, writable } from '../../objects.js';
import { checkIn, lookBack, requestOf, sendPlanned } from '../../planned-request.js';
import { description, displayName, nsxScope, policyId, sequenceNumber } from '../../schema.js';
import { backToPolicy } from '../../undo/policies.js';

export const updateDfwPolicy = defineTool({
  name: 'update_dfw_policy',
  usage: 'policy update <policy_id>',
  summary: 'Change fields of a distributed firewall policy; its rules and all other fields stay.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', sequence_number: 'seq', nsx_scope: 'scope' },
  examples: ['policy update shop --seq 20', 'policy update shop --no-stateful'],
  input: z.object({
    policy_id: policyId,
    display_name: displayName.optional().describe('Name people see.'),
    description: description.optional().describe('What it is for.'),
    sequence_number: sequenceNumber.optional().describe('Order within the category.'),
    stateful: z.boolean().optional().describe('Track connections.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    description: z.string(),
    sequence_number: z.int().nullable(),
    stateful: z.boolean().nullable(),
    path: z.string(),
    _revision: z.int().nullable(),
  }),
})
  .plan(async ({ policy_id, nsx_scope, ...fields }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const { rules: _, ...policy } = await readPolicy(place, policy_id);
    const differing = fieldChanges(policy, fields);
    const { changes, values } = differing;
    if (Object.keys(values).length === 0)
      throw new Refusal(
        'INVALID_INPUT',
        'Nothing to change was given.',
        'Give at least one of display_name, description, sequence_number and stateful.',
      );
    // A PUT would carry every rule, and undo what somebody does to one of them meanwhile.
    const change = hierarchical(place.scope, {
      domain: [childOf('SecurityPolicy', { ...writable(policy), ...values, id: policy.id })],
    });
    const undo = changes.length > 0 ? backToPolicy(policy, differing, nsx_scope) : undefined;
    return {
      summary: `Update the policy ${policy.display_name ?? policy.id} (${policy.id})`,
      changes: changes.length > 0 ? changes : ['nothing: every field has this value already'],
      requests: changes.length > 0 ? [requestOf(change)] : [],
      blast_radius: {
        total: 1,
        objects: [
          { type: 'SecurityPolicy', id: policy.id, name: policy.display_name ?? policy.id },
        ],
        reversible: undo !== undefined || changes.length === 0,
      },
      blockers: policyBlockers(policy, place.scope),
      unmeasured: [],
      ...(undo && { undo }),
    };
  })
  .run(async ({ policy_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `policy get ${quoted(policy_id)}`);
    await sendPlanned(nsx, context, check);
    const place = placeOf(nsx, nsx_scope, context);
    const policy = await lookBack(context, check, () => readPolicy(place, policy_id));
    return {
      id: policy.id,
      display_name: policy.display_name ?? policy.id,
      description: policy.description ?? '',
      sequence_number: policy.sequence_number ?? null,
      stateful: policy.stateful ?? null,
      path: policy.path,
      _revision: policy._revision ?? null,
    };
  });
