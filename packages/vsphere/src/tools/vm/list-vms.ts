import { properties, type Ref, type Row, retrieve, type Vim } from '@vmware/clients/vim';
import { glob, page, pageInput, pageOf, Refusal } from '@vmware/policy';
import * as z from 'zod';
import { defineTool } from '../../define.js';
import { findByPath, findCluster } from '../../places.js';
import { powerState, tagName } from '../../schema.js';
import { taggedVms } from '../../tags.js';
import { defaultFields, fieldNames, type VmField, vmFields, vmRow } from '../../vm-fields.js';
import { readPlaces } from '../../vm-places.js';

export const listVms = defineTool({
  name: 'list_vms',
  usage: 'vm list',
  summary: 'List VMs sorted by name; use get_vm_info for one VM in detail.',
  effect: 'read',
  risk: 'low',
  level: 'read_only',
  privileges: ['System.Read'],
  timeout: 300_000,
  columns: defaultFields,
  examples: [
    'vm list',
    "vm list --filter 'web-*' --power-state poweredOn",
    'vm list --tag tier/gold',
    'vm list --fields name,ip_address,host,path -o csv',
  ],
  input: z.object({
    filter: z.string().max(200).optional().describe('Name glob, such as web-*.'),
    power_state: powerState.optional().describe('Only this state.'),
    folder: z
      .string()
      .max(500)
      .optional()
      .describe('Inventory path of a folder; its subfolders too.'),
    cluster: z.string().max(200).optional().describe('Cluster name or moid.'),
    tag: tagName.optional(),
    fields: z
      .array(z.enum(fieldNames))
      .min(1)
      .optional()
      .describe('Columns instead of the default six.'),
    ...pageInput,
  }),
  output: pageOf(vmRow),
}).run(
  async (
    { filter, power_state, folder, cluster, tag, fields, limit, cursor },
    { vim, rest },
    { signal },
  ) => {
    const wanted = fields ?? defaultFields;
    const hosts = cluster === undefined ? undefined : await hostsOf(vim, cluster, signal);
    const root = folder === undefined ? undefined : await folderAt(vim, folder, signal);
    const tagged = tag === undefined ? undefined : await taggedVms(rest, tag, signal);
    const places = await readPlaces(vim, needsOf(wanted), signal);
    const paths = new Set(['name', ...wanted.flatMap((field) => vmFields[field].paths)]);
    if (power_state) paths.add('runtime.powerState');
    if (hosts) paths.add('runtime.host');
    const isWanted = rowFilter({ filter, power_state, hosts, tagged });
    const columns = wanted.map((field) => [field, vmFields[field].value] as const);
    const found: { key: string; item: Record<string, unknown> }[] = [];
    const walk = { type: 'VirtualMachine', paths: [...paths], root, signal };
    for await (const row of retrieve(vim, walk)) {
      if (!isWanted(row)) continue;
      const item: Record<string, unknown> = {};
      for (const [field, value] of columns) item[field] = value(row, places);
      found.push({ key: `${row.props['name'] ?? ''}\u0000${row.ref.value}`, item });
    }
    found.sort((a, b) => (a.key < b.key ? -1 : 1));
    const { items, ...envelope } = page(found, { limit, cursor }, ({ key }) => key);
    return { items: items.map(({ item }) => item), ...envelope };
  },
);

interface Wanted {
  readonly filter: string | undefined;
  readonly power_state: string | undefined;
  readonly hosts: ReadonlySet<string> | undefined;
  readonly tagged: ReadonlySet<string> | undefined;
}

/** Whether a row passes every filter that was given. Names are matched ignoring case, as vCenter's own search does. */
function rowFilter({ filter, power_state, hosts, tagged }: Wanted): (row: Row) => boolean {
  const matches = filter === undefined ? undefined : glob(filter.toLowerCase());
  return ({ ref, props }) =>
    (!tagged || tagged.has(ref.value)) &&
    (!matches ||
      matches(
        String(props['name'] ?? '')
          .normalize('NFC')
          .toLowerCase(),
      )) &&
    (!power_state || props['runtime.powerState'] === power_state) &&
    (!hosts || hosts.has((props['runtime.host'] as Ref | undefined)?.value ?? ''));
}

const needsOf = (fields: readonly VmField[]): Set<'hosts' | 'folders'> =>
  new Set(
    fields.flatMap((field) => {
      const spec = vmFields[field];
      return 'needs' in spec ? [spec.needs] : [];
    }),
  );

async function hostsOf(vim: Vim, cluster: string, signal: AbortSignal): Promise<Set<string>> {
  const ref = await findCluster(vim, cluster, signal);
  const { props } = await properties(vim, ref, ['host'], { signal });
  return new Set(((props['host'] ?? []) as Ref[]).map(({ value }) => value));
}

async function folderAt(vim: Vim, path: string, signal: AbortSignal): Promise<Ref> {
  const ref = await findByPath(vim, path, signal);
  if (ref?.type === 'Folder' || ref?.type === 'Datacenter') return ref;
  throw new Refusal(
    'NOT_FOUND',
    ref ? `${path} is a ${ref.type}, not a folder.` : `There is no folder at ${path}.`,
    'Run `vmware-vsphere vm list --fields name,path` to see the folders that hold VMs.',
  );
}
