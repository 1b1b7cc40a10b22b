import type { SecurityPolicy } from '@vmware/clients/nsx';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { creation, existing, placeOf, policyPath, quoted } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import {
  category,
  description,
  displayName,
  nsxScope,
  policyId,
  sequenceNumber,
} from '../../schema.js';
import { withoutPolicy } from '../../undo/policies.js';

export const createDfwPolicy = defineTool({
  name: 'create_dfw_policy',
  usage: 'policy create <policy_id>',
  summary: 'Create an empty distributed firewall policy; refuses an id that exists.',
  effect: 'write',
  risk: 'medium',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', sequence_number: 'seq', nsx_scope: 'scope' },
  examples: ['policy create shop --name Shop --category Application --seq 10'],
  input: z.object({
    policy_id: policyId,
    display_name: displayName.describe('Name people see.'),
    category: category.default('Application').describe('Evaluated in this order.'),
    sequence_number: sequenceNumber.default(10).describe('Order within the category.'),
    stateful: z.boolean().default(true).describe('Track connections.'),
    description: description.default('').describe('What it is for.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    category: z.string(),
    sequence_number: z.int(),
    stateful: z.boolean(),
    path: z.string(),
    _revision: z.int().nullable(),
  }),
})
  .plan(async ({ policy_id, nsx_scope, description, ...fields }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const path = policyPath(place, policy_id);
    const there = await existing(place, path);
    const body = {
      resource_type: 'SecurityPolicy',
      ...fields,
      ...(description !== '' && { description }),
    };
    return {
      summary: `Create the policy ${fields.display_name} (${policy_id}) in ${fields.category}`,
      changes: [`create ${decodeURIComponent(path)}, without rules`],
      requests: [requestOf(creation(place, path, body))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'SecurityPolicy', id: policy_id, name: fields.display_name }],
        reversible: true,
      },
      blockers: there === undefined ? [] : [there],
      unmeasured: [],
      undo: withoutPolicy(policy_id, nsx_scope),
    };
  })
  .run(async ({ policy_id, nsx_scope }, { nsx }, context) => {
    const check = checkIn(nsx_scope, `policy get ${quoted(policy_id)}`);
    const made = await sendPlanned<SecurityPolicy>(nsx, context, check);
    return {
      id: made.id,
      display_name: made.display_name ?? made.id,
      category: made.category ?? '',
      sequence_number: made.sequence_number ?? 0,
      stateful: made.stateful ?? true,
      path: made.path,
      _revision: made._revision ?? null,
    };
  });
