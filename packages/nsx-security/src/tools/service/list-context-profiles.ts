import type { ContextProfile } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, namedPage } from '../../rows.js';
import { nameFilter, nsxScope } from '../../schema.js';

export const listContextProfiles = defineTool({
  name: 'list_context_profiles',
  usage: 'profile list',
  summary: 'List layer 7 context profiles with the applications and domains they match.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { nsx_scope: 'scope' },
  columns: ['id', 'display_name', 'attributes'],
  examples: ['profile list --name-filter dns'],
  input: z.object({ name_filter: nameFilter, nsx_scope: nsxScope, ...listInput }),
  output: pageOf(
    z.object({
      id: z.string(),
      display_name: z.string(),
      attributes: z.array(z.string()),
      system_owned: z.boolean(),
      path: z.string(),
    }),
  ),
}).run(async ({ nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const profiles = await nsx.list<ContextProfile>(
    targetOf(place, `${place.scope.infra}/context-profiles`),
    { signal: place.signal },
  );
  const { items, ...envelope } = namedPage(profiles, wanted);
  return {
    ...envelope,
    items: items.map(({ id, display_name, attributes = [], _system_owned, path }) => ({
      id,
      display_name: display_name ?? id,
      attributes: attributes.map(({ key = '', value = [] }) => `${key}: ${value.join(', ')}`),
      system_owned: _system_owned ?? false,
      path,
    })),
  };
});
