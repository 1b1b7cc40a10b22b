import type { SecurityPolicy } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { evaluationKey } from '../../evaluation.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, nameMatcher, rowsPage } from '../../rows.js';
import { nameFilter, nsxScope } from '../../schema.js';

const policy = z.object({
  id: z.string(),
  display_name: z.string(),
  category: z.string().nullable(),
  sequence_number: z.int().nullable(),
  stateful: z.boolean().nullable(),
  rule_count: z.int().nullable(),
  locked: z.boolean(),
  tcp_strict: z.boolean().nullable(),
  path: z.string(),
});

export const listDfwPolicies = defineTool({
  name: 'list_dfw_policies',
  usage: 'policy list',
  summary: 'List distributed firewall policies in evaluation order, with their number of rules.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { nsx_scope: 'scope' },
  columns: ['id', 'display_name', 'category', 'sequence_number', 'stateful', 'rule_count'],
  examples: ['policy list', 'policy list --name-filter shop', 'policy list --scope project:web'],
  input: z.object({ name_filter: nameFilter, nsx_scope: nsxScope, ...listInput }),
  output: pageOf(policy),
}).run(async ({ name_filter, nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const policies = await nsx.list<SecurityPolicy>(
    targetOf(place, `${place.scope.domain}/security-policies`),
    { query: { include_rule_count: true }, signal: place.signal },
  );
  const matches = nameMatcher(name_filter);
  const found = policies.filter(({ id, display_name }) => matches(display_name ?? id));
  const { items, ...envelope } = rowsPage(found, wanted, evaluationKey);
  return {
    ...envelope,
    items: items.map((one) => ({
      id: one.id,
      display_name: one.display_name ?? one.id,
      category: one.category ?? null,
      sequence_number: one.sequence_number ?? null,
      stateful: one.stateful ?? null,
      rule_count: one.rule_count ?? null,
      locked: one.locked ?? false,
      tcp_strict: one.tcp_strict ?? null,
      path: one.path,
    })),
  };
});
