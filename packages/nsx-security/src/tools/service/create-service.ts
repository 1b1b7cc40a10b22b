import type { Service } from '@vmware/clients/nsx';
import { segment } from '@vmware/clients/nsx';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { creation, existing, placeOf } from '../../objects.js';
import { checkIn, requestOf, sendPlanned } from '../../planned-request.js';
import { description, displayName, nsxScope } from '../../schema.js';
import { entriesOf, entryWord } from '../../service-entries.js';

export const createService = defineTool({
  name: 'create_service',
  usage: 'service create <service_id>',
  summary: 'Create a service of protocols and ports for rules to name; refuses an id that exists.',
  effect: 'write',
  risk: 'low',
  level: 'vm_lifecycle',
  privileges: ['security_engineer'],
  flags: { display_name: 'name', nsx_scope: 'scope' },
  examples: ['service create shop-app --name "Shop app" --entries TCP:8443,TCP:9000-9010'],
  input: z.object({
    service_id: z.string().min(1).max(255).describe('Id of the service.'),
    display_name: displayName.describe('Name people see.'),
    entries: z
      .array(z.string().min(2).max(60))
      .min(1)
      .max(200)
      .describe('TCP:443, UDP:5000-5010, ICMPv4:8, IP:47.'),
    description: description.default('').describe('What it is for.'),
    nsx_scope: nsxScope,
  }),
  output: z.object({
    id: z.string(),
    display_name: z.string(),
    entries: z.array(z.string()),
    path: z.string(),
  }),
})
  .plan(async ({ service_id, display_name, entries, description, nsx_scope }, { nsx }, context) => {
    const place = placeOf(nsx, nsx_scope, context);
    const path = `${place.scope.infra}/services/${segment(service_id)}`;
    const service_entries = entriesOf(entries);
    const there = await existing(place, path);
    const body = {
      resource_type: 'Service',
      display_name,
      ...(description !== '' && { description }),
      service_entries,
    };
    return {
      summary: `Create the service ${display_name} (${service_id})`,
      changes: [`create ${decodeURIComponent(path)}: ${service_entries.map(entryWord).join(', ')}`],
      requests: [requestOf(creation(place, path, body))],
      blast_radius: {
        total: 1,
        objects: [{ type: 'Service', id: service_id, name: display_name }],
        reversible: false,
      },
      blockers: there === undefined ? [] : [there],
      unmeasured: [],
    };
  })
  .run(async ({ nsx_scope }, { nsx }, context) => {
    const made = await sendPlanned<Service>(nsx, context, checkIn(nsx_scope, 'service list'));
    return {
      id: made.id,
      display_name: made.display_name ?? made.id,
      entries: (made.service_entries ?? []).map(entryWord),
      path: made.path,
    };
  });
