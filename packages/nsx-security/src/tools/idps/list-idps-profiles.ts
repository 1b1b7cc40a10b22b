import type { PolicyObject } from '@vmware/clients/nsx';
import { longText, pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { intrusionServices } from '../../intrusion-services.js';
import { listInput, namedPage } from '../../rows.js';
import { nameFilter } from '../../schema.js';

interface IdsProfile extends PolicyObject {
  readonly profile_severity?: readonly string[];
  readonly criteria?: readonly {
    readonly resource_type?: string;
    readonly filter_name?: string;
    readonly filter_value?: readonly string[];
  }[];
  readonly overridden_signatures?: readonly unknown[];
}

export const listIdpsProfiles = defineTool({
  name: 'list_idps_profiles',
  usage: 'idps profiles',
  summary: 'List IDS/IPS profiles: severities, criteria and number of overridden signatures.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  columns: ['id', 'display_name', 'profile_severity', 'overridden_signature_count'],
  examples: ['idps profiles'],
  input: z.object({ name_filter: nameFilter, ...listInput }),
  output: pageOf(
    z.object({
      id: z.string(),
      display_name: z.string(),
      description: longText(),
      profile_severity: z.string(),
      criteria: z.array(z.object({ filter_name: z.string(), filter_value: z.array(z.string()) })),
      overridden_signature_count: z.int(),
      path: z.string(),
    }),
  ),
}).run(async (wanted, { nsx }, { signal }) => {
  const profiles = await nsx.list<IdsProfile>(`${intrusionServices}/profiles`, { signal });
  const { items, ...envelope } = namedPage(profiles, wanted);
  return {
    ...envelope,
    items: items.map((profile) => ({
      id: profile.id,
      display_name: profile.display_name ?? profile.id,
      description: profile.description ?? '',
      profile_severity: (profile.profile_severity ?? []).join(', '),
      // Between two criteria stands an IdsProfileConjunctionOperator, which has no filter.
      criteria: (profile.criteria ?? []).flatMap(({ filter_name, filter_value = [] }) =>
        filter_name === undefined ? [] : [{ filter_name, filter_value: [...filter_value] }],
      ),
      overridden_signature_count: profile.overridden_signatures?.length ?? 0,
      path: profile.path,
    })),
  };
});
