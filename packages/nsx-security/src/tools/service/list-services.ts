import type { Service } from '@vmware/clients/nsx';
import { pageOf } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { placeOf, targetOf } from '../../objects.js';
import { listInput, namedPage } from '../../rows.js';
import { nameFilter, nsxScope } from '../../schema.js';
import { entryWord } from '../../service-entries.js';

export const listServices = defineTool({
  name: 'list_services',
  usage: 'service list',
  summary: 'List services that rules can name, with their protocols and ports.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['auditor'],
  flags: { nsx_scope: 'scope' },
  columns: ['id', 'display_name', 'entries', 'is_default'],
  examples: ['service list --name-filter sql', 'service list --port 8443'],
  input: z.object({
    name_filter: nameFilter,
    port: z.int().min(0).max(65_535).optional().describe('Only those with this destination port.'),
    nsx_scope: nsxScope,
    ...listInput,
  }),
  output: pageOf(
    z.object({
      id: z.string(),
      display_name: z.string(),
      entries: z.array(z.string()),
      is_default: z.boolean(),
      path: z.string(),
    }),
  ),
}).run(async ({ port, nsx_scope, ...wanted }, { nsx }, context) => {
  const place = placeOf(nsx, nsx_scope, context);
  const services = await nsx.list<Service>(targetOf(place, `${place.scope.infra}/services`), {
    signal: place.signal,
  });
  const byPath = new Map(services.map((service) => [service.path, service]));
  const found =
    port === undefined ? services : services.filter((service) => hasPort(service, port, byPath));
  const { items, ...envelope } = namedPage(found, wanted);
  return {
    ...envelope,
    items: items.map(({ id, display_name, service_entries = [], is_default, path }) => ({
      id,
      display_name: display_name ?? id,
      entries: service_entries.map(entryWord),
      is_default: is_default ?? false,
      path,
    })),
  };
});

/** A port that one of its elements names, or one of a service in it. */
function hasPort(
  { service_entries = [], path }: Service,
  port: number,
  byPath: ReadonlyMap<string, Service>,
  within: readonly string[] = [],
): boolean {
  return service_entries.some(({ destination_ports, nested_service_path }) => {
    const nested = byPath.get(String(nested_service_path));
    if (nested && !within.includes(nested.path))
      return hasPort(nested, port, byPath, [...within, path]);
    return (Array.isArray(destination_ports) ? destination_ports : []).some((word: unknown) => {
      const [first = '', last = first] = String(word).split('-');
      return port >= Number(first) && port <= Number(last);
    });
  });
}
