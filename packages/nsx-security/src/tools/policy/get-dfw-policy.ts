import { longText } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, readPolicy } from '../../objects.js';
import { nsxScope, policyId, tagList } from '../../schema.js';

export const getDfwPolicy = defineTool({
  name: 'get_dfw_policy',
  usage: 'policy get <policy_id>',
  summary:
    'One distributed firewall policy: category, order, state, lock and what it is applied to.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  format: 'json',
  flags: { nsx_scope: 'scope' },
  examples: ['policy get shop'],
  input: z.object({ policy_id: policyId, nsx_scope: nsxScope }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    description: longText(),
    category: z.string().nullable(),
    sequence_number: z.int().nullable(),
    stateful: z.boolean().nullable(),
    tcp_strict: z.boolean().nullable(),
    locked: z.boolean(),
    locked_by: z.string().nullable(),
    is_default: z.boolean(),
    scope: z.array(z.string()),
    tags: tagList,
    path: z.string(),
    _revision: z.int().nullable(),
  }),
}).run(async ({ policy_id, nsx_scope }, { nsx }, context) => {
  const policy = await readPolicy(placeOf(nsx, nsx_scope, context), policy_id);
  return {
    id: policy.id,
    display_name: policy.display_name ?? policy.id,
    description: policy.description ?? '',
    category: policy.category ?? null,
    sequence_number: policy.sequence_number ?? null,
    stateful: policy.stateful ?? null,
    tcp_strict: policy.tcp_strict ?? null,
    locked: policy.locked ?? false,
    locked_by: policy.locked ? (policy.lock_modified_by ?? null) : null,
    is_default: policy.is_default ?? false,
    scope: [...(policy.scope ?? ['ANY'])],
    tags: (policy.tags ?? []).map(({ scope = '', tag = '' }) => ({ scope, tag })),
    path: policy.path,
    _revision: policy._revision ?? null,
  };
});
